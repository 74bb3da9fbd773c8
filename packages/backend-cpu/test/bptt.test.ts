/**
 * Gradients of whole recurrences in one call: over random configurations against the same cell composed of ops, on this
 * backend and in float64, and against differences of the loss itself.
 */
import { decorated, referenceBackend, withoutFused } from '@recurra/conformance-tests';
import {
  activation as named,
  add,
  applyFused,
  grad,
  matmul,
  mul,
  reshape,
  scope,
  split,
  square,
  stack,
  sub,
  sum,
  tensor,
  unstack,
  where,
  zeros,
  type Backend,
  type FusedKernels,
  type Tensor,
  type Tree,
} from '@recurra/core';
import { describe, expect, it } from 'vitest';
import { cpu, gradients } from '../src/index.js';
import { randomFrom, sizeOf } from './support.js';

type Floats = Tensor<'float32'>;
type Numbers = { readonly shape: readonly number[]; readonly data: Float32Array | Float64Array };
type Named = { readonly [name: string]: Floats };

const kinds = ['simpleRNN', 'lstm', 'gru after', 'gru before'] as const;
const gates = { simpleRNN: 1, lstm: 4, 'gru after': 3, 'gru before': 3 } as const;
const activations = [
  'elu',
  'exponential',
  'gelu',
  'hardSigmoid',
  'hardSilu',
  'hardTanh',
  'leakyRelu',
  'linear',
  'mish',
  'relu',
  'relu6',
  'selu',
  'sigmoid',
  'silu',
  'softplus',
  'softsign',
  'tanh',
] as const;

/**
 * Those that the random configurations draw from. An exponential, or a gate without bound, makes of a few steps numbers that
 * no path can hold; these are tried one by one below.
 */
const bounded = ['hardSigmoid', 'hardTanh', 'sigmoid', 'softsign', 'tanh'] as const;
const tame = activations.filter((name) => name !== 'exponential');

interface Problem {
  readonly kind: (typeof kinds)[number];
  readonly units: number;
  readonly activation: (typeof activations)[number];
  readonly recurrentActivation: (typeof activations)[number];
  readonly options: { reverse: boolean; returnSequences: boolean; zeroOutputForMask: boolean };
  readonly mask: readonly (readonly boolean[])[] | null;
  readonly x: Numbers;
  readonly params: Readonly<Record<string, Numbers>>;
  readonly state: Readonly<Record<string, Numbers>> | null;
  /** What y, h and c are multiplied with in the loss; null leaves an output unused. */
  readonly cotangents: readonly (Numbers | null)[];
  /** Whether x, the parameters and the state are differentiated. */
  readonly wanted: readonly [x: boolean, params: boolean, state: boolean];
}

/** Everything of a problem by chance; padding in x holds NaN. */
function problem(seed: number, given: Partial<Problem> = {}): Problem {
  const next = randomFrom(seed);
  for (let i = 0; i < 20; i++) next();
  const upTo = (n: number): number => 1 + Math.floor(((next() + 1) / 2) * n * 0.999999);
  const coin = (): boolean => next() < 0;
  const of = <T>(list: readonly T[]): T => list[upTo(list.length) - 1]!;
  const numbers = (shape: readonly number[], scale: number): Numbers => ({
    shape,
    data: Float32Array.from({ length: sizeOf(shape) }, () => scale * next()),
  });
  const kind = given.kind ?? of(kinds);
  const [batch, time, features, units] = [upTo(5), upTo(7), upTo(5), upTo(9)];
  const n = gates[kind] * units;
  const mask = coin() ? null : Array.from({ length: batch }, () => Array.from({ length: time }, coin));
  const x = numbers([batch, time, features], 1.5);
  mask?.flat().forEach((valid, row) => {
    if (!valid) x.data.fill(NaN, row * features, (row + 1) * features);
  });
  // As large as initializers draw them: an activation without bound would grow without bound.
  const scale = 1 / Math.sqrt(features + units);
  const parts = kind === 'lstm' ? ['h', 'c'] : ['h'];
  const options = { reverse: coin(), returnSequences: coin(), zeroOutputForMask: coin() };
  const y = options.returnSequences ? [batch, time, units] : [batch, units];
  const cotangents = [y, ...parts.map(() => [batch, units])].map((shape) =>
    coin() && coin() ? null : numbers(shape, 1),
  );
  const wanted = [coin(), coin(), coin()] as [boolean, boolean, boolean];
  return {
    kind,
    units,
    activation: coin() ? 'tanh' : of(tame),
    recurrentActivation: coin() ? 'sigmoid' : of(bounded),
    options,
    mask,
    x,
    params: {
      kernel: numbers([features, n], scale),
      recurrentKernel: numbers([units, n], scale),
      ...(coin() && { bias: numbers(kind === 'gru after' ? [2, n] : [n], 0.5) }),
    },
    state: coin() ? Object.fromEntries(parts.map((part) => [part, numbers([batch, units], 1)])) : null,
    cotangents: cotangents.every((g) => g === null) ? [numbers(y, 1), ...cotangents.slice(1)] : cotangents,
    wanted: wanted.includes(true) ? wanted : [true, true, true],
    ...given,
  };
}

