import { writeFile } from 'node:fs/promises';
import { defineConfig } from 'tsup';
import { base } from '../../tools/tsup.base.js';
import { bytesOf } from './src/engine.js';

export default defineConfig({
  ...base,
  entry: ['src/index.ts'],
  // The same modules as files, for pages that may not compile bytes out of a script.
  async onSuccess() {
    await writeFile('dist/simd.wasm', bytesOf('simd'));
    await writeFile('dist/relaxed.wasm', bytesOf('relaxed'));
  },
});
