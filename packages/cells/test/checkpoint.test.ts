/** `checkpoint`: the same outputs and gradients as without it, whatever the cell, the path and the options; less memory. */
import { cpu, gradients } from '@recurra/backend-cpu';
import {
  add,
  grad,
  leaves,
  mapTree,
  mul,
  scope,
  setRandomSeed,
  square,
  sub,
  sum,
  tensor,
  useBackend,
  valueAndGrad,
  type Backend,
  type Tensor,
} from '@recurra/core';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  bidirectional,
  gruCell,
  lstmCell,
  residual,
  rnn,
  segments,
  simpleRNNCell,
  stackedRNNCells,
  zoneout,
  type Cell,
  type RNNOptions,
} from '../src/index.js';

type Floats = Tensor<'float32'>;
const [B, T, F, U] = [3, 7, 4, 5];

/** Numbers that look random, from −1 to 1. */
function numbers(n: number, seed: number): Float32Array {
  let at = seed;
  return Float32Array.from({ length: n }, () => ((at = (at * 48271) % 2147483647) / 2147483647) * 2 - 1);
}
const of = (shape: number[], seed: number): Floats =>
  tensor(
    numbers(
      shape.reduce((a, b) => a * b, 1),
      seed,
    ),
    shape,
  ) as Floats;

const seed = 5;
const cells: Record<string, () => Cell> = {
  simpleRNN: () => simpleRNNCell({ units: U }) as unknown as Cell,
  lstm: () => lstmCell({ units: U }) as unknown as Cell,
  gru: () => gruCell({ units: U }) as unknown as Cell,
  'gru, reset before': () => gruCell({ units: U, resetAfter: false }) as unknown as Cell,
  'lstm, dropout': () => lstmCell({ units: U, dropout: 0.4, seed }) as unknown as Cell,
  'gru, both dropouts': () => gruCell({ units: U, dropout: 0.3, recurrentDropout: 0.4, seed }) as unknown as Cell,
  'lstm, zoneout': () => zoneout(lstmCell({ units: U }), { rates: { h: 0.3, c: 0.5 }, seed }) as unknown as Cell,
  'a stack': () =>
    stackedRNNCells([lstmCell({ units: 6 }), gruCell({ units: U, dropout: 0.2, seed })]) as unknown as Cell,
  'residual gru': () => residual(gruCell({ units: F })) as unknown as Cell,
};
const mask = [
  [0, 0, 0, 1, 0, 1, 1],
  [1, 1, 0, 0, 0, 0, 0],
  [0, 0, 0, 0, 0, 0, 1],
].flat();

const every = (length: number | null) => (length === null ? null : segments(length));

const backends: Record<string, () => Backend> = {
  'cpu({ gradients })': () => cpu({ gradients }),
  'cpu()': () => cpu(),
  composed: () => cpu({ fused: false }),
};

/** Outputs, states and gradients of a weighted sum of them, for parameters, x and the state. */
function run(cell: Cell, options: RNNOptions<never>, given: boolean): number[][] {
  return scope(() => {
    const params = mapTree<unknown, Tensor>(cell.init(F), (p) => add(p as Floats, mul(of([...p.shape], 7), 0.1)));
    const x = of([B, T, F], 11);
    const parts = cell.initialState(params as never, B);
    const state = given ? { s: leaves(parts).map((p, i) => of([...p.shape], 30 + i)) } : null;
    const refill = (values: readonly Floats[]): unknown => {
      const rest = [...values];
      const map = (v: unknown): unknown =>
        Array.isArray(v)
          ? v.map(map)
          : Object.fromEntries(
              Object.entries(v as object).map(([k, w]) => [
                k,
                Array.isArray(w) || !('dtype' in w) ? map(w) : rest.shift()!,
              ]),
            );
      return map(parts);
    };
    const made: number[][] = [];
    const [loss, grads] = valueAndGrad((w: { params: unknown; x: Floats; state: { s: Floats[] } | null }) => {
      const how = { ...options, ...(w.state && { initialState: refill(w.state.s) as never }) };
      const { outputs, state: after } = rnn(cell, w.params as never, w.x, how);
      const all = [outputs, ...(leaves(after) as Floats[])];
      let total = sum(mul(all[0]!, of([...all[0]!.shape], 50)));
      all.slice(1).forEach((y, i) => (total = add(total, sum(mul(y, of([...y.shape], 60 + i))))));
      made.push(...all.map((y) => Array.from(y.dataSync())));
      return total;
    })({ params, x, state });
    return [...made, ...[loss, ...leaves(grads)].map((y) => Array.from((y as Floats).dataSync()))];
  });
}

