// Runs a TypeScript program from the packages' sources: node tools/run.mjs examples/lstm.ts
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { isScript, root } from './workspace.mjs';

/**
 * Bundles the program and runs it in a Node of its own.
 * @param {string} entry its path from the root
 * @param {string[]} args
 * @param {import('node:child_process').SpawnSyncOptions} options
 */
export async function run(entry, args = [], options = { stdio: 'inherit' }) {
  // Inside node_modules, so that packages are found from there and git does not see it.
  const folder = mkdtempSync(join(root, 'node_modules', '.run-'));
  try {
    const out = join(folder, 'program.mjs');
    await build({
      entryPoints: [root + entry],
      outfile: out,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      conditions: ['@recurra/source'],
      external: ['@tensorflow/*'],
      logLevel: 'warning',
    });
    return spawnSync(process.execPath, [out, ...args], { cwd: root, encoding: 'utf8', ...options });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (isScript(import.meta.url)) {
  const [entry, ...args] = process.argv.slice(2);
  if (entry === undefined) throw new Error('node tools/run.mjs FILE.ts');
  process.exitCode = (await run(entry, args)).status ?? 1;
}
