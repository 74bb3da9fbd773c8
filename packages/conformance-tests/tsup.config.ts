import { defineConfig } from 'tsup';
import { base } from '../../tools/tsup.base.js';

export default defineConfig({
  ...base,
  entry: { index: 'src/index.ts', node: 'src/node.ts', vitest: 'src/vitest.ts', cli: 'src/cli/main.ts' },
});
