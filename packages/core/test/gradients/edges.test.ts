/** What a tape owns and lets go, in the order of its life: recorded, popped, walked back, freed. */
import { beforeEach, describe, expect, it } from 'vitest';
import {
  add,
  checkpoint,
  customGrad,
  grad,
  keep,
  logSoftmax,
  logSumExp,
  matmul,
  mul,
  relu,
  scope,
  softmax,
  softplus,
  softsign,
  square,
  sum,
  tanh,
  tensor,
  useBackend,
  valueAndGrad,
  type Backend,
  type Operand,
  type Tensor,
} from '../../src/index.js';
import { recording } from '../../src/tape.js';
import { float64Backend, type Float64Backend } from '../float64-backend.js';
import { catalog } from '../ops/catalog.js';
import { listed, numbersOf } from '../ops/oracle.js';
import { randomTensors } from '../ops/random-tensors.js';

type Floats = Tensor<'float32'>;
let backend: Float64Backend;
beforeEach(async () => {
  backend = float64Backend();
  await useBackend(backend);
});
const floats = (...list: number[]): Floats => tensor(list) as Floats;
const numbers = (x: Tensor): number[] => [...numbersOf(x)];

describe('a tape', () => {
  it('is gone when the function throws, alone or inside another', () => {
    const x = floats(2);
    const thrower = (y: Floats): Floats => {
      mul(y, y);
      throw new Error('mine');
    };
    expect(() => grad(thrower)(x)).toThrow('mine');
    expect(() => grad(checkpoint(thrower))(x)).toThrow('mine');
    expect(recording([x])).toBe(0);
    const outer = grad((y: Floats) => {
      expect(recording([y])).toBe(1);
      expect(() => grad(thrower)(y)).toThrow('mine');
      expect(recording([y])).toBe(1);
      return sum(square(y));
    })(x);
    expect(numbers(outer)).toEqual([4]);
    for (const z of [x, outer]) z.dispose();
    expect(backend.live()).toBe(0);
  });

  it('asks for no gradient of what leads to no parameter', () => {
    let products = 0;
    const product: Float64Backend['matmul'] = (...args) => (products++, backend.matmul(...args));
    const counted = { ...backend, matmul: product } as Backend;
    scope(() => {
      const x = tensor([[1, 2]], [1, 2], { backend: counted });
      const w = tensor([[3], [4]], [2, 1], { backend: counted });
      grad((v: Floats) => sum(matmul(x, v)))(w);
      expect(products).toBe(2);
      grad((v: Floats) => sum(matmul(x, mul(v, x.size))))(w);
      expect(products).toBe(4);
      // Forwards, once more, and one gradient.
      const block = checkpoint((u: Floats, v: Floats) => matmul(u, v));
      grad((v: Floats) => sum(block(x, v)))(w);
      expect(products).toBe(7);
    });
  });

  it('frees the residuals of a fused kernel, also when what follows throws', async () => {
    let residuals = 0;
    const copy = (x: Operand): Operand => ({ ...x, handle: backend.upload(backend.readSync(x as never), x) });
    const fused: Backend = {
      ...backend,
      fused: {
        softmax: {
          accepts: () => true,
          run: (_: unknown, [x]: readonly [Operand]) => [copy(x)],
          runForGradient: (_: unknown, [x]: readonly [Operand]) => (residuals++, { outputs: [copy(x)], residuals: [copy(x)] }), // prettier-ignore
          vjp: (_: unknown, [x]: readonly [Operand]) => [copy(x)],
        },
      },
    } as never;
    await useBackend(fused);
    const x = floats(1, 2);
    scope(() => expect(numbers(grad((y: Floats) => sum(softmax(y)))(x))).toEqual([1, 2]));
    const failing = (y: Floats): Floats => {
      softmax(y);
      throw new Error('mine');
    };
    expect(() => grad(failing)(x)).toThrow('mine');
    expect(residuals).toBe(2);
    x.dispose();
    expect(backend.live()).toBe(0);
  });

  it('holds of a function with a gradient of its own the inputs and the outputs, and nothing between', () => {
    const x = floats(0.3, -2);
    const steep = customGrad(
      (y: Floats) => {
        expect(recording([y])).toBe(0);
        return tanh(mul(y, add(y, 1)));
      },
      ({ grad: g }) => [g],
    );
    for (const f of [softplus, relu, softsign, softmax, logSoftmax, (y: Floats) => logSumExp(y), steep]) {
      let held = 0;
      const slope = grad((y: Floats) => {
        const z = f(y);
        held = backend.live();
        return sum(z);
      })(x);
      expect(held).toBe(2);
      slope.dispose();
    }
  });

  it('walking back holds a few gradients at a time, not one for each step', () => {
    const most = (steps: number): number => {
      let peak = 0;
      const binary: Float64Backend['binary'] = (...args) => {
        const made = backend.binary(...args);
        peak = Math.max(peak, backend.live());
        return made;
      };
      const watched = { ...backend, binary } as Backend;
      scope(() => {
        const f = (x: Floats): Floats => {
          let y = x;
          for (let i = 0; i < steps; i++) y = tanh(mul(y, 1.1));
          return sum(y);
        };
        grad(f)(tensor([1], [1], { backend: watched }));
      });
      return peak;
    };
    // Two results and one number are kept of each step on the way, and no more on the way back.
    expect(most(60) - most(20)).toBeLessThanOrEqual(3 * 40);
  });
});