/** y, h and c, step by step: the equations and the rules of masks, of ops. */
function compose(
  { kind, units, activation, recurrentActivation, options }: Problem,
  x: Floats,
  { kernel, recurrentKernel: U, bias }: Named,
  state: Named | null,
  mask: Tensor<'bool'> | null,
): Floats[] {
  const { backend } = x;
  const [batch, time] = x.shape as [number, number];
  const zero = zeros([batch, units], { backend });
  const [act, ract] = [named(activation).apply, named(recurrentActivation).apply];
  const xs = unstack(mask ? where(reshape(mask, [batch, time, 1]), x, 0) : x, 1) as Floats[];
  const valids = mask && split(mask, time, 1);
  const plus = (z: Floats, b: Floats | undefined): Floats => (b ? add(z, b) : z);
  const [b, b_] = (bias && kind === 'gru after' ? unstack(bias) : [bias]) as (Floats | undefined)[];
  let [h, c, previous] = [state?.['h'] ?? zero, state?.['c'] ?? zero, zero];
  const step = (xW: Floats): [Floats, Floats] => {
    if (kind === 'simpleRNN') return [act(add(xW, matmul(h, U!))), c];
    if (kind === 'lstm') {
      const [i, f, g, o] = split(add(xW, matmul(h, U!)), 4, -1) as [Floats, Floats, Floats, Floats];
      const next = add(mul(ract(f), c), mul(ract(i), act(g)));
      return [mul(ract(o), act(next)), next];
    }
    const [x_z, x_r, x_h] = split(xW, 3, -1) as [Floats, Floats, Floats];
    const [h_z, h_r, h_h] = split(plus(matmul(h, U!), b_), 3, -1) as [Floats, Floats, Floats];
    const [z, r] = [ract(add(x_z, h_z)), ract(add(x_r, h_r))];
    const U_h = (): Floats => split(U!, 3, -1)[2] as Floats;
    const share = kind === 'gru after' ? mul(r, h_h) : matmul(mul(r, h), U_h());
    return [add(mul(z, h), mul(sub(1, z), act(add(x_h, share)))), c];
  };
  const ys: Floats[] = [];
  for (let i = 0; i < time; i++) {
    const t = options.reverse ? time - 1 - i : i;
    const [y, memory] = step(plus(matmul(xs[t]!, kernel!), b));
    const valid = valids?.[t];
    const choose = (now: Floats, stay: Floats): Floats => (valid ? (where(valid, now, stay) as Floats) : now);
    previous = choose(y, previous);
    ys[t] = options.zeroOutputForMask ? choose(y, zero) : previous;
    [h, c] = [choose(y, h), choose(memory, c)];
  }
  const last = ys[options.reverse ? 0 : time - 1]!;
  return [options.returnSequences ? (stack(ys, 1) as Floats) : last, h, ...(kind === 'lstm' ? [c] : [])];
}

