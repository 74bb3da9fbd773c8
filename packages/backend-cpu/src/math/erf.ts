/**
 * erf x = x · P(x²) for |x| < 1.25;   1 − e^(−x²) · Q((x − 2)/(x + 2)) for 1.25 ≤ x < 6;   1 from there on; odd
 *
 * P and Q are the polynomials of degree 10 and 11 with the least relative error (below 5·10⁻¹⁴). As 1 − erf x is
 * formed the long way round, 1 + erf x keeps its digits for negative x too, down to those of a double.
 */
import { expAt } from './exp.js';

/** a[at] = erf a[at] */
export function erfAt(a: Float64Array, at: number): void {
  const x = a[at]!;
  const size = Math.abs(x);
  if (size < 1.25) {
    const q = x * x;
    let p = 7.311543279612217e-9;
    p = p * q - 1.390391042128341e-7;
    p = p * q + 1.597426172923326e-6;
    p = p * q - 1.486391748863822e-5;
    p = p * q + 0.00012050239027634159;
    p = p * q - 0.0008548054495256176;
    p = p * q + 0.005223968471364753;
    p = p * q - 0.026866168840498174;
    p = p * q + 0.11283791652601445;
    p = p * q - 0.3761263890245099;
    p = p * q + 1.128379167095464;
    a[at] = x * p;
  } else if (size < 6) {
    const t = (size - 2) / (size + 2);
    let p = -4.040931430217878e-5;
    p = p * t + 3.081105163887799e-5;
    p = p * t + 0.00017527604213986924;
    p = p * t + 4.2994216097734435e-5;
    p = p * t - 0.0009819549368586763;
    p = p * t - 0.000847116516439323;
    p = p * t + 0.006997458861106692;
    p = p * t + 0.0037328919065518825;
    p = p * t - 0.07897858095448634;
    p = p * t + 0.24165819424577398;
    p = p * t - 0.42718584741426363;
    p = p * t + 0.2553956763105018;
    a[at] = -size * size;
    expAt(a, at);
    const y = 1 - a[at]! * p;
    a[at] = x < 0 ? -y : y;
  } else {
    a[at] = Math.sign(x);
  }
}
