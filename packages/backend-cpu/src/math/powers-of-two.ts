/**
 * 2ᵐ, exactly, as `powers[m & 511]` for −256 ≤ m ≤ 255: reading one is faster than building it from its bits.
 *
 * The two ends hold 0 and ∞ in place of 2⁻²⁵⁶ and 2²⁵⁵, so that what exp scales with them comes out as it should far
 * outside of float32's range.
 */
export const powers: Float64Array = /* @__PURE__ */ powersOfTwo();

function powersOfTwo(): Float64Array {
  const table = new Float64Array(512);
  for (let m = 0, up = 1, down = 1; m < 255; m++, up *= 2, down /= 2) {
    table[m] = up;
    table[-m & 511] = down;
  }
  table[-256 & 511] = 0;
  table[255] = Infinity;
  return table;
}
