// What an import costs a page: bundles each fixture of tools/size-limits.json as an application would (tree-shaken,
// minified) and compares its gzip bytes with the ceiling written there.
import { build } from 'esbuild';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { report, root } from './workspace.mjs';

/** @typedef {{ limit: number } & ({ code: string } | { unused: string })} Fixture */

/**
 * A package imported for nothing must vanish. Its promise `sideEffects: false` would hide a file that does something
 * when it is imported, so this plugin takes the promise away: each statement has to be seen to do nothing.
 * @type {import('esbuild').Plugin}
 */
const distrust = {
  name: 'distrust sideEffects',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /.*/ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      if (pluginData === distrust || kind === 'entry-point') return undefined;
      const found = await resolve(path, { kind, importer, resolveDir, pluginData: distrust });
      return {
        path: found.path,
        external: found.external,
        namespace: found.namespace,
        errors: found.errors,
        sideEffects: true,
      };
    });
  },
};

/** @param {Fixture} fixture @returns {Promise<number>} bytes */
async function measure(fixture) {
  const { outputFiles } = await build({
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
    external: ['@tensorflow/*', 'node:*'],
    plugins: 'unused' in fixture ? [distrust] : [],
    logLevel: 'silent',
  });
  const [file] = outputFiles;
  if (!file) throw new Error('esbuild wrote nothing');
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
