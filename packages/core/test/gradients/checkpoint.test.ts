/** `checkpoint` and `customGrad`: what they differentiate to, what they refuse, and what they leave behind. */
import { beforeEach, expect, it } from 'vitest';
import {
  add,
  cast,
  checkpoint,
  concat,
  customGrad,
  grad,
  matmul,
  mul,
  pow,
  reshape,
  scope,
  sum,
  tanh,
  tensor,
  useBackend,
  valueAndGrad,
} from '../../src/index.js';
import type { Tensor } from '../../src/index.js';
import { float64Backend, type Float64Backend } from '../float64-backend.js';
import { numbersOf } from '../ops/oracle.js';

type Floats = Tensor<'float32'>;
let backend: Float64Backend;
beforeEach(async () => {
  backend = float64Backend();
  await useBackend(backend);
});

const a = (): Floats => tensor([[0.3, -0.8, 0.5]]) as Floats;
const w = (): Floats =>
  tensor([
    [0.2, 0.7, -0.4],
    [-0.6, 0.1, 0.9],
    [0.5, -0.3, 0.8],
  ]) as Floats;

it('gives the gradients of its arguments and of what it captures', () => {
  for (const nested of [false, true]) {
    const run = (remat: <A extends readonly unknown[], R>(f: (...args: A) => R) => (...args: A) => R): number[][] =>
      scope(() => {
        const loss = (p: { x: Floats; W: Floats }): Floats => {
          const hidden = tanh(matmul(p.x, p.W));
          const inner = (y: Floats): Floats => tanh(matmul(y, p.W));
          const block = remat((y: Floats) => {
            const z = (nested ? remat(inner) : inner)(y);
            return [mul(z, hidden), y, y] as const;
          });
          const [u, v, again] = block(mul(hidden, 2));
          return sum(mul(mul(u, v), mul(again, p.x)));
        };
        const [value, { x, W }] = valueAndGrad(loss)({ x: a(), W: w() });
        return [value, x, W].map((t) => [...numbersOf(t)]);
      });
    const expected = run((f) => f);
    const found = run(checkpoint as never);
    found.forEach((list, i) => list.forEach((v, j) => expect(v).toBeCloseTo(expected[i]![j]!, 13)));
    expect(Math.abs(expected[1]![0]!)).toBeGreaterThan(1e-3);
  }
});

it('has a second derivative: d²(x³)/dx² at 2 is 12', () => {
  const cube = checkpoint((x: Floats) => mul(x, mul(x, x)));
  expect(scope(() => numbersOf(grad(grad((x: Floats) => cube(x)))(tensor(2) as Floats))[0])).toBeCloseTo(12, 12);
  expect(scope(() => numbersOf(grad(checkpoint(grad((x: Floats) => cube(x))))(tensor(2) as Floats))[0])).toBeCloseTo(
    12,
    12,
  );
});

it('runs once more on the way back, and not where nothing is differentiated', () => {
  let runs = 0;
  const f = checkpoint((x: Floats) => {
    runs++;
    return sum(pow(x, 2));
  });
  scope(() => {
    f(a());
    expect(runs).toBe(1);
    grad(f)(a());
    expect(runs).toBe(3);
    grad((x: Floats) => mul(sum(x), f(a())))(a());
    expect(runs).toBe(4);
  });
});

it('refuses a function that gives something else the second time', () => {
  let n = 0;
  const f = checkpoint((x: Floats) => Array.from({ length: ++n }, () => mul(x, 2)));
  expect(() => scope(() => grad((x: Floats) => sum(f(x)[0]!))(a()))).toThrow(
    expect.objectContaining({ code: 'GRADIENT', message: expect.stringContaining('pure') }),
  );
  expect(backend.live()).toBe(0);
  expect(() => checkpoint(3 as never)).toThrow(expect.objectContaining({ code: 'ARGUMENT' }));
});

