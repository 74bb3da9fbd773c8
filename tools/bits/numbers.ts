/** Inputs that are the same everywhere, and one number for the bits of an output. */
import { leaves, tensor, type DType, type HostArray, type Shape, type Tensor, type Tree } from '@recurra/core';

/** Multiples of 2⁻²³ in [−scale, scale), from a linear congruential generator. */
export function numbers(n: number, seed: number, scale = 1): Float32Array {
  let state = Math.imul(seed + 1, 2654435769) >>> 0;
  return Float32Array.from({ length: n }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return ((state >>> 8) / 8388608 - 1) * scale;
  });
}

const sizeOf = (shape: Shape): number => shape.reduce((size, n) => size * n, 1);

export function random(shape: Shape, seed: number, scale = 1): Tensor<'float32'> {
  return tensor(numbers(sizeOf(shape), seed, scale), shape);
}

/** Every exponent and both signs, by bit patterns `stride` apart; the edges; and what ordinary arguments look like. */
export function arguments1(): Float32Array {
  const words = new Uint32Array(8191);
  for (let i = 0; i < words.length; i++) words[i] = Math.imul(i, 524287);
  const edges = [
    0,
    -0,
    Infinity,
    -Infinity,
    NaN,
    1,
    -1,
    0.5,
    -0.5,
    88.72283,
    88.722839,
    -103.97,
    -104,
    1.4e-45,
    -1.4e-45,
  ];
  const more = [1.1754943508222875e-38, 3.4028234663852886e38, -3.4028234663852886e38, 176.7, -176.7, 20, -20, 6, 1.25];
  return Float32Array.from([...new Float32Array(words.buffer), ...edges, ...more, ...numbers(2000, 1, 20)]);
}

const word = new DataView(new ArrayBuffer(8));

/** FNV-1a over dtype, length and bits; every NaN counts as the same pattern, and −0 is not 0. */
export function checksum(arrays: readonly HostArray[]): string {
  let hash = 0x811c9dc5;
  const add = (bits: number): void => void (hash = Math.imul(hash ^ bits, 0x01000193));
  for (const data of arrays) {
    add(data.length);
    for (const v of data) {
      if (data instanceof Float64Array) {
        word.setFloat64(0, Number.isNaN(v) ? 0 : v);
        add(word.getInt32(4));
      } else if (data instanceof Float32Array) word.setFloat32(0, v);
      else word.setInt32(0, v);
      add(Number.isNaN(v) ? 0x7fc00000 : word.getInt32(0));
      // Multiplying carries a difference upwards only: bring it down again.
      hash ^= hash >>> 15;
    }
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/** What a computation gives, as arrays. */
export async function read(result: Tree | HostArray): Promise<HostArray[]> {
  if (ArrayBuffer.isView(result)) return [result as HostArray];
  return Promise.all(leaves(result as Tree).map((x) => (x as Tensor<DType>).data()));
}
