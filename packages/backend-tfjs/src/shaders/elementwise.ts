/**
 * Functions whose tfjs shaders lose digits near 0, hide a NaN, or lean on a builtin that WebGPU and WebGL let be wrong in
 * the fourth digit; exp, log and the angles of sin and cos are ours for that reason. Polynomials are in Horner's form; the
 * last term left out is below 2⁻²⁴ of the sum.
 */
import type { Shader } from './shader.js';

const unary = (name: string, body: string): Shader => ({ name, operands: 'a', body, functions: functionsIn(body) });
const binary = (name: string, body: string): Shader => ({ name, operands: 'ab', body });

/** A number as both languages write it: with a point. */
function literal(value: number): string {
  const text = String(Math.fround(value));
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** c₀ + x·(c₁ + x·(c₂ + …)). */
function horner(x: string, coefficients: readonly number[]): string {
  return coefficients.reduceRight((rest, c) => (rest === '' ? literal(c) : `(${literal(c)} + ${x} * ${rest})`), '');
}

function factorial(n: number): number {
  return n < 2 ? 1 : n * factorial(n - 1);
}

const terms = (count: number, term: (n: number) => number): number[] =>
  Array.from({ length: count }, (_, n) => term(n));

// ln 2 in two parts, of which the first has so few bits that its product with an exponent is exact.
const lnTwoHigh = 0.693359375;
const lnTwoLow = (): number => Math.LN2 - lnTwoHigh;

/** eᵃ = 2ᵏ·eʳ with |r| ≤ ln 2 / 2, the power of two in two steps, as k goes beyond the exponents of float32. */
const exponential = (): string => `
  let x = clamp(a, -110.0, 100.0);
  let k = floor(x * ${literal(Math.LOG2E)} + 0.5);
  let r = (x - k * ${literal(lnTwoHigh)}) - k * ${literal(lnTwoLow())};
  let p = ${horner(
    'r',
    terms(9, (n) => 1 / factorial(n)),
  )};
  let upper = floor(k * 0.5);
  let e = p * floatOf(wholeOf(upper + 127.0) << 23u) * floatOf(wholeOf(k - upper + 127.0) << 23u);
  return select(select(select(e, INFINITY, a > 88.73), 0.0, a < -104.0), a, isnan(a));`;

/** log a = e·ln 2 + 2·artanh ((m − 1) / (m + 1)), for a = m·2ᵉ with m between √½ and √2. */
const logarithm = (): string => `
  word w = wordOf(a);
  let unit = floatOf((w & 0x7fffffu) | 0x3f800000u);
  flag large = unit > ${literal(Math.SQRT2)};
  let m = select(unit, unit * 0.5, large);
  let e = valueOf((w >> 23u) & 255u) - select(127.0, 126.0, large);
  let s = (m - 1.0) / (m + 1.0);
  let q = s * s;
  let y = e * ${literal(lnTwoHigh)} + (2.0 * s * ${horner(
    'q',
    terms(6, (n) => 1 / (2 * n + 1)),
  )} + e * ${literal(lnTwoLow())});
  let positive = select(select(y, -INFINITY, a == 0.0), a, a == INFINITY);
  return select(positive, NAN, isnan(a) || a < 0.0);`;

/** The functions that a body calls. */
function functionsIn(body: string): Record<string, string> {
  const all: Record<string, () => string> = { expOf: exponential, logOf: logarithm };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, write]) => (body.includes(`${name}(`) ? [[name, write()]] : [])),
  );
}

/** eˣ − 1 = x·Σ xⁿ/(n + 1)!, for |x| ≤ 1. */
const expm1Near = (x: string): string =>
  `${x} * ${horner(
    x,
    terms(11, (n) => 1 / factorial(n + 1)),
  )}`;

// π/2 in three parts, of which the first two have so few bits that their products with a k below 2¹³ are exact.
const partsOfAQuarterTurn = (): [number, number, number] => {
  const [first, second] = [201 / 2 ** 7, 2029 / 2 ** 22];
  return [first, second, Math.PI / 2 - first - second];
};

/** 2/π in words of 32 bits, after one of 0: its first 192 bits, which is as many as a float32 can ask for. */
const twoOverPi = [0, 0xa2f9836e, 0x4e441529, 0xfc2757d1, 0xf534ddc0, 0xdb629599, 0x3c439041];
const wordAt = (index: string): string =>
  twoOverPi.reduce((rest, word, i) => (i === 0 ? '0u' : `select(${rest}, ${word}u, ${index} == ${i}u)`), '');

/**
 * Many turns, after Payne and Hanek: a = m·2ᵉ with m of 24 bits, so of 2/π only the 64 bits from the place 2¹⁻ᵉ on count.
 * Their product with m, of which the upper and the lower word stay, has the quarter in its first two bits.
 */
