/** Telling tensors from everything else. */
import { Tensor } from './tensor.js';

export function isTensor(x: unknown): x is Tensor {
  return x instanceof Tensor;
}