describe('what is handed out', () => {
  it('is the caller’s alone: the value that is a parameter, the gradient that somebody holds', () => {
    const x = tensor(3) as Floats;
    const [value, slope] = valueAndGrad((y: Floats) => y)(x);
    value.dispose();
    expect([x.disposed, numbers(slope)]).toEqual([false, [1]]);
    const mine = keep(tensor(7) as Floats);
    const constant = customGrad(
      (y: Floats) => mul(y, y),
      () => [mine],
    );
    const g = grad((y: Floats) => constant(y))(x);
    g.dispose();
    expect(numbers(mine)).toEqual([7]);
    for (const z of [x, slope, mine]) z.dispose();
    expect(backend.live()).toBe(0);
  });

  it('a gradient that a rule gives twice is there the second time', () => {
    scope(() => {
      const g = grad((x: Floats) => {
        const five = tensor([5]) as Floats;
        const rule = customGrad(
          (y: Floats) => mul(y, y),
          () => [five],
        );
        return sum(add(rule(mul(x, 2)), rule(mul(x, 3))));
      })(floats(1));
      expect(numbers(g)).toEqual([25]);
    });
    expect(backend.live()).toBe(0);
  });

  it('has zeros and seeds on the backend of the parameter, not on the default one', () => {
    const other = float64Backend();
    const p = { used: tensor([2], [1], { backend: other }), unused: tensor([3], [1], { backend: other }) };
    const [value, grads] = valueAndGrad((q: typeof p) => sum(square(q.used)))(p);
    for (const x of [value, grads.used, grads.unused]) expect(x.backend).toBe(other);
    expect([numbers(grads.used), numbers(grads.unused)]).toEqual([[4], [0]]);
    expect(backend.live()).toBe(0);
  });
});

