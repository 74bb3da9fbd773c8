/**
 * log x = e·ln2 + log c + log(m/c), with x = m·2ᵉ, 0.68 ≤ m < 1.37, and c the point next to m of 64 of which one is 1
 *
 * log c is a table. log(m/c) = 2·artanh s with s = (m − c)/(m + c), so small (|s| < 0.005) that the series ends at s⁵.
 * Around x = 1 both e and log c are 0: no digit is lost there.
 */
import { powers } from './powers-of-two.js';

/** c, in steps of 1/128 below 1 and of 1/64 above: 64 numbers whose first mantissa bits count up. */
const centres = /* @__PURE__ */ Float64Array.from({ length: 64 }, (_, i) => (i < 40 ? 88 + i : 48 + 2 * i) / 128);

/** log c. */
/* prettier-ignore */
const logs = /* @__PURE__ */ Float64Array.of(
  -0.3746934494414107, -0.3633938941874773, -0.3522205935893521, -0.34117075740276714, -0.33024168687057687,
  -0.3194307707663612, -0.3087354816496133, -0.29815337231907635, -0.2876820724517809, -0.27731928541623435,
  -0.26706278524904525, -0.2569104137850272, -0.24686007793152578, -0.2369097470783577, -0.22705745063534608,
  -0.2173012756899814, -0.2076393647782445, -0.1980699137620938, -0.18859116980755003, -0.179201429457711,
  -0.16989903679539747, -0.16068238169047347, -0.15154989812720093, -0.14250006260728304, -0.13353139262452263,
  -0.1246424452072766, -0.1158318155251217, -0.1070981355563671, -0.09844007281325252, -0.08985632912186105,
  -0.0813456394539524, -0.07290677080808779, -0.06453852113757118, -0.05623971832287608, -0.048009219186360606,
  -0.039845908547199674, -0.0317486983145803, -0.023716526617316044, -0.015748356968139168, -0.007843177461025893, 0,
  0.015504186535965254, 0.030771658666753687, 0.0458095360312942, 0.06062462181643484, 0.07522342123758753,
  0.08961215868968714, 0.10379679368164356, 0.11778303565638346, 0.13157635778871926, 0.1451820098444979,
  0.15860503017663857, 0.17185025692665923, 0.184922338494012, 0.19782574332991987, 0.21056476910734964,
  0.22314355131420976, 0.2355660713127669, 0.24783616390458127, 0.25995752443692605, 0.27193371548364176,
  0.2837681731306446, 0.2954642128938359, 0.3070250352949119,
);

const bits = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(4));

/** a[at] = log a[at]; log ±0 = −∞, the log of less is NaN */
export function logAt(a: Float64Array, at: number): void {
  const x = a[at]!;
  if (!(x >= 1.1754943508222875e-38 && x <= 3.4028234663852886e38)) return outside(a, at);
  // The bits of x as a float32, counted from those of 0.6875 less half a step: e in the upper, c in the next six.
  // Rounding x for that does no harm: a c that is nearly the nearest does as well.
  bits.setFloat32(0, x, true);
  const steps = bits.getInt32(0, true) - 0x3f2f0000;
  const e = steps >> 23;
  const i = (steps >> 17) & 63;
  const m = x * powers[-e & 511]!;
  const c = centres[i]!;
  const s = (m - c) / (m + c);
  const q = s * s;
  a[at] = e * 0.6931471805599453 + (logs[i]! + s * (2 + q * (0.6666666666666666 + q * 0.4)));
}

/** Not a positive normal float32: brought into their range by 2⁶⁴, as often as it takes, or an edge. */
function outside(a: Float64Array, at: number): void {
  const x = a[at]!;
  if (!(x > 0)) {
    a[at] = x === 0 ? -Infinity : NaN;
  } else if (x !== Infinity) {
    a[at] = x > 1 ? x / 18446744073709552000 : x * 18446744073709552000;
    logAt(a, at);
    a[at] = x > 1 ? a[at]! + 44.3614195558365 : a[at]! - 44.3614195558365;
  }
}
