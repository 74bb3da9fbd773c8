/**
 * log (1 + x). tfjs's wasm engine adds the 1 first and loses a small x in it. What was lost is in u = 1 + x, so that
 * log u · x / (u − 1) has it back (Kahan); where u = 1 it is x, and log u where x is so large that u − 1 = x.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Call } from '../call.js';
import { select } from '../select.js';

export function log1p(on: Call, x: TensorInfo): TensorInfo {
  const one = on.fill([], 1, 'float32');
  const u = on.run('Add', { a: x, b: one });
  const log = on.run('Log', { x: u });
  const kept = on.run('Sub', { a: u, b: one });
  const corrected = on.run('Multiply', { a: log, b: on.run('RealDiv', { a: x, b: kept }) });
  const exact = select(on, on.run('Equal', { a: kept, b: x }), log, corrected);
  return select(on, on.run('Equal', { a: u, b: one }), x, exact);
}
