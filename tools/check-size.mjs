// What an import costs a page: bundles each fixture of tools/size-limits.json as an application would (tree-shaken,
// minified) and compares its gzip bytes with the ceiling written there.
import { build } from 'esbuild';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { report, root } from './workspace.mjs';

/**
 * `beside` is a package that the page has anyway: its bytes do not count.
 * @typedef {{ limit: number } & ({ code: string, beside?: string } | { unused: string })} Fixture
 */

/**
 * A package imported for nothing must vanish (20 bytes is nothing, in gzip). Its promise `sideEffects: false` would hide
 * a file that does something when it is imported, so this takes the promise away from the package's own files: each
 * statement has to be seen to do nothing. esbuild does not see it of a class with static fields or computed names.
 * @param {string} name '@recurra/core'
 * @returns {import('esbuild').Plugin}
 */
const distrust = (name) => ({
  name: 'distrust sideEffects',
  setup({ onResolve, resolve }) {
    const own = path.join(root, 'packages', String(name.split('/')[1]), path.sep);
    onResolve({ filter: /.*/ }, async ({ path: specifier, kind, importer, resolveDir, pluginData }) => {
      if (pluginData === distrust || kind === 'entry-point') return undefined;
      const found = await resolve(specifier, { kind, importer, resolveDir, pluginData: distrust });
      const { path: file, external, namespace, errors } = found;
      return { path: file, external, namespace, errors, sideEffects: found.sideEffects || file.startsWith(own) };
    });
  },
});

/** @param {Fixture} fixture @returns {Promise<number>} bytes */
async function measure(fixture) {
  const { outputFiles, warnings } = await build({
    // The demo depends on every package, so that every package can be found from there.
    stdin: {
      contents: 'code' in fixture ? fixture.code : `import '${fixture.unused}';`,
      resolveDir: `${root}apps/demo`,
    },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    conditions: ['@recurra/source'],
    external: ['@tensorflow/*', 'node:*', ...('beside' in fixture ? [fixture.beside] : [])],
    plugins: 'unused' in fixture ? [distrust(fixture.unused)] : [],
    logLevel: 'silent',
  });
  const [file] = outputFiles;
  // A warning is how esbuild says that an import does not exist.
  if (!file || warnings[0]) throw new Error(warnings[0]?.text ?? 'esbuild wrote nothing');
  return gzipSync(file.contents, { level: 9 }).length;
}

/** @type {Record<string, Fixture>} */
const fixtures = JSON.parse(readFileSync(`${root}tools/size-limits.json`, 'utf8'));
/** @type {string[]} */
const problems = [];
for (const [name, fixture] of Object.entries(fixtures)) {
  const bytes = await measure(fixture).catch((error) => problems.push(`${name}: ${String(error)}`) && undefined);
  if (bytes === undefined) continue;
  console.log(`${String(bytes).padStart(6)} of ${String(fixture.limit).padStart(6)} bytes  ${name}`);
  if (bytes > fixture.limit) problems.push(`${name}: ${bytes} bytes, ${bytes - fixture.limit} over its ceiling`);
}
report(`${Object.keys(fixtures).length} imports stay under their ceilings`, problems);
