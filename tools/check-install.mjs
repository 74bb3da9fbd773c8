// What a newcomer does: installs core, cells and backend-cpu into an empty project with npm, and runs the first
// example of the cells README there with plain Node. Nothing else may come along with the three.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { npm } from './pnpm.mjs';
import { packed } from './pack.mjs';
import { report, root } from './workspace.mjs';

const wanted = ['@recurra/backend-cpu', '@recurra/cells', '@recurra/core'];

/**
 * The first ```js block of a page, and what the page says it prints: the ```text block that follows, if any.
 * @param {string} markdown
 */
function firstExample(markdown) {
  const [, code, rest = ''] = /^```js\s*\n(.*?)^```\s*$(.*)/ms.exec(markdown) ?? [];
  const [, language, output] = /^```(\w*)\s*\n(.*?)^```\s*$/ms.exec(rest) ?? [];
  return { code, output: language === 'text' ? output : undefined };
}

/** The names under node_modules, scopes opened. @param {string} folder */
function installed(folder) {
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) =>
      name.startsWith('@') ? readdirSync(path.join(folder, name)).map((inner) => `${name}/${inner}`) : [name],
    )
    .toSorted();
}

const readme = `${root}packages/cells/README.md`;
const { code, output } = existsSync(readme) ? firstExample(readFileSync(readme, 'utf8')) : {};
if (!code) report('', ['packages/cells/README.md has no ```js example']);
else
  await packed((tarballs, folder) => {
    /** @type {string[]} */
    const problems = [];
    const project = path.join(folder, 'project');
    mkdirSync(project);
    writeFileSync(path.join(project, 'package.json'), '{ "private": true, "type": "module" }\n');
    const install = npm(
      ['install', '--no-audit', '--no-fund', '--loglevel=error', ...wanted.map((name) => String(tarballs.get(name)))],
      {
        cwd: project,
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    );
    if (install.status !== 0) return report('', ['npm install failed']);
    const found = installed(path.join(project, 'node_modules'));
    if (found.join() !== wanted.join())
      problems.push(`node_modules holds ${found.join(', ')}; expected ${wanted.join(', ')} alone`);

    writeFileSync(path.join(project, 'example.js'), code);
    const run = spawnSync(process.execPath, ['example.js'], { cwd: project, encoding: 'utf8' });
    if (run.status !== 0) problems.push(`the example of packages/cells/README.md fails:\n${run.stderr}`);
    else if (output !== undefined && run.stdout.trim() !== output.trim())
      problems.push(`the example of packages/cells/README.md prints\n${run.stdout}\nand the page says\n${output}`);
    report('core, cells and backend-cpu install alone, and the README example of cells runs', problems);
  });
