/** The page: bundled from the packages' sources into dist/page, with relative links, so that any folder can serve it. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defaultClientConditions, defineConfig, type Plugin } from 'vite';

// A page that is isolated may share memory between workers; an ordinary static host is enough for everything here.
const isolated = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

/** data/words.txt comes from the dictionary that is installed: it is written before the page is bundled. */
const words: Plugin = {
  name: 'words',
  buildStart() {
    if (existsSync(new URL('data/words.txt', import.meta.url))) return;
    const cwd = fileURLToPath(new URL('../..', import.meta.url));
    const args = ['tools/run.mjs', 'apps/demo/src/train/words.ts'];
    const { status } = spawnSync(process.execPath, args, { cwd, stdio: 'inherit' });
    if (status !== 0) throw new Error('data/words.txt could not be written');
  },
};

export default defineConfig({
  plugins: [words],
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  publicDir: false,
  resolve: { conditions: ['@recurra/source', ...defaultClientConditions] },
  worker: { format: 'es' },
  server: { headers: isolated },
  preview: { headers: isolated },
  build: {
    outDir: 'dist/page',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000,
  },
});