function expectClose(found: number[][], expected: number[][]): void {
  expect(found.map((x) => x.length)).toEqual(expected.map((x) => x.length));
  expected.forEach((x, i) => {
    // A loss near 0 is a sum of numbers near 1: what cancels does not make it more exact.
    const scale = 1 + x.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
    // NaN is the most there is. One expectation, as a thousand take longer than what they look at.
    const worst = x.reduce((most, v, j) => Math.max(most, Math.abs(found[i]![j]! - v) / scale), 0);
    expect(worst).toBeLessThan(5e-6);
  });
}

describe.each(Object.entries(backends))('%s', (_, open) => {
  let backend: Backend;
  beforeEach(async () => {
    backend = open();
    await useBackend(backend);
    setRandomSeed(1);
  });

  it.each(Object.keys(cells))('%s: equal outputs, states and gradients', (name) => {
    const cell = cells[name]!();
    for (const [i, masked] of [false, true, true].entries()) {
      for (const reverse of [false, true]) {
        for (const returnSequences of [false, true]) {
          const shared = { reverse, returnSequences, training: true, dropoutCounter: 3, zeroOutputForMask: i === 2 };
          const options = (checkpoint: number | null) => ({
            ...shared,
            checkpoint: every(checkpoint),
            ...(masked && { mask: scope(() => tensor(mask, [B, T])) }),
          });
          const expected = run(cell, options(null), masked === reverse);
          // 7 steps: segments of 3, 3 and 1, or of 6 and 1.
          const length = masked ? 3 : 6;
          expectClose(run(cell, options(length), masked === reverse), expected);
        }
      }
    }
  });

  it('a gradient of a gradient goes through segments too', () => {
    const cell = lstmCell({ units: U });
    const params = cell.init(F);
    const second = (checkpoint: number | null): number[] =>
      scope(() => {
        const first = grad((x: Floats) =>
          sum(square(rnn(cell, params, x, { checkpoint: every(checkpoint), returnSequences: true }).outputs)),
        );
        return Array.from(grad((x: Floats) => sum(square(first(x))))(of([B, T, F], 3)).dataSync());
      });
    const expected = second(null);
    expect(Math.max(...expected.map(Math.abs))).toBeGreaterThan(1e-3);
    expectClose([second(3)], [expected]);
  });

  it('training steps leave nothing behind', () => {
    // What is left by each of them shows in a hundred; .ci/run asks for a thousand.
    const steps = process.env['RECURRA_TESTS'] === 'whole' ? 1000 : 100;
    const cell = gruCell({ units: 2, dropout: 0.5, seed });
    for (const checkpoint of [segments(2)]) {
      let params = cell.init(1);
      const first = params;
      const x = of([1, 3, 1], 3);
      const step = (dropoutCounter: number): void => {
        const old = params;
        params = scope(() => {
          const options = { checkpoint, training: true, dropoutCounter };
          const grads = grad((p: typeof params) => sum(square(rnn(cell, p, x, options).outputs)))(params);
          const by = leaves(grads) as Floats[];
          let i = 0;
          return mapTree(params, (p) => sub(p as Floats, mul(by[i++]!, 0.01)));
        });
        leaves(old).forEach((p) => p.dispose());
      };
      step(0);
      const before = backend.live!();
      for (let i = 1; i <= steps; i++) step(i);
      expect(backend.live!()).toBe(before);
      expect(leaves(first).every((p) => p.disposed)).toBe(true);
    }
  });
});

it('a gradient of a gradient is that of the composed path, whichever kernels a backend has', async () => {
  const found: number[][] = [];
  for (const open of Object.values(backends)) {
    await useBackend(open());
    const cell = lstmCell({ units: U, recurrentInitializer: 'identity', kernelInitializer: 'ones' });
    found.push(
      scope(() => {
        const params = mapTree(cell.init(F), (p) => mul(of([...p.shape], 9), 0.5));
        const first = grad((x: Floats) => sum(square(rnn(cell, params, x).outputs)));
        return Array.from(grad((x: Floats) => sum(square(first(x))))(of([B, T, F], 3)).dataSync());
      }),
    );
  }
  expect(Math.max(...found[2]!.map(Math.abs))).toBeGreaterThan(1e-3);
  expectClose([found[0]!], [found[2]!]);
  expectClose([found[1]!], [found[2]!]);
});

