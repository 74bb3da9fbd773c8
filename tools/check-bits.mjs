// The same bits on every runtime: the computations of tools/bits under several versions of Node, against the checksums
// that are kept. `node tools/check-bits.mjs --update` renews these, when a computation was changed on purpose; `--many`
// runs 10,000 random configurations of tools/bits/many.ts instead, and compares the versions with one another.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { isScript, root } from './workspace.mjs';

const majors = [20, 22, 24];
const cache = join(root, 'node_modules/.cache/bits');
const kept = join(root, 'tools/bits/checksums.txt');

/**
 * The ids whose checksums differ, are missing, or are not known.
 * @param {Map<string, string>} expected
 * @param {Map<string, string>} actual
 * @returns {string[]}
 */
export function differences(expected, actual) {
  const ids = new Set([...expected.keys(), ...actual.keys()]);
  return [...ids].filter((id) => expected.get(id) !== actual.get(id));
}

/** @param {string} text lines of an id and its checksum */
export function parse(text) {
  const lines = text.split('\n').filter((line) => line !== '');
  return new Map(lines.map((line) => /** @type {[string, string]} */ (line.split(' '))));
}

/**
 * The binary of a version of Node: this one, or that of npm's package for this platform. `node` itself fetches that
 * package in an install script, which is not needed here and may be forbidden.
 * @param {number} major
 */
function nodeOf(major) {
  if (Number(process.versions.node.split('.')[0]) === major) return process.execPath;
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${platform}-${process.arch}`;
  const folder = join(cache, String(major));
  const binary = join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(binary)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
    const npm = [
      'install',
      `${name}@${major}`,
      '--prefix',
      folder,
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ];
    const done = spawnSync('npm', npm, { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32' });
    if (done.status !== 0 || !existsSync(binary)) {
      throw new Error(`Node ${major} could not be downloaded (npm ${npm.slice(0, 2).join(' ')})\n${done.stderr}`);
    }
  }
  return binary;
}

/**
 * A program of tools/bits as one file that any Node can run.
 * @param {string} name
 */
async function bundled(name) {
  mkdirSync(cache, { recursive: true });
  const program = join(cache, `${name}.mjs`);
  await build({
    entryPoints: [join(root, `tools/bits/${name}.ts`)],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@recurra/source'],
    logLevel: 'warning',
  });
  return program;
}

/** @param {string} node */
const versionOf = (node) => execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();

/** Random configurations: the same checksums everywhere. */
async function many() {
  const program = await bundled('many');
  const count = 10_000;
  /** @type {Map<string, string> | undefined} */
  let first;
  let wrong = 0;
  for (const major of majors) {
    const node = nodeOf(major);
    const began = performance.now();
    const found = parse(execFileSync(node, [program, String(count)], { encoding: 'utf8', maxBuffer: 1 << 24 }));
    first ??= found;
    const different = differences(first, found);
    // A hundred configurations each; all alike would mean that nothing was computed.
    if (found.size !== count / 100 || new Set(found.values()).size !== found.size) wrong++;
    wrong += different.length;
    const time = `${((performance.now() - began) / 1000).toFixed(0)} s`;
    const equal = `${found.size - different.length} of ${found.size} checksums equal`;
    console.log(`${versionOf(node).padEnd(10)} ${count} random configurations, ${equal}, ${time}`);
    for (const id of different) console.error(`  differs: ${id}`);
  }
  process.exitCode = wrong > 0 ? 1 : 0;
}

async function main() {
  if (process.argv.includes('--many')) return many();
  const program = await bundled('main');
  /** @param {string} node */
  const run = (node) => execFileSync(node, [program], { encoding: 'utf8', maxBuffer: 1 << 24 });
  if (process.argv.includes('--update')) writeFileSync(kept, run(process.execPath));

  const expected = parse(readFileSync(kept, 'utf8'));
  let wrong = expected.size === 0 ? 1 : 0;
  for (const major of majors) {
    const node = nodeOf(major);
    const different = differences(expected, parse(run(node)));
    wrong += different.length;
    console.log(
      `${versionOf(node).padEnd(10)} ${expected.size - different.length} of ${expected.size} checksums equal`,
    );
    for (const id of different) console.error(`  differs: ${id}`);
  }
  process.exitCode = wrong > 0 ? 1 : 0;
}

if (isScript(import.meta.url)) {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
