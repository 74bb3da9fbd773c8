/** Programs as an application ships them: one file, tree-shaken and minified. */
import { createRequire } from 'node:module';
import path from 'node:path';
import type { build as Build } from 'esbuild';

/**
 * @param program its name in src/programs
 * @param platform 'node' runs here, 'browser' is what a page downloads
 */
export async function bundle(program: string, platform: 'node' | 'browser'): Promise<Uint8Array> {
  // Not a plain import: this file is itself part of a bundle.
  const { build } = createRequire(import.meta.url)('esbuild') as { readonly build: typeof Build };
  const { outputFiles } = await build({
    entryPoints: [path.resolve('apps/bench/src/programs', `${program}.ts`)],
    bundle: true,
    minify: true,
    write: false,
    outfile: 'program.js',
    platform,
    format: 'esm',
    // For the parts of TensorFlow.js that are CommonJS.
    ...(platform === 'node' && {
      banner: {
        js: "import{createRequire as requireFrom}from'node:module';const require=requireFrom(import.meta.url),__dirname=import.meta.dirname;",
      },
    }),
    target: platform === 'node' ? 'node20' : 'es2022',
    mainFields: platform === 'node' ? ['module', 'main'] : ['browser', 'module', 'main'],
    conditions: ['@recurra/source'],
    // What TensorFlow.js asks for when it finds itself in Node.
    external:
      platform === 'node' ? [] : ['node:*', 'fs', 'path', 'crypto', 'util', 'worker_threads', 'perf_hooks', 'os'],
    logLevel: 'silent',
  });
  const [file] = outputFiles;
  if (!file) throw new Error(`esbuild wrote nothing for ${program}`);
  return file.contents;
}
