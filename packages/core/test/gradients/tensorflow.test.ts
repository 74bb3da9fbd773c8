/** The conventions at kinks, ties, ends, NaN and infinity are TensorFlow's: values and gradients, number by number. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as core from '../../src/index.js';
import { grad, mul, scope, sum, tensor, useBackend, type Tensor } from '../../src/index.js';
import { float64Backend } from '../float64-backend.js';
import { expectNumber, numbersOf } from '../ops/oracle.js';

type Floats = Tensor<'float32'>;
type Plain = readonly (number | string)[];
interface Golden {
  readonly inputs: readonly Plain[];
  readonly value: Plain;
  readonly gradients: readonly Plain[];
}
interface Goldens {
  readonly unary: Readonly<Record<string, Golden>>;
  readonly binary: Readonly<Record<string, Golden>>;
  readonly reductions: Readonly<Record<string, readonly Golden[]>>;
  readonly along: Readonly<Record<string, readonly Golden[]>>;
  readonly weights: readonly number[];
}

const goldens = JSON.parse(readFileSync(new URL('tensorflow.json', import.meta.url), 'utf8')) as Goldens;
await useBackend(float64Backend());

/** Where we differ, and what we give. Everything else must agree. */
const ours: Readonly<Record<string, number>> = {
  // Its erf in float64 is NaN at infinity.
  'erf: value at (-inf)': -1,
  'erf: value at (inf)': 1,
  // 0 times the infinite gradient that comes in; ours is chosen, not multiplied.
  'hardSilu: gradient 0 at (-inf)': 0,
  'hardSilu: gradient 0 at (inf)': 1,
  // Its rules hand on the gradient when a comparison with NaN says neither. The value is NaN in both.
  'elu: gradient 0 at (nan)': 0,
  'elu alpha 0.3: gradient 0 at (nan)': 0,
  // Its rule is 0 · 0⁻¹, which is NaN; x⁰ is 1 everywhere. With it x² would have no third derivative at 0.
  'pow: gradient 0 at (0, 0)': 0,
  'pow: gradient 0 at (-0, 0)': 0,
};
/** It rounds their constants to float32, even in float64. */
const roundedConstants = ['gelu', 'gelu approximate', 'leakyRelu'];

/** `inf` and `nan` are Python's. */
function numberOf(plain: number | string): number {
  return plain === 'inf' ? Infinity : plain === '-inf' ? -Infinity : Number(plain);
}

function expectGolden(
  name: string,
  golden: Golden,
  run: (...inputs: Floats[]) => Floats,
  weights?: readonly number[],
): void {
  const tolerance = roundedConstants.includes(name) ? 1e-7 : 1e-12;
  scope(() => {
    const inputs = golden.inputs.map((plain) => tensor(plain.map(numberOf)));
    const y = run(...inputs);
    const grads = grad((xs: readonly Floats[]) => {
      const outputs = run(...xs);
      return sum(weights === undefined ? outputs : mul(outputs, tensor(weights)));
    })(inputs);
    const describeInput = (i: number): string => `at (${golden.inputs.map((x) => x[i]).join(', ')})`;
    const compare = (found: Tensor, plain: Plain, what: string): void => {
      const numbers = numbersOf(found);
      expect(numbers.length).toBe(plain.length);
      // Whether a zero is −0 differs from one build of TensorFlow to the next.
      plain.forEach((p, i) => {
        const where = `${name}: ${what} ${describeInput(i)}`;
        expectNumber(numbers[i]! + 0, ours[where] ?? numberOf(p) + 0, tolerance, where);
      });
    };
    compare(y, golden.value, 'value');
    golden.gradients.forEach((plain, i) => compare(grads[i]!, plain, `gradient ${i}`));
  });
}

const unary: Record<string, (x: Floats) => Floats> = {
  'elu alpha 0.3': (x) => core.elu(x, { alpha: 0.3 }),
  'gelu approximate': (x) => core.gelu(x, { approximate: true }),
  'clip -1 3': (x) => core.clip(x, -1, 3),
  'pow 3': (x) => core.pow(x, 3),
  'pow 0.5': (x) => core.pow(x, 0.5),
  'maximum 1': (x) => core.maximum(x, 1),
  'minimum 1': (x) => core.minimum(x, 1),
};
const ops = core as unknown as Readonly<Record<string, (...inputs: Floats[]) => Floats>>;

describe('as TensorFlow', () => {
  for (const [name, golden] of Object.entries(goldens.unary)) {
    it(name, () => expectGolden(name, golden, unary[name] ?? ((x) => ops[name]!(x))));
  }
  for (const [name, golden] of Object.entries(goldens.binary)) {
    it(name, () => expectGolden(name, golden, (a, b) => ops[name]!(a, b)));
  }
  for (const [name, rows] of Object.entries(goldens.reductions)) {
    it(name, () => rows.forEach((golden) => expectGolden(name, golden, (x) => ops[name]!(x))));
  }
  for (const [name, rows] of Object.entries(goldens.along)) {
    it(name, () => rows.forEach((golden) => expectGolden(name, golden, (x) => ops[name]!(x), goldens.weights)));
  }
});
