/** Random numbers that are the same in every run, as tensors. */
import { tensor, type Backend, type Shape, type Tensor } from '@recurra/core';

export interface Draw {
  floats(shape: Shape, scale?: number): Tensor<'float32'>;
}

/** Normal numbers by mulberry32 and Box and Muller. */
export function draw(backend: Backend, seed: number): Draw {
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return {
    floats: (shape, scale = 1) => {
      const length = shape.reduce((n, m) => n * m, 1);
      return tensor(
        Float64Array.from({ length }, () => scale * normal()),
        shape,
        { dtype: 'float32', backend },
      );
    },
  };
}