describe('away from the default backend', () => {
  const floating = catalog.filter((c) => !/^(argM|any|all|equal|notEqual|less|greater|logical(And|Or|Not)|oneHot|cast|broadcastTo: bool)/.test(c.name)); // prettier-ignore
  it('every op, its gradient and the gradient of that stay where the inputs are', async () => {
    expect(floating.length).toBeGreaterThan(150);
    for (const c of floating) {
      const there = float64Backend();
      await useBackend(there);
      const inputs = scope(() => c.inputs(randomTensors(c.name)));
      const none = float64Backend();
      await useBackend(none);
      scope(() => {
        const run = (xs: readonly Tensor[]): Floats => {
          const ys = listed((c.run as (...xs: readonly Tensor[]) => Tensor | Tensor[])(...xs));
          return ys.filter((y) => y.dtype === 'float32').map((y) => sum(square(y as Floats))).reduce(add); // prettier-ignore
        };
        const first = grad((xs: readonly Tensor[]) => run(xs))(inputs);
        const second = grad((xs: readonly Tensor[]) =>
          grad((zs: readonly Tensor[]) => run(zs))(xs)
            .filter((g) => g.dtype === 'float32')
            .map((g) => sum(square(g as Floats)))
            .reduce(add),
        )(inputs);
        for (const g of [...first, ...second]) expect([c.name, g.backend === there]).toEqual([c.name, true]);
        expect([c.name, none.live()]).toEqual([c.name, 0]);
      });
    }
  });
});

describe('a checkpoint', () => {
  it('has arguments of its own, which may be gone', () => {
    const g = scope(() =>
      numbers(
        grad((x: Floats) => {
          const y = mul(x, 2);
          const z = checkpoint((v: Floats) => mul(v, v))(y);
          y.dispose();
          return sum(z);
        })(floats(1, 2)),
      ),
    );
    expect(g).toEqual([8, 16]);
    expect(backend.live()).toBe(0);
  });

  it('gives what it captures a gradient, when used by a tape inside only', () => {
    const run = (remat: <A extends readonly unknown[], R>(f: (...args: A) => R) => (...args: A) => R): number[] =>
      scope(() => {
        const g = grad(([x, w]: readonly [Floats, Floats]) => {
          const inner = remat((y: Floats) => grad((v: Floats) => sum(mul(mul(v, mul(v, v)), tanh(w))))(y));
          return sum(mul(inner(mul(x, 2)), w));
        })([floats(0.3, -0.7), floats(1.5, 0.4)]);
        return g.flatMap(numbers);
      });
    const expected = run((f) => f);
    run(checkpoint as never).forEach((v, i) => expect(v).toBeCloseTo(expected[i]!, 12));
    expect(expected.every((v) => Math.abs(v) > 0.01)).toBe(true);
  });
});

describe('refused', () => {
  it('a promise, whose rejection is nobody’s any more', async () => {
    const rejections: unknown[] = [];
    const note = (reason: unknown): void => void rejections.push(reason);
    process.on('unhandledRejection', note);
    try {
      const failing = async (x: Floats): Promise<never> => {
        mul(x, x);
        throw new Error('late');
      };
      expect(() => grad(failing as never)(floats(1))).toThrow(expect.objectContaining({ code: 'GRADIENT' }));
      await new Promise((resolve) => setTimeout(resolve, 5));
    } finally {
      process.off('unhandledRejection', note);
    }
    expect(rejections).toEqual([]);
  });

  it('what is disposed: a parameter, even one that is not used, and the value', () => {
    const x = floats(1);
    const gone = floats(2);
    gone.dispose();
    const disposed = expect.objectContaining({ code: 'DISPOSED' });
    expect(() => grad(([y]: readonly Floats[]) => sum(y!))([x, gone])).toThrow(disposed);
    const ends = (y: Floats): Floats => {
      const z = sum(square(y));
      z.dispose();
      return z;
    };
    expect(() => grad(ends)(x)).toThrow(expect.objectContaining({ code: 'DISPOSED', op: 'grad' }));
    x.dispose();
    expect(backend.live()).toBe(0);
  });

  it('what is no tree, in which tensors would be overlooked', () => {
    const x = floats(1);
    for (const params of [
      new Map([['x', x]]),
      { x, rate: 3 },
      new (class {
        x = x;
      })(),
    ]) {
      // prettier-ignore
      expect(() => grad(() => sum(x))(params)).toThrow(expect.objectContaining({ code: 'NOT_A_TREE' }));
    }
  });
});
