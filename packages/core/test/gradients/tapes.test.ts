/** Gradients of gradients, of several leaves and outputs, and what no gradient flows through. */
import { beforeEach, describe, expect, it } from 'vitest';
import {
  add,
  cast,
  div,
  exp,
  full,
  gather,
  grad,
  log,
  matmul,
  mul,
  pow,
  relu,
  reshape,
  scope,
  slice,
  softmax,
  softplus,
  split,
  sqrt,
  square,
  stopGradient,
  sub,
  sum,
  tanh,
  tensor,
  unstack,
  useBackend,
  valueAndGrad,
  where,
  type Backend,
  type Operand,
  type Tensor,
} from '../../src/index.js';
import { float64Backend, type Float64Backend } from '../float64-backend.js';
import { numbersOf } from '../ops/oracle.js';
import { expectGradient, type ScalarFunction } from './central-differences.js';

type Floats = Tensor<'float32'>;
type Scalar = (x: Floats) => Floats;
let backend: Float64Backend;
beforeEach(async () => {
  backend = float64Backend();
  await useBackend(backend);
});

/** The value of the n-th derivative of a scalar function. */
function derivative(f: Scalar, n: number, at: number): number {
  let g = f;
  for (let i = 0; i < n; i++) g = grad(g);
  return scope(() => numbersOf(g(tensor(at)))[0]!);
}

describe('higher order', () => {
  it('d²(x³)/dx² at 2 is 12, however x³ is written', () => {
    for (const cube of [(x: Floats) => pow(x, 3), (x: Floats) => mul(square(x), x), (x: Floats) => mul(x, mul(x, x))]) {
      expect(derivative(cube, 1, 2)).toBeCloseTo(12, 12);
      expect(derivative(cube, 2, 2)).toBeCloseTo(12, 12);
      expect(derivative(cube, 3, 2)).toBeCloseTo(6, 12);
      expect(derivative(cube, 4, 2)).toBeCloseTo(0, 12);
    }
    expect(backend.live()).toBe(0);
  });

  it('xⁿ at 0, where pow meets 0⁰ and 0⁻¹', () => {
    const of = (n: number): number[] => [1, 2, 3, 4, 5].map((order) => derivative((x) => pow(x, n), order, 0));
    expect([0, 1, 2, 3, 4].map(of)).toEqual([
      [0, 0, 0, 0, 0],
      [1, 0, 0, 0, 0],
      [0, 2, 0, 0, 0],
      [0, 0, 6, 0, 0],
      [0, 0, 0, 24, 0],
    ]);
    // Beside 0 the exponent 0 is a number as any other: ∂²(xᵇ)/∂x∂b = xᵇ⁻¹ (1 + b ln x), 1/x at b = 0.
    const slope = (b: Floats): Floats => grad((x: Floats) => pow(x, b))(tensor(4) as Floats);
    expect(derivative(slope, 1, 0)).toBe(0.25);
    expect(derivative((x) => pow(x, 0.5), 1, 0)).toBe(Infinity);
    // ∂(xᵇ)/∂b = xᵇ ln x is 0 at 0, and so is its slope there: xᵇ⁻¹ (1 + b ln x), of which the limit at b = 2 is 0.
    expect(derivative((x) => grad((b: Floats) => pow(x, b))(tensor(2) as Floats), 1, 0)).toBe(0);
  });

  it('softplus at its middle: ½, ¼, 0, −⅛', () => {
    expect([1, 2, 3, 4].map((n) => derivative(softplus, n, 0))).toEqual([0.5, 0.25, 0, -0.125]);
  });

  it('tanh, to the fourth', () => {
    const t = Math.tanh(0.7);
    const expected = [
      1 - t ** 2,
      -2 * t * (1 - t ** 2),
      (6 * t ** 2 - 2) * (1 - t ** 2),
      (16 * t - 24 * t ** 3) * (1 - t ** 2),
    ];
    expected.forEach((e, i) => expect(derivative(tanh, i + 1, 0.7)).toBeCloseTo(e, 12));
  });

  it('an inner gradient of an outer value, which is a constant within', () => {
    // y is a value of its own: f = x · ∂(x·y²)/∂y = 2·x²·y with y = x, so f′ = 6·x².
    const f: Scalar = (x) => mul(x, grad((y: Floats) => mul(x, square(y)))(reshape(x, [])));
    expect(derivative(f, 1, 3)).toBeCloseTo(6 * 9, 12);
  });
});

