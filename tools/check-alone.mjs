// Every module can be imported first and alone: each one is loaded in a fresh worker, so that an order of imports
// that only works by luck (a constant read before its module ran) shows itself. Nor may it leave a global behind.
import { build } from 'esbuild';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { report, root, sourceFiles, workspaces } from './workspace.mjs';

// vitest refuses to be imported outside its runner.
const skipped = new Set(['packages/conformance-tests/src/vitest.ts', 'packages/conformance-tests/src/cli/main.ts']);

const packages = workspaces().filter(({ published }) => published);
const files = packages.flatMap(({ dir }) => sourceFiles(`${dir}/src`));
const out = mkdtempSync(path.join(tmpdir(), 'recurra-alone-'));
/** @param {string} file */
const compiled = (file) => pathToFileURL(path.join(out, file.replace(/\.ts$/, '.js'))).href;

/** The compiled file that `@recurra/name/entry` stands for. @param {string} specifier */
function entry(specifier) {
  const [scope, name, ...rest] = specifier.split('/');
  const target = packages.find(({ json }) => json.name === `${scope}/${name}`);
  const conditions = target?.json.exports?.[['.', ...rest].join('/')];
  if (!target || typeof conditions !== 'object') throw new Error(`no public entry ${specifier}`);
  return compiled(path.posix.join(target.dir, String(conditions['@recurra/source'])));
}

// What the worker runs.
const script = `
  const { workerData } = require('node:worker_threads');
  const before = new Set(Reflect.ownKeys(globalThis));
  import(workerData.address).then(() => {
    const left = Reflect.ownKeys(globalThis).filter((key) => !before.has(key));
    if (left.length > 0 && !workerData.foreign) throw new Error('leaves a global behind: ' + left.map(String).join(', '));
  });
`;

/**
 * Loads one module in a worker of its own.
 * @param {string} file
 * @returns {Promise<string | undefined>} what went wrong
 */
function load(file) {
  // Libraries of others may leave globals; what comes from them cannot be told apart.
  const json = packages.find(({ dir }) => file.startsWith(`${dir}/`))?.json;
  const foreign = Object.keys({ ...json?.dependencies, ...json?.peerDependencies }).some(
    (name) => !name.startsWith('@recurra/'),
  );
  return new Promise((resolve) => {
    const worker = new Worker(script, { eval: true, workerData: { address: compiled(file), foreign }, stdout: true });
    worker.once('error', (error) => resolve(`${file}: ${String(error)}`));
    worker.once('exit', (code) => resolve(code === 0 ? undefined : `${file}: ended with ${code}`));
  });
}

try {
  // One output for one source, imports left as they are: bundling would change the order this check is about.
  await build({
    entryPoints: files,
    absWorkingDir: root,
    outdir: out,
    outbase: '.',
    bundle: true,
    platform: 'neutral',
    format: 'esm',
    target: 'es2022',
    logLevel: 'error',
    plugins: [
      {
        name: 'leave imports alone',
        setup({ onResolve }) {
          onResolve({ filter: /.*/ }, ({ kind, path: specifier, resolveDir }) => {
            if (kind === 'entry-point' || specifier.endsWith('.json')) return undefined;
            if (specifier.startsWith('.') || specifier.startsWith('node:')) return { path: specifier, external: true };
            if (specifier.startsWith('@recurra/')) return { path: entry(specifier), external: true };
            const real = createRequire(path.join(resolveDir, 'here.js')).resolve(specifier);
            return { path: pathToFileURL(real).href, external: true };
          });
        },
      },
    ],
  });
  const queue = files.filter((file) => !skipped.has(file));
  const loaded = queue.length;
  /** @type {string[]} */
  const problems = loaded === 0 ? ['no source was found: the check looked at nothing'] : [];
  await Promise.all(
    Array.from({ length: availableParallelism() }, async () => {
      for (let file = queue.shift(); file; file = queue.shift()) {
        const problem = await load(file);
        if (problem) problems.push(problem);
      }
    }),
  );
  report(`${loaded} modules can each be imported first and alone`, problems.toSorted());
} finally {
  rmSync(out, { recursive: true, force: true });
}
