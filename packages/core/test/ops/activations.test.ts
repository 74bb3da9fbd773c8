/** Activations from their formulas, and by the names that Keras gives them. */
import { describe, expect, it } from 'vitest';
import * as core from '../../src/index.js';
import {
  activation,
  RecurraError,
  scope,
  tensor,
  useBackend,
  type ActivationName,
  type Tensor,
} from '../../src/index.js';
import { float64Backend } from '../float64-backend.js';
import { expectElements, numbersOf } from './oracle.js';

await useBackend(float64Backend());

const clamp = (x: number, low: number, high: number): number => Math.min(Math.max(x, low), high);
const softplus = (x: number): number => (x > 30 ? x : Math.log1p(Math.exp(x)));
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** By their canonical names. erf has its own test, so gelu is held against known values below. */
const formulas: Record<string, (x: number) => number> = {
  elu: (x) => (x > 0 ? x : Math.expm1(x)),
  exponential: Math.exp,
  hardSigmoid: (x) => clamp(x / 6 + 0.5, 0, 1),
  hardSilu: (x) => x * clamp(x / 6 + 0.5, 0, 1),
  hardTanh: (x) => clamp(x, -1, 1),
  leakyRelu: (x) => (x > 0 ? x : 0.2 * x),
  linear: (x) => x,
  mish: (x) => x * Math.tanh(softplus(x)),
  relu: (x) => Math.max(x, 0),
  relu6: (x) => clamp(x, 0, 6),
  selu: (x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x)),
  sigmoid,
  silu: (x) => x * sigmoid(x),
  softplus,
  softsign: (x) => x / (1 + Math.abs(x)),
  tanh: Math.tanh,
};
const line = Array.from({ length: 161 }, (_, i) => (i - 80) / 8);

describe('activations', () => {
  for (const [name, f] of Object.entries(formulas)) {
    const op = (core as unknown as Record<string, (x: Tensor<'float32'>) => Tensor>)[name]!;
    it(name, () => {
      scope(() => {
        expectElements(op(tensor(line, [7, 23])), [7, 23], (i, j) => f(line[i! * 23 + j!]!), true);
        expect(numbersOf(op(tensor(NaN)))).toEqual([NaN]);
        expect(numbersOf(op(tensor(1e3)))[0]).toBeCloseTo(f(1e3), 9);
        expect(op(tensor([])).shape).toEqual([0]);
      });
    });
  }

  it('gelu, exact and approximate', () => {
    // x·Φ(x): the normal distribution from tables. The other formula is short enough to be written again.
    const phi = [0.0013498980316301, 0.15865525393145707, 0.5, 0.6914624612740131, 0.9772498680518208];
    const xs = [-3, -1, 0, 0.5, 2];
    scope(() => {
      expectElements(core.gelu(tensor(xs)), [5], (i) => xs[i]! * phi[i]!, true);
      const approximately = (x: number): number =>
        0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
      expectElements(core.gelu(tensor(xs), { approximate: true }), [5], (i) => approximately(xs[i]!), true);
    });
  });

  it('takes alpha and slope', () => {
    scope(() => {
      expect(numbersOf(core.elu(tensor([-1, 2]), { alpha: 3 }))).toEqual([3 * Math.expm1(-1), 2]);
      expect(numbersOf(core.leakyRelu(tensor([-1, 2]), { negativeSlope: 0.5 }))).toEqual([-0.5, 2]);
    });
  });

  it('softplus neither overflows nor vanishes', () => {
    scope(() => {
      const y = numbersOf(core.softplus(tensor([-700, -40, 40, 700])));
      [Math.exp(-700), Math.exp(-40), 40, 700].forEach((e, i) => expect(y[i]! / e).toBeCloseTo(1, 12));
    });
  });
});

describe('activation by name', () => {
  const names: Record<ActivationName, string> = {
    elu: 'elu',
    exponential: 'exponential',
    gelu: 'gelu',
    hardSigmoid: 'hardSigmoid',
    hard_sigmoid: 'hardSigmoid',
    hardSilu: 'hardSilu',
    hard_silu: 'hardSilu',
    hardSwish: 'hardSilu',
    hard_swish: 'hardSilu',
    hardTanh: 'hardTanh',
    hard_tanh: 'hardTanh',
    leakyRelu: 'leakyRelu',
    leaky_relu: 'leakyRelu',
    linear: 'linear',
    mish: 'mish',
    relu: 'relu',
    relu6: 'relu6',
    selu: 'selu',
    sigmoid: 'sigmoid',
    silu: 'silu',
    swish: 'silu',
    softplus: 'softplus',
    softsign: 'softsign',
    tanh: 'tanh',
  };

  it('resolves every name to the function it names', () => {
    const byName = core as unknown as Record<string, (x: Tensor<'float32'>) => Tensor>;
    scope(() => {
      const x = tensor([-2.3, 0.4, 1.7]);
      for (const [given, canonical] of Object.entries(names)) {
        const found = activation(given as ActivationName);
        expect(found.name).toBe(canonical);
        expect(numbersOf(found.apply(x))).toEqual(numbersOf(byName[canonical]!(x)));
      }
    });
  });

  it('null is linear', () => {
    const found = activation(null);
    expect(found.name).toBe('linear');
    scope(() => expect(numbersOf(found.apply(tensor([-2, 3])))).toEqual([-2, 3]));
  });

  it('a function has no name, unless it is one of ours', () => {
    const mine = activation((x) => core.mul(x, 3));
    expect(mine.name).toBeNull();
    scope(() => expect(numbersOf(mine.apply(tensor([-2, 3])))).toEqual([-6, 9]));
    expect(activation(core.hardSigmoid).name).toBe('hardSigmoid');
  });

  it('says who asked, and what was probably meant', () => {
    for (const [given, meant] of [
      ['tahn', 'tanh'],
      ['sigmoyd', 'sigmoid'],
      ['hard_sigmod', 'hardSigmoid'],
      ['Relu', 'relu'],
    ]) {
      let caught: unknown;
      try {
        activation(given as never, 'lstmCell');
      } catch (error) {
        caught = error;
      }
      expect(caught).toBeInstanceOf(RecurraError);
      const { code, op, hint, facts } = caught as RecurraError;
      expect({ code, op, hint, facts }).toEqual({
        code: 'UNKNOWN_NAME',
        op: 'lstmCell',
        hint: `did you mean '${meant}'?`,
        facts: { activation: given },
      });
    }
  });

  it('refuses what is no name at all', () => {
    for (const given of ['', 'constructor', 'toString', '__proto__', 'hard__sigmoid', 3, undefined, {}]) {
      expect(() => activation(given as never)).toThrow(expect.objectContaining({ code: 'UNKNOWN_NAME' }));
    }
  });
});
