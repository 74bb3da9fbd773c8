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

/** What somebody types whose project is strict, checks libraries too, and knows nothing of `using`. */
const typed = `
import { cpu } from '@recurra/backend-cpu';
import { lstmCell, rnn, type LSTMParams } from '@recurra/cells';
import { mul, ones, sigmoid, square, sum, tensor, useBackend, valueAndGrad, zeros } from '@recurra/core';
await useBackend(cpu());
const cell = lstmCell({ units: 3, activation: (x) => mul(x, sigmoid(x)) });
const params = { kernel: tensor([1, 2], [2, 12]), recurrentKernel: zeros([3, 12]), bias: zeros([12]) };
const initialState = { h: ones([1, 3]), c: ones([1, 3]) };
const c: Float32Array = await rnn(cell, params, ones([1, 2, 2]), { initialState }).state.c.data();
const step = valueAndGrad((p: LSTMParams) => sum(square(rnn(cell, p, ones([1, 2, 2])).outputs)));
console.log(c, step(cell.init(2))[1].kernel);
// @ts-expect-error an LSTM has a c too
rnn(cell, params, ones([1, 2, 2]), { initialState: { h: ones([1, 3]) } });
`;

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
    writeFileSync(path.join(project, 'typed.mts'), typed);
    const strict = ['--noEmit', '--strict', '--target', 'es2022', '--module', 'nodenext', '--lib', 'es2022,dom'];
    const tsc = spawnSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, ...strict, 'typed.mts'], {
      cwd: project,
      encoding: 'utf8',
    });
    if (tsc.status !== 0) problems.push(`a strict TypeScript project does not compile:\n${tsc.stdout}`);
    report('core, cells and backend-cpu install alone, and the README example of cells runs', problems);
  });
