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
  const eights = a.length & ~7;
  return addProducts(sumInLanes(8, a, b, at, 0, eights), a, b, at, eights, a.length);
}

/** Between the eights and the rest one step of four, if there are four. */
export function dotInLanesThenFour(a: Float32Array, b: Float32Array, at: number): number {
  const eights = a.length & ~7;
  const fours = a.length & ~3;
  const sum = sumInLanes(8, a, b, at, 0, eights) + sumInLanes(4, a, b, at, eights, fours);
  return addProducts(Math.fround(sum), a, b, at, fours, a.length);
}

function addProducts(sum: number, a: Float32Array, b: Float32Array, at: number, from: number, to: number): number {
  for (let i = from; i < to; i++) sum = Math.fround(sum + Math.fround(a[i]! * b[at + i]!));
  return sum;
}

const lanes = /* @__PURE__ */ new Float32Array(8);

/** Lane l sums the products l, l + count, …; then lane i takes lane i + count/2, and so on. It rounds as it stores. */
function sumInLanes(count: 4 | 8, a: Float32Array, b: Float32Array, at: number, from: number, to: number): number {
  lanes.fill(0);
  for (let i = from; i < to; i++) lanes[i & (count - 1)]! += Math.fround(a[i]! * b[at + i]!);
  for (let half = count >> 1; half > 0; half >>= 1) {
    for (let i = 0; i < half; i++) lanes[i]! += lanes[i + half]!;
  }
  return lanes[0]!;
}
