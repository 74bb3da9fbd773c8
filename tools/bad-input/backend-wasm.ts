/** What the factory of the WebAssembly backend answers to bad input. */
import * as exports from '@recurra/backend-wasm';
import { entry, flagAt, notObjects, optionAt, optionsAt, type Catalogue } from './row.js';

export const backendWasm: Catalogue = {
  exports,
  entries: {
    wasm: entry(
      async (options?: object) => (await exports.wasm(options)).name,
      () => [{ fused: false, relaxed: false, memory: { maximum: 2 ** 24 } }],
      [
        optionsAt(0, 'relax'),
        flagAt(0, 'fused'),
        flagAt(0, 'relaxed'),
        optionAt(
          0,
          'memory',
          'is not an object',
          'ARGUMENT',
          notObjects.filter((v) => v !== null),
        ),
        optionAt(0, 'memory', 'has a maximum that is not a whole number of at least 1', 'ARGUMENT', [
          { maximum: 0 },
          { maximum: -65536 },
          { maximum: 0.5 },
          { maximum: NaN },
          { maximum: '1 GB' },
        ]),
        optionAt(0, 'memory', 'has an option that does not exist', 'UNKNOWN_NAME', [{ maximal: 2 ** 24 }]),
        optionAt(0, 'module', 'is not a URL, bytes or a WebAssembly.Module', 'ARGUMENT', ['simd.wasm', null, 3, {}]),
        optionAt(0, 'module', 'is bytes that are not this package’s', 'BACKEND_FAILED', [
          new Uint8Array(8),
          new ArrayBuffer(0),
        ]),
      ],
    ),
  },
};
