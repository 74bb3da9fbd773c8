/** The logarithm of the normal draws has the bits of glibc's logf for every argument it can get. */
import { expect, it } from 'vitest';
import { logf } from '../../src/random/logf.js';

it('gives glibc’s bits for all 2²³ multiples of 2⁻²³ below 1', () => {
  // A fold of the bits of logf, glibc 2.36, x86-64, for w·2⁻²³, at least TensorFlow's 1e-7.
  const bits = new Uint32Array(1);
  const value = new Float32Array(bits.buffer);
  let fold = 0;
  for (let w = 0; w < 8388608; w++) {
    value[0] = logf(Math.max(w / 8388608, 1.0000000116860974e-7));
    fold = (Math.imul(fold, 31) + bits[0]!) | 0;
  }
  expect(fold >>> 0).toBe(1934748720);
});
