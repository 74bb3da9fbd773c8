/** Random numbers for tests: the same ones in every run, different ones for every name. */
import { tensor, type Shape, type Tensor } from '../../src/index.js';

export interface RandomTensors {
  /** Uniform in [low, high). */
  number(low?: number, high?: number): number;
  floats(shape: Shape, low?: number, high?: number): Tensor<'float32'>;
  /** At least 0.1 away from 0, where many gradients jump. */
  awayFromZero(shape: Shape): Tensor<'float32'>;
  ints(shape: Shape, low: number, high: number): Tensor<'int32'>;
  bools(shape: Shape): Tensor<'bool'>;
}

export function randomTensors(name: string): RandomTensors {
  let state = [...name].reduce((hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 0x01000193), 0x811c9dc5);
  /** Marsaglia's xorshift, in [0, 1). */
  const unit = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x1_0000_0000;
  };
  const number = (low = -2, high = 2): number => low + (high - low) * unit();
  const draw = (shape: Shape, f: () => number): Float64Array =>
    Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, f);
  for (let i = 0; i < 8; i++) unit();
  return {
    number,
    floats: (shape, low, high) =>
      tensor(
        draw(shape, () => number(low, high)),
        shape,
      ),
    awayFromZero: (shape) =>
      tensor(
        draw(shape, () => {
          const v = number();
          return v + (v < 0 ? -0.1 : 0.1);
        }),
        shape,
      ),
    ints: (shape, low, high) =>
      tensor(
        draw(shape, () => Math.floor(number(low, high))),
        shape,
        { dtype: 'int32' },
      ),
    bools: (shape) =>
      tensor(
        draw(shape, () => Number(unit() < 0.5)),
        shape,
        { dtype: 'bool' },
      ),
  };
}
