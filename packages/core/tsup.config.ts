import { defineConfig } from 'tsup';
import { base } from '../../tools/tsup.base.js';

export default defineConfig({
  ...base,
  entry: { index: 'src/index.ts', debug: 'src/debug/index.ts', random: 'src/random/index.ts' },
});
