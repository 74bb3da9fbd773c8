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
  return addProducts(foldLanes(a, b, at, 0, end, 8), a, b, at, end, a.length);
}

/** Between the eight and the rest one step of four. */
export function dotInLanesThenFour(a: Float32Array, b: Float32Array, at: number): number {
  const end8 = a.length & ~7;
  const end4 = a.length & ~3;
  const sum = Math.fround(foldLanes(a, b, at, 0, end8, 8) + foldLanes(a, b, at, end8, end4, 4));
  return addProducts(sum, a, b, at, end4, a.length);
}

function addProducts(sum: number, a: Float32Array, b: Float32Array, at: number, from: number, to: number): number {
  for (let i = from; i < to; i++) sum = Math.fround(sum + Math.fround(a[i]! * b[at + i]!));
  return sum;
}

const lanes = /* @__PURE__ */ new Float32Array(8);

/** Lane l sums the products l, l + width, …; then lane i takes lane i + width/2, and so on down to lane 0. */
function foldLanes(a: Float32Array, b: Float32Array, at: number, from: number, to: number, width: number): number {
  lanes.fill(0);
  for (let i = from; i < to; i += width) {
    for (let l = 0; l < width; l++) lanes[l] = lanes[l]! + Math.fround(a[i + l]! * b[at + i + l]!);
  }
  for (let half = width >> 1; half > 0; half >>= 1) {
    for (let l = 0; l < half; l++) lanes[l] = lanes[l]! + lanes[l + half]!;
  }
  return lanes[0]!;
}