/** As a cell goes about it: the kernel, or null where the backend has none or core cannot take it; then ops. */
function outputsOf(p: Problem, x: Floats, params: Named, state: Named | null, mask: Tensor<'bool'> | null): Floats[] {
  const [batch, time, inputs] = x.shape as [number, number, number];
  const spec = {
    ...p.options,
    dims: { batch, time, inputs, units: p.units },
    activation: p.activation,
    recurrentActivation: p.recurrentActivation,
    resetAfter: p.kind === 'gru after',
  };
  const states = (p.kind === 'lstm' ? ['h', 'c'] : ['h']).map((part) => state?.[part] ?? null);
  const { kernel, recurrentKernel, bias } = params;
  const name = p.kind === 'lstm' || p.kind === 'simpleRNN' ? p.kind : 'gru';
  const made = applyFused(name, spec, [x, kernel!, recurrentKernel!, bias ?? null, ...states, mask]);
  return (made as Floats[] | null) ?? compose(p, x, params, state, mask);
}

interface Inputs {
  readonly x?: Floats;
  readonly params?: Named;
  readonly state?: Named;
}

/** The loss as a function of what is differentiated, and that. */
function lossOf(backend: Backend, p: Problem): { f: (given: Inputs) => Floats; inputs: Inputs } {
  const up = ({ data, shape }: Numbers): Floats => tensor(data, shape, { backend }) as Floats;
  const all = (group: Readonly<Record<string, Numbers>>): Named =>
    Object.fromEntries(Object.entries(group).map(([name, numbers]) => [name, up(numbers)]));
  const [x, params, state] = [up(p.x), all(p.params), p.state && all(p.state)];
  const mask = p.mask && (tensor(p.mask as boolean[][], undefined, { backend }) as Tensor<'bool'>);
  const inputs: Inputs = {
    ...(p.wanted[0] && { x }),
    ...(p.wanted[1] && { params }),
    ...(p.wanted[2] && state && { state }),
  };
  const f = (given: Inputs): Floats => {
    const made = outputsOf(p, given.x ?? x, given.params ?? params, given.state ?? state, mask);
    const terms = made.flatMap((y, i) => (p.cotangents[i] ? [sum(mul(y, up(p.cotangents[i])))] : []));
    return terms.reduce((total, term) => add(total, term)) as Floats;
  };
  return { f, inputs: Object.keys(inputs).length === 0 ? { x } : inputs };
}

/** The gradients on a backend, by name. */
function solve(backend: Backend, p: Problem): Map<string, number[]> {
  return scope(() => {
    const { f, inputs } = lossOf(backend, p);
    const found = grad(f as never)(inputs as never) as unknown as Tree;
    const grads = new Map<string, number[]>();
    const walk = (path: string, tree: unknown): void => {
      if (typeof (tree as Tensor).dataSync === 'function') grads.set(path, Array.from((tree as Tensor).dataSync()));
      else for (const [key, part] of Object.entries(tree as object)) walk(`${path}/${key}`, part);
    };
    walk('', found);
    return grads;
  });
}

/** A backend that counts how often a vjp of its own is asked. */
function counting(backend: Backend): { backend: Backend; calls: () => number } {
  let calls = 0;
  const fused = Object.fromEntries(
    Object.entries(backend.fused!).map(([name, kernel]) => {
      const { vjp } = kernel as { vjp?: (...args: unknown[]) => unknown };
      return [name, { ...kernel, ...(vjp && { vjp: (...args: unknown[]) => (calls++, vjp(...args)) }) }];
    }),
  ) as unknown as FusedKernels<object>;
  return { backend: decorated(backend, { fused }) as Backend, calls: () => calls };
}

const fused = counting(cpu({ gradients }) as unknown as Backend);
const composed = withoutFused(cpu() as unknown as Backend);
const reference = referenceBackend() as unknown as Backend;

/** The largest distance, as a share of the largest number (of 1, if all are smaller). */
function distance(actual: readonly number[], expected: readonly number[]): number {
  expect(actual.length).toBe(expected.length);
  const size = expected.reduce((most, v) => Math.max(most, Math.abs(v)), 1);
  return actual.reduce((most, v, i) => {
    const off = Math.abs(v - expected[i]!) / size;
    return Number.isNaN(off) ? Infinity : Math.max(most, off);
  }, 0);
}

