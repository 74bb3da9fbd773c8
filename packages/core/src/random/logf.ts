/**
 * The natural logarithm of a float32, bit for bit that of glibc 2.28 and later: a table of 16 intervals and a cubic, in
 * double arithmetic. Method and constants are those of Arm's optimized routines (MIT).
 */

// The reciprocal and the logarithm of a point near the middle of each interval.
const INVERSE = [
  1.398907162146528, 1.3403141896637998, 1.286432210124115, 1.2367150214269895, 1.1906977166711752, 1.1479821020556429,
  1.1082251448272158, 1.0711297413057381, 1.036437278977283, 1.0, 0.9492859795739057, 0.8951049428609004,
  0.8476821620351103, 0.8050314851692001, 0.7664671008843108, 0.731428603316328,
] as const;
const LOG = [
  -0.33569133332882284, -0.2929040563774074, -0.2518726580937369, -0.21245868807117255, -0.17453945183745634,
  -0.1380057072319758, -0.10275976698545139, -0.06871392447020525, -0.0357891387398228, 0.0, 0.05204517742929496,
  0.11081431298787942, 0.1652495223695143, 0.21687389031699977, 0.2659635028121397, 0.3127556664073557,
] as const;
const A0 = -0.25089342214237154;
const A1 = 0.333456765744066;
const A2 = -0.4999997485802103;
const LN2 = 0.6931471805599453;

const bits = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(4));

/** ln x for a positive, normal float32 x. */
export function logf(x: number): number {
  if (x === 1) return 0;
  bits.setFloat32(0, x);
  const ix = bits.getInt32(0);
  // x = z·2ᵏ with z in [0.7, 1.4), where interval i holds z.
  const offset = (ix - 0x3f330000) | 0;
  const i = (offset >> 19) & 15;
  const k = offset >> 23;
  bits.setInt32(0, ix - (k << 23));
  const z = bits.getFloat32(0);
  // ln x = ln(1 + r) + ln c + k ln 2, r = z/c − 1.
  const r = z * INVERSE[i]! - 1;
  const y0 = LOG[i]! + k * LN2;
  const r2 = r * r;
  const y = A0 * r2 + (A1 * r + A2);
  return Math.fround(y * r2 + (y0 + r));
}
