// Runs the pnpm version named in package.json, borrowing it from the npm registry when it is not here.
//   node tools/pnpm.mjs install --frozen-lockfile
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { isScript, root } from './workspace.mjs';

/** @type {{ packageManager: string }} */
const { packageManager } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

/**
 * Runs npm, whichever way it can be found.
 * @param {string[]} args
 * @param {import('node:child_process').SpawnSyncOptions} [options]
 */
export function npm(args, options = {}) {
  // Under `npm run`, npm_execpath is npm's own script: calling it with node needs no shell on any system.
  const script = process.env.npm_execpath?.endsWith('npm-cli.js') ? process.env.npm_execpath : undefined;
  const run = spawnSync(script ? process.execPath : 'npm', script ? [script, ...args] : args, {
    cwd: root,
    stdio: 'inherit',
    shell: !script && process.platform === 'win32',
    ...options,
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', ...options.env },
  });
  if (run.error) throw run.error;
  return run;
}

/**
 * Runs pnpm in the repository root with these arguments.
 * @param {string[]} args
 * @param {import('node:child_process').SpawnSyncOptions} [options]
 * @returns {number} the exit status
 */
export function pnpm(args, options) {
  // --prefer-offline: without it npm asks the registry every time, and waits minutes when there is none.
  const borrow = ['exec', '--yes', '--prefer-offline', '--loglevel=error', `--package=${packageManager}`, '--', 'pnpm'];
  return npm([...borrow, ...args], options).status ?? 1;
}

if (isScript(import.meta.url)) process.exit(pnpm(process.argv.slice(2)));
