/** Inner products of float32 numbers in the orders that Eigen sums them; float32 addition is not associative. */

/** Σ a[i]·b[at + i] over the whole of a, every product and every sum rounded. */
export type Dot = (a: Float32Array, b: Float32Array, at: number) => number;

/** From the first to the last. */
export function dotInSequence(a: Float32Array, b: Float32Array, at: number): number {
  return addProducts(0, a, b, at, 0, a.length);
}

/** Sixteen at a time, each chunk from zero. */
export function dotInChunks(a: Float32Array, b: Float32Array, at: number): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 16) {
    sum = Math.fround(sum + addProducts(0, a, b, at, i, Math.min(i + 16, a.length)));
  }
  return sum;
}

/** Eight running sums, folded in halves; then what is left, one by one. */
export function dotInLanes(a: Float32Array, b: Float32Array, at: number): number {
  const end = a.length & ~7;
  return addProducts(eightLanes(a, b, at, end), a, b, at, end, a.length);
}

/** Between the eights and the rest one step of four, if there are four. */
export function dotInLanesThenFour(a: Float32Array, b: Float32Array, at: number): number {
  const i = a.length & ~7;
  let sum = eightLanes(a, b, at, i);
  if ((a.length & 4) === 0) return addProducts(sum, a, b, at, i, a.length);
  const even = Math.fround(Math.fround(a[i]! * b[at + i]!) + Math.fround(a[i + 2]! * b[at + i + 2]!));
  const odd = Math.fround(Math.fround(a[i + 1]! * b[at + i + 1]!) + Math.fround(a[i + 3]! * b[at + i + 3]!));
  sum = Math.fround(sum + Math.fround(even + odd));
  return addProducts(sum, a, b, at, i + 4, a.length);
}

function addProducts(sum: number, a: Float32Array, b: Float32Array, at: number, from: number, to: number): number {
  for (let i = from; i < to; i++) sum = Math.fround(sum + Math.fround(a[i]! * b[at + i]!));
  return sum;
}

/** Lane l sums the products l, l + 8, …; then lane i takes lane i + 4, i + 2, i + 1. In scalars: arrays are slower. */
function eightLanes(a: Float32Array, b: Float32Array, at: number, end: number): number {
  let [s0, s1, s2, s3, s4, s5, s6, s7] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let i = 0, j = at; i < end; i += 8, j += 8) {
    s0 = Math.fround(s0 + Math.fround(a[i]! * b[j]!));
    s1 = Math.fround(s1 + Math.fround(a[i + 1]! * b[j + 1]!));
    s2 = Math.fround(s2 + Math.fround(a[i + 2]! * b[j + 2]!));
    s3 = Math.fround(s3 + Math.fround(a[i + 3]! * b[j + 3]!));
    s4 = Math.fround(s4 + Math.fround(a[i + 4]! * b[j + 4]!));
    s5 = Math.fround(s5 + Math.fround(a[i + 5]! * b[j + 5]!));
    s6 = Math.fround(s6 + Math.fround(a[i + 6]! * b[j + 6]!));
    s7 = Math.fround(s7 + Math.fround(a[i + 7]! * b[j + 7]!));
  }
  const even = Math.fround(Math.fround(s0 + s4) + Math.fround(s2 + s6));
  const odd = Math.fround(Math.fround(s1 + s5) + Math.fround(s3 + s7));
  return Math.fround(even + odd);
}