function expectGradients(p: Problem): void {
  const before = fused.calls();
  const actual = solve(fused.backend, p);
  expect(fused.calls()).toBe(before + 1);
  const other = solve(composed, p);
  const exact = solve(reference, p);
  expect([...actual.keys()]).toEqual([...exact.keys()]);
  for (const [name, numbers] of actual) {
    const fromComposed = distance(numbers, other.get(name)!);
    const fromExact = distance(numbers, exact.get(name)!);
    const which = `${JSON.stringify({ ...p, x: p.x.shape, params: 0, state: 0, cotangents: 0 })}`;
    if (!(fromExact < 5e-7 && fromComposed < 2e-6)) {
      expect.fail(`${name}: ${fromExact} from float64, ${fromComposed} from the composed path; ${which}`);
    }
  }
}

describe('against the composed tape and float64', () => {
  it.each(kinds)('%s: random configurations', (kind) => {
    const many = process.env['RECURRA_TESTS'] === 'whole' ? 100 : 40;
    for (let seed = 0; seed < many; seed++) expectGradients(problem(1000 * (kinds.indexOf(kind) + 1) + seed, { kind }));
  });
  it.each(activations)('%s, in every place', (activation) => {
    kinds.forEach((kind, i) => {
      expectGradients(problem(7000 + i, { kind, activation, recurrentActivation: 'sigmoid' }));
      if (kind !== 'simpleRNN')
        expectGradients(problem(8000 + i, { kind, activation: 'tanh', recurrentActivation: activation }));
    });
  });
});

it('follows the loss where it is moved a little', async () => {
  for (const [i, kind] of kinds.entries()) {
    for (let seed = 0; seed < 6; seed++) {
      const p = problem(30000 + 100 * i + seed, {
        kind,
        activation: 'silu',
        recurrentActivation: 'sigmoid',
        wanted: [true, true, true],
      });
      const next = randomFrom(seed);
      let along = 0;
      const grads = solve(fused.backend, p);
      const moves = new Map([...grads].map(([name, g]) => [name, g.map(() => next())]));
      for (const [name, g] of grads) g.forEach((v, j) => (along += v * moves.get(name)![j]!));
      const moved = async (by: number): Promise<number> => {
        const to = (name: string, { shape, data }: Numbers): Numbers => ({
          shape,
          data: Float64Array.from(data, (v, j) => v + by * (moves.get(name)?.[j] ?? 0)),
        });
        const group = (path: string, given: Readonly<Record<string, Numbers>>): Record<string, Numbers> =>
          Object.fromEntries(Object.entries(given).map(([name, numbers]) => [name, to(`${path}/${name}`, numbers)]));
        const there: Problem = {
          ...p,
          x: to('/x', p.x),
          params: group('/params', p.params),
          state: p.state && group('/state', p.state),
        };
        const { f, inputs } = lossOf(reference, there);
        return (await f(inputs).raw())[0]!;
      };
      const h = 1e-4;
      const measured = ((await moved(h)) - (await moved(-h))) / (2 * h);
      expect(Math.abs(along - measured) / (1 + Math.abs(measured))).toBeLessThan(5e-6);
    }
  }
});

