/** Numbers on the host that go with tensors: rounded as the device would, and powers that are the same everywhere. */
import type { Backend } from '@recurra/core';

/** What a number becomes on this backend. Keras computes step sizes at the precision of the variable. */
export function rounding(backend: Backend): (x: number) => number {
  return backend.precision === 64 ? (x) => x : Math.fround;
}

/** xⁿ for a whole n ≥ 0, by squaring: engines differ in the last bit of their own power. */
export function wholePower(x: number, n: number): number {
  let result = 1;
  for (let square = x, left = n; left > 0; left = Math.floor(left / 2), square *= square) {
    if (left % 2 === 1) result *= square;
  }
  return result;
}