it('customGrad: the gradient it is given, of every input, in any order of differentiation', () => {
  scope(() => {
    const through = customGrad(
      (x: Floats, y: Floats) => mul(x, y),
      ({ grad: g, inputs: [x, y], output }) => [mul(g, mul(output, 3)), mul(g, mul(x, y))],
    );
    const [x, y] = [tensor(2) as Floats, tensor(5) as Floats];
    const [dx, dy] = grad(([p, q]: readonly [Floats, Floats]) => through(p, q))([x, y]);
    expect([...numbersOf(dx), ...numbersOf(dy)]).toEqual([30, 10]);
    // d(3·output)/dx by its own rule again: 3·(3·output)
    expect(numbersOf(grad(grad((p: Floats) => through(p, y)))(x))[0]).toBe(90);
    const same = customGrad(
      (p: Floats) => p,
      ({ grad: g }) => [mul(g, 7)],
    );
    expect(numbersOf(grad((p: Floats) => mul(same(p), p))(x))[0]).toBe(2 + 7 * 2);
  });
  expect(backend.live()).toBe(0);
});

it('refuses a function that gives other shapes the second time', () => {
  for (const other of [(y: Floats) => sum(y), (y: Floats) => reshape(y, [3, 1]), (y: Floats) => concat([y, y], 0)]) {
    let first = true;
    const f = checkpoint((x: Floats) => {
      const y = mul(x, x);
      return first ? ((first = false), y) : other(y);
    });
    expect(() => scope(() => grad((x: Floats) => sum(f(x)))(a()))).toThrow(
      expect.objectContaining({ code: 'GRADIENT', message: expect.stringContaining('pure') }),
    );
  }
  expect(backend.live()).toBe(0);
});

it('what a function disposes of its inputs is an error that leaves nothing behind', () => {
  const product = (x: Floats, y: Floats): Floats => {
    const z = mul(x, y);
    y.dispose();
    return z;
  };
  const rule = ({ grad: g }: { grad: Floats }): Floats[] => [g, g];
  for (const f of [checkpoint(product), customGrad(product, rule)]) {
    expect(() => scope(() => grad((x: Floats) => sum(f(x, a())))(a()))).toThrow(
      expect.objectContaining({ code: 'DISPOSED' }),
    );
    expect(backend.live()).toBe(0);
    // Caught inside, the rest has its gradient.
    const rest = scope(() => {
      const g = grad((x: Floats) => {
        expect(() => f(x, a())).toThrow(expect.objectContaining({ code: 'DISPOSED' }));
        return sum(mul(x, 3));
      })(a());
      return [...numbersOf(g)];
    });
    expect(rest).toEqual([3, 3, 3]);
    expect(backend.live()).toBe(0);
  }
});

it('customGrad refuses gradients of another shape, dtype or backend', () => {
  const far = float64Backend();
  const strange = [
    () => [tensor([1, 2])],
    () => 3,
    ({ grad: g }: { grad: Floats }) => [cast(g, 'int32')],
    ({ grad: g }: { grad: Floats }) => [cast(g, 'bool')],
    () => [tensor(1, [], { backend: far })],
  ];
  for (const wrong of strange) {
    const f = customGrad(
      (x: Floats) => sum(x),
      (of) => wrong(of as never) as never,
    );
    const g = customGrad(
      (x: Floats) => x,
      (of) => wrong(of as never) as never,
    );
    expect(() => scope(() => grad(f)(a()))).toThrow(expect.objectContaining({ code: 'GRADIENT' }));
    expect(() => scope(() => grad(g)(tensor(1) as Floats))).toThrow(expect.objectContaining({ code: 'GRADIENT' }));
  }
  expect([backend.live(), far.live()]).toEqual([0, 0]);
  // As many gradients as inputs: a missing one is not 0.
  const sum2 = customGrad(
    (x: Floats, y: Floats) => sum(add(x, y)),
    ({ grad: g }) => [g],
  );
  for (const x of [a(), tensor(2) as Floats]) {
    expect(() => scope(() => grad((y: Floats) => sum2(y, y))(x))).toThrow(
      expect.objectContaining({ code: 'GRADIENT' }),
    );
  }
  expect(() => customGrad(3 as never, 3 as never)).toThrow(expect.objectContaining({ code: 'ARGUMENT' }));
});
