/**
 * A program for a process of its own: the published suite on the relaxed build. Node 20 has relaxed SIMD behind a switch,
 * which is thrown here before the engine is asked; run with 'as it is', the engine is left alone. Run with 'whole', every
 * case runs.
 */
import { runSuite } from '@recurra/conformance-tests';
import { setFlagsFromString } from 'node:v8';
import { supports } from '../src/engine.js';
import { wasm } from '../src/index.js';

if (!process.argv.includes('as it is') && !supports('relaxed')) setFlagsFromString('--experimental-wasm-relaxed-simd');

const [relaxed, simd] = [await wasm({ relaxed: true }), await wasm()];
// Sums whose rounding shows, on every processor of the last ten years: one rounding for each term, or two.
const shape = [16, 16];
const x = Float32Array.from({ length: 256 }, (_, i) => Math.sin(i));
const square = (backend: typeof simd): number[] => {
  const a = { handle: backend.upload(x, { shape, dtype: 'float32' }), shape, dtype: 'float32' } as const;
  const out = { shape, dtype: 'float32' } as const;
  const how = { transposeA: false, transposeB: false };
  return Array.from(backend.readSync!({ handle: backend.matmul(a, a, how, out), ...out }));
};
const [fused, rounded] = [square(relaxed), square(simd)];

const only = ['kernels', 'cells/lstm', 'cells/gru', 'fused'];
const report = process.argv.includes('as it is')
  ? null
  : await runSuite(() => wasm({ relaxed: true }), process.argv.includes('whole') ? {} : { only });
console.log(
  JSON.stringify({
    supported: supports('relaxed'),
    engine: relaxed.engine,
    sameBits: fused.every((v, i) => v === rounded[i]),
    passed: report?.results.filter(({ status }) => status === 'passed').length ?? 0,
    failed: report?.results.filter(({ status }) => status === 'failed') ?? [],
  }),
);
