/**
 * log x = e·ln2 + log m, with x = m·2ᵉ and √½ ≤ m < √2
 *
 * log m = 2·artanh f with f = (m − 1)/(m + 1), by its series; ln2 is added in two pieces.
 */

/** Any double but a denormal one (every float32, denormals too, is a normal double). log 0 = −∞, log of less is NaN. */
export function log(x: number): number {
  if (!(x > 0) || x === Infinity) return x === 0 ? -Infinity : x > 0 ? x : NaN;
  let m = x;
  let e = 0;
  // Exact steps by powers of two; float32 needs at most a dozen.
  while (m >= 18446744073709552000) [m, e] = [m / 18446744073709552000, e + 64];
  while (m < 5.421010862427522e-20) [m, e] = [m * 18446744073709552000, e - 64];
  while (m >= 256) [m, e] = [m / 256, e + 8];
  while (m < 0.00390625) [m, e] = [m * 256, e - 8];
  while (m >= 1.4142135623730951) [m, e] = [m / 2, e + 1];
  while (m < 0.7071067811865476) [m, e] = [m * 2, e - 1];
  return e * 0.6931471803691238 + (e * 1.9082149292705877e-10 + twiceArtanh((m - 1) / (m + 1)));
}

/** 2·artanh f = 2·(f + f³/3 + f⁵/5 + …), for |f| ≤ 0.1716; what is left out is below 10⁻¹⁶ relative. */
export function twiceArtanh(f: number): number {
  const q = f * f;
  let series = 1 / 21;
  series = series * q + 1 / 19;
  series = series * q + 1 / 17;
  series = series * q + 1 / 15;
  series = series * q + 1 / 13;
  series = series * q + 1 / 11;
  series = series * q + 1 / 9;
  series = series * q + 1 / 7;
  series = series * q + 1 / 5;
  series = series * q + 1 / 3;
  return 2 * f + 2 * f * q * series;
}
