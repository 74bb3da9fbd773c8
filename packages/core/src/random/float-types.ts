/** The float types that Keras draws in, and how the 16-bit ones round. */
import { checkedName } from '../checks.js';

/** The array a dtype comes in; the values of the 16-bit types are exact as float32. */
export interface FloatArrays {
  float32: Float32Array;
  float16: Float32Array;
  bfloat16: Float32Array;
  float64: Float64Array;
}

/** The dtypes that random numbers come in. */
export type FloatType = keyof FloatArrays;

export function checkFloatType(op: string, dtype: FloatType): void {
  checkedName(op, 'dtype', dtype, ['float32', 'float16', 'bfloat16', 'float64']);
}

const bits = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(4));

/** Rounds to one of the 16-bit types. */
export function halfRounding(dtype: 'float16' | 'bfloat16'): (x: number) => number {
  return dtype === 'float16' ? toFloat16 : toBfloat16;
}

/** x ← x·scale + shift in place, each operation rounded to the 16-bit type. */
export function scaleHalf(x: Float32Array, round: (x: number) => number, scale: number, shift: number): Float32Array {
  const factor = round(scale);
  const term = round(shift);
  for (let i = 0; i < x.length; i++) x[i] = round(round(round(x[i]!) * factor) + term);
  return x;
}

/** The float16 nearest to a float32, ties to even: 11 significant bits, at 65520 infinity, multiples of 2⁻²⁴ below 2⁻¹⁴. */
function toFloat16(x: number): number {
  const magnitude = Math.abs(x);
  if (magnitude >= 65520) return Math.sign(x) * Infinity;
  // The spacing of float32 between ½ and 1 is 2⁻²⁴.
  if (magnitude < 0.00006103515625) return Math.sign(x) * (Math.fround(magnitude + 0.5) - 0.5);
  return dropBits(x, 13);
}

/** The bfloat16 nearest to a float32, ties to even: 8 significant bits. */
function toBfloat16(x: number): number {
  return dropBits(x, 16);
}

function dropBits(x: number, count: number): number {
  bits.setFloat32(0, x);
  const word = bits.getInt32(0);
  const half = (1 << (count - 1)) - 1 + ((word >>> count) & 1);
  bits.setInt32(0, ((word + half) >> count) << count);
  return bits.getFloat32(0);
}