const manyTurns = (): string => `
  word size = wordOf(abs(a));
  word m = (size & 0x7fffffu) | 0x800000u;
  word begin = (size >> 23u) - 120u;
  word at32 = begin >> 5u;
  word shift = begin & 31u;
  word middle = ${wordAt('(at32 + 1u)')};
  word upper = (${wordAt('at32')} << shift) | ((middle >> 1u) >> (31u - shift));
  word lower = (middle << shift) | ((${wordAt('(at32 + 2u)')} >> 1u) >> (31u - shift));
  word ll = (lower & 0xffffu) * (m & 0xffffu);
  word hl = (lower >> 16u) * (m & 0xffffu);
  word lh = (lower & 0xffffu) * (m >> 16u);
  word carried = ((ll >> 16u) + (hl & 0xffffu) + (lh & 0xffffu)) >> 16u;
  word turns = upper * m + (lower >> 16u) * (m >> 16u) + (hl >> 16u) + (lh >> 16u) + carried;
  word quarter = (turns + 0x20000000u) >> 30u;
  word part = turns - (quarter << 30u);
  let far = (valueOf(part) + valueOf((lower * m) >> 8u) * ${literal(2 ** -24)}) * ${literal(2 ** -30 * (Math.PI / 2))};
  let way = select(1.0, -1.0, a < 0.0);`;

// a = k·π/2 + r with |r| ≤ π/4.
const reduced = (): string => {
  const [first, second, third] = partsOfAQuarterTurn();
  return `${manyTurns()}
  flag many = abs(a) > 8192.0;
  let n = floor(a * ${literal(2 / Math.PI)} + 0.5);
  let near = ((a - n * ${literal(first)}) - n * ${literal(second)}) - n * ${literal(third)};
  let k = select(n, way * valueOf(quarter), many);
  let r = select(near, way * far, many);
  let q = r * r;
  let s = r * ${horner(
    'q',
    terms(6, (n) => (n % 2 === 0 ? 1 : -1) / factorial(2 * n + 1)),
  )};
  let c = ${horner(
    'q',
    terms(6, (n) => (n % 2 === 0 ? 1 : -1) / factorial(2 * n)),
  )};`;
};
/** Which of s, c, −s, −c it is, by the quarter turn. */
const turned = (turn: string): string => `${reduced()}
  let t = ${turn} - 4.0 * floor(${turn} * 0.25);
  let v = select(select(s, c, t == 1.0), select(-s, -c, t == 3.0), t > 1.5);
  return select(v, NAN, isnan(a) || abs(a) == INFINITY);`;

const write = () => ({
  copy: unary('copy', 'return a;'),
  exp: unary('exp', 'return expOf(a);'),
  log: unary('log', 'return logOf(a);'),
  sqrt: unary('sqrt', 'return select(sqrt(a), NAN, isnan(a) || a < 0.0);'),
  sigmoid: unary('sigmoid', 'return select(1.0 / (1.0 + expOf(-a)), a, isnan(a));'),
  sign: unary('sign', 'return select(sign(a), a, isnan(a) || a == 0.0);'),
  expm1: unary('expm1', `return select(select(expOf(a) - 1.0, ${expm1Near('a')}, abs(a) < 0.5), a, isnan(a));`),
  // log (1 + x) = 2·artanh (x / (2 + x)).
  log1p: unary(
    'log1p',
    `let s = a / (2.0 + a);
  let q = s * s;
  let near = 2.0 * s * ${horner(
    'q',
    terms(7, (n) => 1 / (2 * n + 1)),
  )};
  return select(logOf(1.0 + a), near, abs(a) < 0.5);`,
  ),
  // tanh |x| = −e / (2 + e) with e = expm1 (−2·|x|), which is never large.
  tanh: unary(
    'tanh',
    `let m = -2.0 * abs(a);
  let e = select(expOf(m) - 1.0, ${expm1Near('m')}, m > -1.0);
  return select(-sign(a) * e / (2.0 + e), a, isnan(a));`,
  ),
  // Near 0 the series 2/√π · Σ (−1)ⁿ·x²ⁿ⁺¹ / (n!·(2n + 1)), else Abramowitz and Stegun 7.1.26: to 1.5·10⁻⁷.
  erf: unary(
    'erf',
    `let q = a * a;
  let near = a * ${horner(
    'q',
    terms(7, (n) => ((n % 2 === 0 ? 2 : -2) * (1 / Math.sqrt(Math.PI))) / factorial(n) / (2 * n + 1)),
  )};
  let t = 1.0 / (1.0 + 0.3275911 * abs(a));
  let p = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return select(select(sign(a) * (1.0 - p * expOf(-q)), near, q < 0.25), a, isnan(a));`,
  ),
  sin: unary('sin', turned('k')),
  cos: unary('cos', turned('(k + 1.0)')),
  // tfjs gives 1 where a = b, be both 0 or both infinite.
  div: binary('div', 'return a / b;'),
  // IEEE 754: 1 to any power is 1, so is −1 to ±∞; the builtin knows no negative base.
  pow: binary(
    'pow',
    `let size = abs(a);
  flag odd = abs(b - 2.0 * floor(b * 0.5)) == 1.0;
  let nothing = select(0.0, INFINITY, b < 0.0);
  let everything = select(INFINITY, 0.0, b < 0.0);
  let magnitude = select(select(pow(size, b), nothing, size == 0.0), everything, size == INFINITY);
  let directed = select(magnitude, -magnitude, a < 0.0 && odd);
  flag whole = floor(b) == b;
  let real = select(directed, NAN, isnan(a) || isnan(b) || (a < 0.0 && !whole && size != INFINITY));
  return select(real, 1.0, b == 0.0 || a == 1.0 || (a == -1.0 && abs(b) == INFINITY));`,
  ),
});

/** By the name of the op. */
export const shaders = /* @__PURE__ */ write();
