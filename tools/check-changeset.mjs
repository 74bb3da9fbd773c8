// How versions move: in a trial copy, a minor change of core must take every package to the same next minor. Left to
// its defaults, changesets turns a minor of a peer dependency into a major of everything that asks for it.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { report, root, workspaces } from './workspace.mjs';

const trial = mkdtempSync(path.join(tmpdir(), 'recurra-changeset-'));
try {
  for (const file of ['package.json', 'pnpm-workspace.yaml', 'pnpm-lock.yaml', '.changeset/config.json'])
    cpSync(root + file, path.join(trial, file));
  for (const { dir } of workspaces()) {
    mkdirSync(path.join(trial, dir), { recursive: true });
    cpSync(`${root}${dir}/package.json`, path.join(trial, dir, 'package.json'));
  }
  symlinkSync(`${root}node_modules`, path.join(trial, 'node_modules'), 'junction');
  writeFileSync(path.join(trial, '.changeset/trial.md'), `---\n'@recurra/core': minor\n---\n\nA trial.\n`);

  const before = workspaces(`${trial}/`).filter(({ published }) => published);
  const run = spawnSync(process.execPath, [`${root}node_modules/@changesets/cli/bin.js`, 'version'], {
    cwd: trial,
    encoding: 'utf8',
  });
  /** @type {string[]} */
  const problems = run.status === 0 ? [] : [`changeset version failed:\n${run.stdout}${run.stderr}`];
  const [major = 0, minor = 0] = (before.find(({ name }) => name === 'core')?.json.version ?? '')
    .split('.')
    .map(Number);
  const next = `${major}.${minor + 1}.0`;
  const after = workspaces(`${trial}/`).filter(({ published }) => published);
  for (const { json } of after) {
    if (json.version !== next) problems.push(`${json.name} goes to ${json.version}, not to ${next}`);
    const range = json.peerDependencies?.['@recurra/core'];
    const range0 = before.find((one) => one.json.name === json.name)?.json.peerDependencies?.['@recurra/core'];
    if (range !== range0) problems.push(`${json.name}: its peer range of core changes from ${range0} to ${range}`);
  }
  report(`a minor of core takes all ${after.length} packages to ${next}`, problems);
} finally {
  rmSync(trial, { recursive: true, force: true });
}
