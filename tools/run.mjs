// Runs a TypeScript program from the packages' sources: node tools/run.mjs examples/lstm.ts
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { isScript, root } from './workspace.mjs';

/**
 * Bundles the program and runs it in a Node of its own.
 * @param {string} entry its path from the root
 * @param {string[]} args
 * @param {import('node:child_process').SpawnSyncOptions} options
 */
export async function run(entry, args = [], options = { stdio: 'inherit' }) {
  // In the node_modules nearest to the program: its packages are found from there, and git does not see it.
  const folder = mkdtempSync(join(nearestModules(entry), '.run-'));
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
      external: ['@tensorflow/*', 'asciichart', 'cli-progress', 'cmu-pronouncing-dictionary', 'numpy-ts', 'picocolors'],
      logLevel: 'warning',
    });
    return spawnSync(process.execPath, [out, ...args], { cwd: root, encoding: 'utf8', ...options });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} entry */
function nearestModules(entry) {
  let folder = dirname(root + entry);
  while (folder.length > root.length && !existsSync(join(folder, 'node_modules'))) folder = dirname(folder);
  return join(folder, 'node_modules');
}

if (isScript(import.meta.url)) {
  // Ctrl-C is for the program, which may have something to save; this process ends after it.
  process.on('SIGINT', () => undefined);
  const [entry, ...args] = process.argv.slice(2);
  if (entry === undefined) throw new Error('node tools/run.mjs FILE.ts');
  process.exitCode = (await run(entry, args)).status ?? 1;
}