describe('leaves and outputs', () => {
  it('every leaf has a gradient of its own, even where two are equal', () => {
    const x = tensor([1, 2]);
    const grads = grad((p: { a: Floats; b: Floats }) => sum(add(p.a, p.b)))({ a: x, b: tensor([3, 4]) });
    grads.a.dispose();
    expect(numbersOf(grads.b)).toEqual([1, 1]);
    // The same tensor twice is one value: both get all of its gradient.
    const twice = grad((p: Floats[]) => sum(mul(p[0]!, p[1]!)))([x, x]);
    expect(twice.map((g) => numbersOf(g))).toEqual([[2, 4], [2, 4]]); // prettier-ignore
    twice[0]!.dispose();
    expect(numbersOf(twice[1]!)).toEqual([2, 4]);
  });

  it('a gradient that was shared is a value of its own in the next tape', () => {
    const params = { a: tensor([1, 2]), b: tensor([3, 4]) };
    const step = grad((p: typeof params) => sum(add(p.a, p.b)))(params);
    const next = grad((p: typeof params) => sum(mul(square(p.a), p.b)))(step);
    expect([numbersOf(next.a), numbersOf(next.b)]).toEqual([[2, 2], [1, 1]]); // prettier-ignore
  });

  it('what the value does not depend on has zeros, of its shape and dtype', () => {
    const p = { used: tensor([2]), unused: tensor([[1, 2, 3]]), ints: tensor(Int32Array.of(1, 2)) };
    const [value, grads] = valueAndGrad((q: typeof p) => sum(square(q.used)))(p);
    expect(numbersOf(value)).toEqual([4]);
    expect([grads.unused.shape, numbersOf(grads.unused)]).toEqual([[1, 3], [0, 0, 0]]); // prettier-ignore
    expect([grads.ints.dtype, ...numbersOf(grads.ints)]).toEqual(['int32', 0, 0]);
  });

  it('parts of a split that are not used count as zeros', () => {
    scope(() => {
      const x = tensor([[1, 2, 3, 4], [5, 6, 7, 8]]); // prettier-ignore
      const g = grad((v: Floats) => sum(square(split(v, [1, 2, 1])[1]!)))(x);
      expect(numbersOf(g)).toEqual([0, 4, 6, 0, 0, 12, 14, 0]);
      const h = grad((v: Floats) => sum(square(unstack(v)[1]!)))(x);
      expect(numbersOf(h)).toEqual([0, 0, 0, 0, 10, 12, 14, 16]);
    });
  });

  it('a split brings its gradients together at once', () => {
    const counted = counting(backend);
    const x = tensor([[1, 2, 3, 4]], undefined, { backend: counted.backend });
    grad((v: Floats) => sum(split(v, 4).map((part, i) => mul(part, i)).reduce((a, b) => add(a, b))))(x); // prettier-ignore
    expect(counted.calls.concat).toBe(1);
  });
});

describe('where no gradient flows', () => {
  const flat: Record<string, Scalar> = {
    stopGradient: (x) => square(stopGradient(x)),
    'cast to int32 and back': (x) => cast(cast(x, 'int32'), 'float32'),
    'a condition': (x) => where(cast(x, 'bool'), full([], 3), 4),
  };
  for (const [name, f] of Object.entries(flat)) {
    it(name, () => expect(derivative(f, 1, 2.5)).toBe(0));
  }

  it('stopGradient leaves the other factor alone', () => {
    expect(derivative((x) => mul(x, stopGradient(x)), 1, 3)).toBe(3);
  });

  it('indices have none, the table has', () => {
    scope(() => {
      const rows = tensor(Int32Array.of(2, 0, 2));
      const g = grad((p: { table: Floats; rows: typeof rows }) => sum(gather(p.table, p.rows)))({
        table: tensor([[1], [2], [3]]),
        rows,
      });
      expect(numbersOf(g.table)).toEqual([1, 0, 2]);
      expect(numbersOf(g.rows)).toEqual([0, 0, 0]);
    });
  });
});