describe('the tape', () => {
  const lstm = problem(5, {
    kind: 'lstm',
    activation: 'tanh',
    recurrentActivation: 'sigmoid',
    wanted: [true, true, true],
  });

  it('composes second order, and it is right', () => {
    for (const kind of kinds) {
      const p = problem(77, { kind, activation: 'tanh', recurrentActivation: 'sigmoid', wanted: [true, false, false] });
      const second = (backend: Backend): number[] =>
        scope(() => {
          const { f, inputs } = lossOf(backend, p);
          const first = (x: Floats): Floats =>
            sum(square((grad(f as never)({ x } as never) as unknown as { x: Floats }).x)) as Floats;
          return Array.from((grad(first as never)(inputs.x as never) as unknown as Floats).dataSync());
        });
      const before = fused.calls();
      const actual = second(fused.backend);
      expect(fused.calls()).toBe(before);
      expect(distance(actual, second(reference))).toBeLessThan(2e-5);
    }
  });

  it('composes without the option, and says so by what is absent', () => {
    const without = cpu().fused!;
    const given = cpu({ gradients }).fused!;
    for (const name of ['simpleRNN', 'lstm', 'gru'] as const) {
      expect(without[name]).not.toHaveProperty('vjp');
      expect(without[name]).not.toHaveProperty('runForGradient');
      expect(given[name]).toHaveProperty('vjp');
      expect(given[name]).toHaveProperty('runForGradient');
    }
  });

  it('gets the outputs of run, bit for bit', () => {
    for (let seed = 0; seed < 40; seed++) {
      const p = problem(9000 + seed);
      const values = (record: boolean): number[] =>
        scope(() => {
          const { f, inputs } = lossOf(fused.backend, p);
          if (!record) return Array.from(f(inputs).dataSync());
          const seen: number[] = [];
          grad(((given: Inputs) => {
            const loss = f(given);
            seen.push(...loss.dataSync());
            return loss;
          }) as never)(inputs as never);
          return seen;
        });
      expect(values(true)).toEqual(values(false));
    }
  });

  it('holds what the documentation says, and gives it back', () => {
    const floats = { simpleRNN: [1, 2], lstm: [5, 6], 'gru after': [4, 5], 'gru before': [3, 4] };
    for (const kind of kinds) {
      for (const returnSequences of [true, false]) {
        const backend = cpu({ gradients });
        const name = kind === 'lstm' || kind === 'simpleRNN' ? kind : 'gru';
        const p = problem(41, { kind });
        const [batch, time, inputs] = p.x.shape as [number, number, number];
        const { units, activation, recurrentActivation, options } = p;
        const dims = { batch, time, inputs, units };
        const spec = {
          ...options,
          dims,
          activation,
          recurrentActivation,
          returnSequences,
          resetAfter: kind === 'gru after',
        };
        const up = ({ data, shape }: Numbers): object => ({
          handle: backend.upload(data, { shape, dtype: 'float32' }),
          shape,
          dtype: 'float32',
        });
        const { kernel, recurrentKernel } = p.params;
        const states = kind === 'lstm' ? [null, null] : [null];
        const given = [up(p.x), up(kernel!), up(recurrentKernel!), null, ...states, null] as never;
        const live = backend.live!();
        const { outputs, residuals } = backend.fused![name]!.runForGradient!(spec as never, given);
        const held = residuals.reduce((total, { shape }) => total + sizeOf(shape), 0);
        expect(held).toBe(floats[kind][returnSequences ? 0 : 1]! * batch * time * units);
        for (const { handle } of [...outputs, ...residuals]) backend.free(handle);
        expect(backend.live!()).toBe(live);
      }
    }
  });

  it('leaves nothing alive but the gradients', () => {
    const backend = cpu({ gradients }) as unknown as Backend;
    scope(() => {
      const { f, inputs } = lossOf(backend, lstm);
      const before = backend.live!();
      const found = grad(f as never)(inputs as never) as unknown as { x: Floats; params: Named };
      const handedOut = 1 + Object.keys(found.params).length + Object.keys(lstm.state ?? {}).length;
      // Each call of f uploads its cotangents, which stay until the scope ends.
      const uploads = lstm.cotangents.filter((g) => g !== null).length;
      expect(backend.live!() - before).toBeLessThanOrEqual(handedOut + uploads);
    });
    expect(backend.live!()).toBe(0);
  });

  it('gives the same bits again, whatever memory it finds', () => {
    const twice = [0, 1].map(() => {
      const backend = cpu({ gradients }) as unknown as Backend;
      return [0, 1, 2].map((n) => [n, ...solve(backend, problem(n === 1 ? 12 : 11, { kind: 'gru before' })).values()]);
    });
    expect(twice[0]).toEqual(twice[1]);
    expect(twice[0]![0]!.slice(1)).toEqual(twice[0]![2]!.slice(1));
  });
});

it('takes no other gradients than its own', () => {
  for (const wrong of [null, true, {}, () => gradients]) {
    expect(() => cpu({ gradients: wrong as never })).toThrow(/gradients must be the export of that name/);
  }
});