describe('memory', () => {
  /** The most bytes that are alive at once in a gradient beyond those before it. */
  async function peak(open: () => Backend, time: number, checkpoint: number | null): Promise<number> {
    const backend = open();
    const { upload, free } = backend;
    const bytes = new Map<object, number>();
    let [now, most] = [0, 0];
    const count = (handle: object): object => {
      const size = (handle as { data: Float32Array }).data.byteLength;
      bytes.set(handle, size);
      most = Math.max(most, (now += size));
      return handle;
    };
    const seen = (value: unknown): void => {
      if (Array.isArray(value)) value.forEach(seen);
      else if (value !== null && typeof value === 'object') {
        if ('data' in value) count(value);
        else Object.values(value).forEach(seen);
      }
    };
    const watched = new Proxy(backend, {
      get(target, key) {
        const found = target[key as keyof Backend] as unknown;
        if (key === 'free') {
          return (handle: object) => {
            now -= bytes.get(handle)!;
            bytes.delete(handle);
            free(handle);
          };
        }
        if (key === 'upload') return (...args: Parameters<typeof upload>) => count(upload(...args));
        if (key === 'fused' && found !== undefined) return fusedOf(found as object, seen);
        if (typeof found !== 'function' || ['read', 'readSync', 'live', 'dispose'].includes(String(key))) return found;
        return (...args: unknown[]) => count((found as (...a: unknown[]) => object)(...args));
      },
    });
    await useBackend(watched);
    const cell = lstmCell({ units: 8 });
    const params = cell.init(4);
    const x = of([2, time, 4], 1);
    const start = now;
    most = now;
    scope(() => {
      grad((p: typeof params) => sum(square(rnn(cell, p, x, { checkpoint: every(checkpoint) }).outputs)))(params);
    });
    expect(now).toBe(start);
    return most - start;
  }
  function fusedOf(kernels: object, seen: (value: unknown) => void): unknown {
    return Object.fromEntries(
      Object.entries(kernels).map(([name, kernel]) => [
        name,
        Object.fromEntries(
          Object.entries(kernel as Record<string, (...args: unknown[]) => unknown>).map(([key, f]) => [
            key,
            (...args: unknown[]) => {
              const made = f(...args);
              if (['run', 'runForGradient', 'vjp'].includes(key)) seen(made);
              return made;
            },
          ]),
        ),
      ]),
    );
  }

  it('grows with the root of time, and linearly without', async () => {
    for (const open of [() => cpu({ gradients }), () => cpu({ fused: false })]) {
      const all = [await peak(open, 64, null), await peak(open, 1024, null)] as const;
      const some = [await peak(open, 64, 8), await peak(open, 1024, 32)] as const;
      expect(all[1] / all[0]).toBeGreaterThan(12);
      expect(some[1] / some[0]).toBeLessThan(6);
      expect(some[1]).toBeLessThan(all[1] / 6);
    }
  });
});

it('is passed on to both directions', async () => {
  await useBackend(cpu({ gradients }));
  setRandomSeed(11);
  const [there, back] = [lstmCell({ units: U, dropout: 0.3, seed }), gruCell({ units: U })];
  const params = { forward: there.init(F), backward: back.init(F) };
  const x = of([B, T, F], 21);
  let cut = 0;
  const { length, steps, sequence } = segments(3);
  const counted =
    (f: unknown) =>
    (...given: unknown[]) => (cut++, (f as (...given: unknown[]) => unknown)(...given));
  const watched = { length, steps: counted(steps), sequence: counted(sequence) } as unknown as ReturnType<
    typeof segments
  >;
  const gradientsWith = async (checkpoint: typeof watched | null): Promise<number[][]> => {
    const gradient = grad((p: typeof params) => {
      const layer = { forward: [there, p.forward], backward: [back, p.backward] } as const;
      const { outputs } = bidirectional(layer, x, {
        mask: tensor(mask, [B, T], { dtype: 'bool' }),
        returnSequences: true,
        training: true,
        checkpoint,
      });
      return sum(square(outputs));
    });
    return Promise.all(leaves(gradient(params)).map(async (g) => Array.from(await g.data())));
  };
  const plain = await gradientsWith(null);
  const less = await gradientsWith(watched);
  // Both directions were cut up.
  expect(cut).toBe(2);
  less.forEach((g, i) => g.forEach((v, j) => expect(Math.abs(v - plain[i]![j]!)).toBeLessThan(1e-5)));
});