describe('what is not chosen does not reach the gradient', () => {
  it('NaN and infinity on the other side of where', () => {
    scope(() => {
      const x = tensor([-1, 0, 4]);
      const positive = tensor([false, false, true]);
      for (const [f, expected] of [
        [(v: Floats) => where(positive, sqrt(where(positive, v, 1)), 0), [0, 0, 0.25]],
        [(v: Floats) => where(positive, log(where(positive, v, 1)), v), [1, 1, 0.25]],
      ] as [Scalar, number[]][]) {
        expect(numbersOf(grad((v: Floats) => sum(f(v)))(x))).toEqual(expected);
      }
      const [a, b] = grad(([p, q]: Floats[]) => sum(where(positive, p!, q!)))([
        tensor([NaN, 1, 2]),
        tensor([1, NaN, NaN]),
      ]);
      expect([numbersOf(a!), numbersOf(b!)]).toEqual([[0, 0, 1], [1, 1, 0]]); // prettier-ignore
    });
  });

  it('exponentials that overflow beyond the kink', () => {
    scope(() => {
      const x = tensor([800, -800]);
      expect(numbersOf(grad((v: Floats) => sum(softplus(v)))(x))).toEqual([1, 0]);
      expect(numbersOf(grad((v: Floats) => sum(relu(v)))(x))).toEqual([1, 0]);
    });
  });
});

/** Softmax as a fused kernel that says how often each part of it was called. */
function withSoftmax(differentiable: boolean): { backend: Backend; calls: string[] } {
  const calls: string[] = [];
  const plain = backend;
  const rows = (x: Operand, f: (row: number[]) => number[]): Operand => {
    const width = x.shape.at(-1)!;
    const data = [...plain.readSync(x as never)];
    const out = Float64Array.from({ length: data.length / width }, (_, i) => i).length;
    const result = new Float64Array(data.length);
    for (let i = 0; i < out; i++) result.set(f(data.slice(i * width, (i + 1) * width)), i * width);
    return { handle: plain.upload(result, x), shape: x.shape, dtype: x.dtype };
  };
  const forward = (x: Operand): Operand =>
    rows(x, (row) => {
      const e = row.map((v) => Math.exp(v));
      const total = e.reduce((a, b) => a + b);
      return e.map((v) => v / total);
    });
  const note = <T>(what: string, value: T): T => (calls.push(what), value);
  return {
    calls,
    backend: {
      ...plain,
      fused: {
        softmax: {
          accepts: () => true,
          run: (_, [x]) => note('run', [forward(x)]),
          ...(differentiable && {
            runForGradient: (_: unknown, [x]: readonly [Operand]) =>
              note('runForGradient', { outputs: [forward(x)], residuals: [] }),
            vjp: (
              _: unknown,
              [x]: readonly [Operand],
              [y]: readonly Operand[],
              __: unknown,
              [g]: readonly (Operand | null)[],
            ) => {
              const [ys, gs] = [[...plain.readSync(y as never)], [...plain.readSync(g as never)]];
              const width = x.shape.at(-1)!;
              const dx = ys.map((v, i) => {
                const start = i - (i % width);
                const dot = ys.slice(start, start + width).reduce((a, w, k) => a + w * gs[start + k]!, 0);
                return v * (gs[i]! - dot);
              });
              return note('vjp', [{ handle: plain.upload(Float64Array.from(dx), x), shape: x.shape, dtype: x.dtype }]);
            },
          }),
        },
      },
    },
  };
}

/** How often two kernels of a backend were called. */
function counting(of: Float64Backend): { backend: Backend; calls: { concat: number; reduce: number } } {
  const calls = { concat: 0, reduce: 0 };
  const concat: Float64Backend['concat'] = (...args) => (calls.concat++, of.concat(...args));
  const reduce: Float64Backend['reduce'] = (...args) => (calls.reduce++, of.reduce(...args));
  return { backend: { ...of, concat, reduce } as Backend, calls };
}

