// What authors of backends do: install the suite from its tarball and run it on a backend of their own, by the command,
// with Node's test runner and with Vitest.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { install } from './project.mjs';

/** A backend that keeps every promise, and one that breaks one. */
const files = {
  'backend.js': `import { cpu } from '@recurra/backend-cpu';
export const mine = () => cpu();
export const broken = () => {
  const good = cpu();
  return Object.assign(Object.create(good), { unary: (op, x, out) => good.unary(op === 'floor' ? 'sign' : op, x, out) });
};
`,
  'own.test.js': `import { describeBackend } from '@recurra/conformance-tests/node';
import * as backends from './backend.js';
describeBackend('mine', backends[process.env.BACKEND], { only: ['kernels', 'cells/lstm'] });
`,
  'own.spec.js': `import { describeBackend } from '@recurra/conformance-tests/vitest';
import * as backends from './backend.js';
describeBackend('mine', backends[process.env.BACKEND], { only: ['kernels', 'cells/lstm'] });
`,
};

/**
 * @param {string} project the folder to do it in
 * @param {'npm' | 'pnpm'} installer
 * @param {Map<string, string>} tarballs
 * @param {string} vitest its version
 * @returns {string[]} problems
 */
export function useTheSuite(project, installer, tarballs, vitest) {
  const ours = ['core', 'cells', 'attention', 'train', 'backend-cpu', 'conformance-tests'];
  const names = ours.map((name) => `@recurra/${name}`);
  const failed = install(project, installer, { vitest }, names, tarballs);
  if (failed !== undefined) return [failed];
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(project, name), text);

  const bin = path.join('node_modules', '.bin');
  const command = path.join(bin, 'recurra-conformance');
  const json = path.join(project, 'report.json');
  /** @type {[way: string, run: (backend: string) => string[]][]} */
  const ways = [
    ['the command', (name) => [command, 'backend.js', '--export', name, '--json', 'report.json']],
    ['node --test', () => [process.execPath, '--test', 'own.test.js']],
    ['vitest', () => [path.join(bin, 'vitest'), 'run', 'own.spec.js']],
  ];
  const problems = ways.flatMap(([way, run]) => {
    /** @param {string} backend */
    const go = (backend) => {
      const [program, ...args] = run(backend);
      const env = { ...process.env, BACKEND: backend };
      return spawnSync(String(program), args, {
        cwd: project,
        encoding: 'utf8',
        env,
        shell: process.platform === 'win32',
      });
    };
    const [good, broken] = [go('mine'), go('broken')];
    const found = [];
    if (good.status !== 0) found.push(`${way} fails on a good backend:\n${good.stdout}\n${good.stderr}`);
    if (broken.status !== 1) found.push(`${way} ends with ${broken.status} on a backend whose floor is wrong`);
    else if (!`${broken.stdout}${broken.stderr}`.includes('kernels/unary/floor'))
      found.push(`${way} does not name kernels/unary/floor, which is wrong`);
    return found;
  });
  if (!existsSync(json)) return [...problems, 'the command wrote no report'];
  /** @type {{ results: { id: string, status: string }[] }} */
  const { results } = JSON.parse(readFileSync(json, 'utf8'));
  if (results.length < 400) problems.push(`the report holds ${results.length} cases only`);
  return problems;
}
