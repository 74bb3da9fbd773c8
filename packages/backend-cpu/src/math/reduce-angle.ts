/**
 * x = n·π + r, |r| ≤ π/2, and then sin x = sin((−1)ⁿ·r): one series for all x, and for cos x = sin(x + π/2) too.
 *
 * Up to 2²⁰, n·π is taken in two pieces, of which the first has 33 bits, so that n times it is exact (Cody and Waite).
 * Beyond, x/π is worked out with 216 bits of 1/π (Payne and Hanek): see `far`.
 */

/**
 * The s in [−π/2, π/2] with sin s = sin(x + turn·π), good to 10⁻¹¹ of s even where s is next to 0.
 *
 * @param x any float32; any double up to 2²⁰; NaN for infinities
 * @param turn 0 or ½
 */
export function reduceAngle(x: number, turn: number): number {
  if (!(Math.abs(x) <= 1048576)) return far(x, turn);
  const n = Math.floor(x * 0.3183098861837907 + (turn + 0.5));
  const halves = n - turn;
  const r = x - halves * 3.1415926534682512 - halves * 1.2154201013012384e-10;
  return r * signs[n & 1]!;
}

/** (−1)ⁿ at [n & 1]: a sign chosen by a branch is guessed wrong every other time. */
const signs = /* @__PURE__ */ Float64Array.of(1, -1);

/** 1/π = 0.0101…₂ in pieces of 24 bits, the first nine: the product of a float32 and a piece is exact in a double. */
/* prettier-ignore */
const pieces = /* @__PURE__ */ Float64Array.of(
  0.31830984354019165, 4.2643598874292366e-8, 1.4685476074668795e-16, 1.6271890689978986e-23, 1.2355693720024171e-29,
  6.595360320501356e-37, 1.3102015556048607e-44, 3.526978043894359e-52, 1.587858049146667e-58,
);

/**
 * Adds up x/π piece by piece. Whole turns (even numbers) are dropped from each product before it is added, and the
 * nearest whole number after each sum, its parity kept; so whenever the sum cancels, it is exact.
 */
function far(x: number, turn: number): number {
  if (!(Math.abs(x) < Infinity)) return NaN;
  let fraction = turn;
  let n = 0;
  for (let i = 0; i < pieces.length; i++) {
    const product = x * pieces[i]!;
    fraction += product - 2 * Math.floor(product / 2 + 0.5);
    const whole = Math.floor(fraction + 0.5);
    fraction -= whole;
    n += whole;
  }
  return fraction * 3.141592653589793 * signs[n & 1]!;
}

/** sin s for |s| ≤ π/2: the odd polynomial of degree 13 with the least relative error (7·10⁻¹⁴). */
export function sinNear(s: number): number {
  const q = s * s;
  let p = 1.540952802815939e-10;
  p = p * q - 2.5030196900007803e-8;
  p = p * q + 2.7556953112148594e-6;
  p = p * q - 0.00019841266729727248;
  p = p * q + 0.008333333321087325;
  p = p * q - 0.16666666666504606;
  return s * (1 + q * p);
}