describe('the fused softmax', () => {
  const f: ScalarFunction = ([x]) => sum(square(mul(softmax(x as Floats), softmax(x as Floats))));

  it('is asked over the last axis only', async () => {
    const { backend: fused, calls } = withSoftmax(true);
    await useBackend(fused);
    scope(() => {
      const x = tensor([[1, 2, 3], [3, 5, 1]]); // prettier-ignore
      const composed = numbersOf(softmax(x, 0));
      expect(calls).toEqual([]);
      softmax(x);
      softmax(x, 1);
      expect(calls).toEqual(['run', 'run']);
      expect(composed.reduce((a, b) => a + b)).toBeCloseTo(3, 12);
    });
  });

  it('under one tape uses its own gradient; without one, or under two tapes, ops compose', async () => {
    for (const [differentiable, once] of [
      [true, ['runForGradient', 'runForGradient', 'vjp', 'vjp']],
      [false, []],
    ] as const) {
      const { backend: fused, calls } = withSoftmax(differentiable);
      await useBackend(fused);
      scope(() => {
        const x = tensor([[1, 2, 3], [3, 5, 1]]); // prettier-ignore
        grad((v: readonly Tensor[]) => f(v))([x]);
        expect(calls).toEqual(once);
        expectGradient(f, [x]);
        const before = calls.filter((c) => c !== 'run').length;
        grad((v: Floats) => sum(grad((w: Floats) => f([w]))(v)))(x);
        expect(calls.filter((c) => c !== 'run').length).toBe(before);
      });
      expect(backend.live()).toBe(0);
    }
  });

  it('under a second tape that only meets its gradient, ops compose too', async () => {
    // d/dp of d/dx (p · Σ softmax(x)²): the outer tape follows p alone, and comes back as the gradient of softmax.
    const { backend: fused } = withSoftmax(true);
    const outer = (p: Floats): Floats => {
      const x = tensor([0.3, -1, 0.5]);
      return sum(mul(grad((v: Floats) => mul(p, sum(square(softmax(v)))))(x), tensor([1, 2, 3])));
    };
    const plain = scope(() => numbersOf(grad(outer)(tensor(2)))[0]!);
    expect(Math.abs(plain)).toBeGreaterThan(0.01);
    await useBackend(fused);
    expect(scope(() => numbersOf(grad(outer)(tensor(2)))[0]!)).toBeCloseTo(plain, 12);
  });
});

describe('shapes of gradients', () => {
  it('one weight for many rows: its gradient is one product, not a sum of products', async () => {
    const counted = counting(backend);
    await useBackend(counted.backend);
    scope(() => {
      const x = tensor(
        Float64Array.from({ length: 24 }, (_, i) => i % 7),
        [2, 3, 4],
      );
      const w = tensor(
        Float64Array.from({ length: 8 }, (_, i) => i - 3),
        [4, 2],
      );
      for (const transposeB of [false, true]) {
        const v = reshape(w, transposeB ? [2, 4] : [4, 2]);
        const before = counted.calls.reduce;
        const g = grad((u: Floats) => sum(square(matmul(x, u, { transposeB }))))(v);
        // The loss itself.
        expect(counted.calls.reduce - before).toBe(1);
        const h = grad((u: Floats) => sum(square(matmul(reshape(x, [6, 4]), u, { transposeB }))))(v);
        expect([g.shape, numbersOf(g)]).toEqual([v.shape, numbersOf(h)]);
      }
    });
  });

  it('what is empty has an empty gradient', () => {
    scope(() => {
      const x = tensor([], [0, 3]);
      for (const run of [
        (v: Floats) => matmul(v, tensor([[1], [2], [3]])),
        (v: Floats) => div(exp(v), add(v, 1)),
        (v: Floats) => slice(v, [0, 1], [-1, 2]),
        (v: Floats) => sub(softmax(v), v),
      ]) {
        expect(grad((v: Floats) => sum(run(v)))(x).shape).toEqual([0, 3]);
      }
      const w = tensor([[1], [2], [3]]);
      expect(numbersOf(grad((v: Floats) => sum(matmul(x, v)))(w))).toEqual([0, 0, 0]);
    });
  });
});
