import { defineConfig } from 'tsup';
import { base } from '../../tools/tsup.base.js';

export default defineConfig({
  ...base,
  entry: { index: 'src/index.ts', node: 'src/node/index.ts' },
  // Only Node reads it, and under this name alone Deno does too.
  removeNodeProtocol: false,
  external: [/^node:/],
});
