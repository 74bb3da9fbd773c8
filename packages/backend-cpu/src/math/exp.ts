/**
 * eˣ = 2ᵐ · 2^(k/32) · eʳ, with x = (32m + k)·ln2/32 + r and |r| ≤ ln2/64
 *
 * 2^(k/32) is a table, eʳ its series to r⁵ (the rest is below 3·10⁻¹⁵), r is taken with ln2/32 in two pieces so that it
 * is exact. The result is a double good to 10⁻¹⁵ for |x| ≤ 110; beyond, where float32 is 0 or ∞, x is held at a border.
 */

/** 2^(k/32), k = 0 … 31, rounded to double. */
const fractions = /* @__PURE__ */ Float64Array.of(
  1, 1.0218971486541166, 1.0442737824274138, 1.0671404006768237, 1.0905077326652577, 1.1143867425958924,
  1.1387886347566916, 1.1637248587775775, 1.189207115002721, 1.215247359980469, 1.241857812073484, 1.2690509571917332,
  1.2968395546510096, 1.3252366431597413, 1.3542555469368927, 1.383909881963832, 1.4142135623730951, 1.4451808069770467,
  1.4768261459394993, 1.5091644275934228, 1.5422108254079407, 1.5759808451078865, 1.6104903319492543, 1.645755478153965,
  1.681792830507429, 1.718619298122478, 1.7562521603732995, 1.7947090750031072, 1.8340080864093424, 1.8741676341103,
  1.9152065613971474, 1.9571441241754002,
);

const lowest = -192;
/** 2ᵐ, m = −192 … 191. */
const powers = /* @__PURE__ */ powersOfTwo();

/** @param x any double; NaN gives NaN */
export function exp(x: number): number {
  const held = x < -120 ? -120 : x > 120 ? 120 : x;
  const n = Math.floor(held * 46.16624130844683 + 0.5);
  const r = held - n * 0.02166084938653512 - n * 5.9631716539705866e-12;
  const series = 1 + r * (1 + r * (0.5 + r * (0.16666666666666666 + r * (0.041666666666666664 + r * 0.008333333333333333))));
  return fractions[n & 31]! * series * powers[(n >> 5) - lowest]!;
}

function powersOfTwo(): Float64Array {
  const table = new Float64Array(-2 * lowest);
  table[-lowest] = 1;
  for (let m = 1; m < -lowest; m++) table[-lowest + m] = table[-lowest + m - 1]! * 2;
  for (let m = 1; m <= -lowest; m++) table[-lowest - m] = table[-lowest - m + 1]! / 2;
  return table;
}
