/**
 * Numbers that look random and are the same in every run. They are multiples of 1/64 below 4, which float16 holds
 * exactly: a device of low precision gets the same inputs as the reference.
 */
import type { Shape } from '@recurra/core';
import type { Numbers } from '../case.js';

export function random(seed: number, shape: Shape, scale = 1): Numbers & { readonly data: Float64Array } {
  const next = mulberry32(seed);
  const size = shape.reduce((product, n) => product * n, 1);
  return {
    shape,
    data: Float64Array.from({ length: size }, () => (Math.round((next() * 2 - 1) * 64 * scale) || 1) / 64),
  };
}

/** Uniform in [0, 1). */
export function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
