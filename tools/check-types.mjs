// The types as users get them: the programs of tools/types compile against the packed packages and nothing else, in
// both ways to find modules; everything exported is described; hovers and errors are those of tools/types/editor.md.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { packed } from './pack.mjs';
import { diagnose, service, settings } from './types/diagnose.mjs';
import { undocumented } from './types/documented.mjs';
import { filled } from './types/editor.mjs';
import { report, root, workspaces } from './workspace.mjs';

const update = process.argv.includes('--update');
const published = workspaces().filter((workspace) => workspace.published);

await packed((tarballs, temporary) => {
  // TypeScript writes paths with / everywhere, and compares them.
  const folder = `${realpathSync(temporary).replaceAll('\\', '/')}/project`;
  mkdirSync(`${folder}/node_modules`, { recursive: true });
  writeFileSync(`${folder}/package.json`, '{ "private": true, "type": "module" }\n');
  for (const [name, tarball] of tarballs) {
    const target = `project/node_modules/${name}`;
    mkdirSync(`${temporary}/${target}`, { recursive: true });
    // Relative paths: some tars take C: for a machine.
    const from = path.relative(temporary, tarball).replaceAll('\\', '/');
    const tar = spawnSync('tar', ['-xzf', from, '-C', target, '--strip-components=1'], { cwd: temporary });
    if (tar.status !== 0) return report('', [`tar cannot unpack ${tarball}: ${tar.error ?? tar.stderr}`]);
  }
  // Packages of others that our declarations name.
  symlinkSync(
    `${root}packages/backend-tfjs/node_modules/@tensorflow`,
    `${folder}/node_modules/@tensorflow`,
    'junction',
  );
  symlinkSync(`${root}node_modules/vitest`, `${folder}/node_modules/vitest`, 'junction');

  const files = readdirSync(`${root}tools/types`)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => {
      copyFileSync(`${root}tools/types/${name}`, `${folder}/${name}`);
      return `${folder}/${name}`;
    });
  /** @type {string[]} */
  const problems = [];
  for (const { title, options } of settings) {
    const began = Date.now();
    const found = diagnose(folder, files, options);
    problems.push(...found.map((problem) => `${title}: ${problem}`));
    console.log(
      `  ${title}: ${files.length} programs, ${found.length} problems, ${((Date.now() - began) / 1000).toFixed(1)} s`,
    );
  }

  const { options } = /** @type {import('./types/diagnose.mjs').Setting} */ (settings[0]);
  const entries = new Map(
    published.flatMap(({ json }) =>
      Object.entries(json.exports ?? {}).flatMap(([entry, target]) =>
        typeof target === 'string'
          ? []
          : [[`${folder}/node_modules/${json.name}/${String(target.types).slice(2)}`, json.name + entry.slice(1)]],
      ),
    ),
  );
  const program = service(folder, [...entries.keys()], options).getProgram();
  if (program === undefined) throw new Error('TypeScript made no program');
  const described = undocumented(program, entries);
  problems.push(...described.problems);
  console.log(`  ${described.count} exports, ${described.problems.length} without a description`);

  const place = `${root}tools/types/editor.md`;
  const page = readFileSync(place, 'utf8').replaceAll('\r\n', '\n');
  const seen = filled(folder, page, options);
  problems.push(...seen.problems);
  if (update) writeFileSync(place, seen.page);
  else if (seen.page !== page) problems.push(...differences(page, seen.page));
  console.log(`  editor.md: ${seen.count} hovers and errors`);
  report(`types: ${files.length} programs in ${settings.length} settings, ${described.count} descriptions`, problems);
});

/** @param {string} page @param {string} now */
function differences(page, now) {
  const there = page.split('\n');
  const lines = now.split('\n').filter((line) => !there.includes(line));
  return [
    `tools/types/editor.md is not what TypeScript says now (npm run check:types -- --update):\n${lines.join('\n')}`,
  ];
}
