// What the build of every library package shares.
import type { Options } from 'tsup';

export const base: Options = {
  format: ['esm'],
  target: 'es2022',
  platform: 'neutral',
  // tsup itself sets baseUrl, which TypeScript 6 calls deprecated.
  dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
  sourcemap: true,
  clean: true,
  treeshake: true,
  // 'node:test' is no module without its prefix.
  removeNodeProtocol: false,
  external: [/^node:/],
};
