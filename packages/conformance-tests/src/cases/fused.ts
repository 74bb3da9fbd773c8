/**
 * A fused kernel gives what the composed path gives. Which cases there are for a backend is read off its `fused`, and
 * what is skipped says what is missing.
 */
import {
  activation,
  add,
  applyFused,
  div,
  matmul,
  mean,
  mul,
  scope,
  softmax,
  sqrt,
  square,
  sub,
  sum,
  valueAndGrad,
  whyNot,
  type ActivationName,
  type Backend,
  type FusedName,
  type FusedSpecOf,
  type Tensor,
} from '@recurra/core';
import { defineCases, type CaseEntry, type Numbers, type Testing } from '../case.js';
import { withoutFused } from '../decorate.js';
import { ourCells, type Named } from './cells.js';
import { on, type Floats } from './on.js';
import { random } from './random.js';
import type { CellName, CellOptions } from '../vectors.js';

/** Two paths differ by rounding, step after step; each is held to the vectors by the cases before these. */
const recurrence = { factor: 8, because: 'two orders of rounding, fed back over time' } as const;

/** Compares what `make` gives on the backend with what it gives on the same backend without fused kernels. */
async function both(t: Testing, make: (backend: Backend) => readonly Tensor[], loosened?: { factor: number; because: string }): Promise<void> {
  const plain = withoutFused(t.backend);
  const expected = make(plain);
  const numbers = await Promise.all(expected.map((x) => x.raw()));
  const actual = make(t.backend);
  await Promise.all(actual.map((x, i) => t.close(x, { shape: expected[i]!.shape, data: Array.from(numbers[i]!) }, loosened)));
  for (const x of [...expected, ...actual]) x.dispose();
}

/** Every leaf of what `f` uploads on a backend is freed with it. */
type Upload = (numbers: Numbers) => Floats;
function using<T>(backend: Backend, f: (upload: Upload, bools: (rows: readonly string[]) => Tensor<'bool'>) => T): T {
  const made: Tensor[] = [];
  const kept = <X extends Tensor>(x: X): X => (made.push(x), x);
  const { floats, bools } = on(backend);
  try {
    return f(
      (numbers) => kept(floats(numbers)),
      (rows) => kept(bools(rows.map((row) => [...row].map(Number)))),
    );
  } finally {
    for (const x of made) x.dispose();
  }
}

interface Sequence {
  readonly sizes: readonly [batch: number, time: number, features: number, units: number];
  readonly options?: Readonly<Record<string, unknown>>;
  readonly bias?: boolean;
  readonly state?: boolean;
  readonly mask?: readonly string[];
  readonly reverse?: boolean;
  readonly returnSequences?: boolean;
  readonly zeroOutputForMask?: boolean;
}

const cells = [
  ['simpleRNN', 'simple-rnn', 'simpleRnn', 1, {}],
  ['lstm', 'lstm', 'lstm', 4, {}],
  ['gru', 'gru', 'gru', 3, { resetAfter: true }],
  ['gru', 'gru-reset-before', 'gru', 3, { resetAfter: false }],
] as const;
type Fused = (typeof cells)[number];

const masks = ['0011', '1100', '1011', '0000', '1111'];
const variants: Readonly<Record<string, Sequence>> = {
  plain: { sizes: [2, 4, 3, 5] },
  sequences: { sizes: [2, 4, 3, 5], returnSequences: true },
  'no-bias': { sizes: [2, 4, 3, 5], bias: false, state: true },
  'initial-state': { sizes: [2, 4, 3, 5], state: true, returnSequences: true },
  reverse: { sizes: [2, 4, 3, 5], reverse: true, state: true, returnSequences: true },
  masked: { sizes: [5, 4, 3, 2], mask: masks, state: true, returnSequences: true },
  'masked-last-output': { sizes: [5, 4, 3, 2], mask: masks, state: true },
  'masked-reverse': { sizes: [5, 4, 3, 2], mask: masks, state: true, returnSequences: true, reverse: true },
  'zero-output': { sizes: [5, 4, 3, 2], mask: masks, state: true, returnSequences: true, zeroOutputForMask: true },
  'zero-output-last': { sizes: [5, 4, 3, 2], mask: masks, state: true, zeroOutputForMask: true, reverse: true },
  'one-unit': { sizes: [1, 3, 1, 1], returnSequences: true },
  'one-step': { sizes: [3, 1, 2, 3], state: true, returnSequences: true },
  'seventeen-units': { sizes: [3, 6, 5, 17], returnSequences: true },
  'sixty-five-units': { sizes: [2, 3, 33, 65], state: true },
  'thirty-three-rows': { sizes: [33, 2, 3, 4], returnSequences: true },
};

const specOf = ([, , cell, , own]: Fused, how: Sequence, activations: readonly [string, string] = ['tanh', 'sigmoid']): unknown => {
  const [batch, time, inputs, units] = how.sizes;
  return {
    dims: { batch, time, inputs, units },
    activation: activations[0],
    ...(cell !== 'simpleRnn' && { recurrentActivation: activations[1] }),
    ...own,
    reverse: how.reverse ?? false,
    returnSequences: how.returnSequences ?? false,
    zeroOutputForMask: how.zeroOutputForMask ?? false,
  };
};

const missing = <N extends FusedName>(backend: Backend, name: N, spec: unknown): string | undefined =>
  whyNot(backend, name, spec as FusedSpecOf<N>) ?? undefined;

function inputsOf([, , cell, gates, own]: Fused, how: Sequence, upload: Upload): { params: Named; x: Floats; state: Named } {
  const [batch, time, features, units] = how.sizes;
  const wide = gates * units;
  // About as large as glorotUniform and orthogonal draw them: larger ones make a recurrence chaotic.
  const size = (n: number): number => Math.min(1, 2 / Math.sqrt(n));
  const rows = cell === 'gru' && (own as { resetAfter?: boolean }).resetAfter ? [2, wide] : [wide];
  const x = random(7, [batch, time, features]);
  how.mask?.forEach((row, b) => {
    for (let t = 0; t < time; t++) if (row[t] === '0') x.data.fill(NaN, (b * time + t) * features, (b * time + t + 1) * features);
  });
  return {
    params: {
      kernel: upload(random(1, [features, wide], size(features))),
      recurrentKernel: upload(random(2, [units, wide], size(units))),
      ...(how.bias !== false && { bias: upload(random(3, rows, 0.5)) }),
    },
    x: upload(x),
    state: { h: upload(random(4, [batch, units])), ...(cell === 'lstm' && { c: upload(random(5, [batch, units])) }) },
  };
}

function run(backend: Backend, fused: Fused, how: Sequence, activations?: readonly [string, string]): Tensor[] {
  return using(backend, (upload, bools) => {
    const { params, x, state } = inputsOf(fused, how, upload);
    const options: CellOptions = {
      units: how.sizes[3],
      useBias: how.bias ?? true,
      ...fused[4],
      ...(activations && { activation: activations[0], ...(fused[2] !== 'simpleRnn' && { recurrentActivation: activations[1] }) }),
    };
    const result = ourCells.rnn(ourCells.cell(fused[2] as CellName, options), params, x, {
      mask: how.mask ? bools(how.mask) : null,
      reverse: how.reverse ?? false,
      returnSequences: how.returnSequences ?? false,
      zeroOutputForMask: how.zeroOutputForMask ?? false,
      ...(how.state && { initialState: state }),
    });
    return [result.outputs, ...Object.values(result.state)];
  });
}

const activationNames = ['linear', 'relu', 'tanh', 'sigmoid', 'hardSigmoid', 'softsign', 'softplus', 'elu', 'silu', 'gelu'] as const;

function recurrent(fused: Fused): Record<string, CaseEntry> {
  const [name, label] = fused;
  const entries: Record<string, CaseEntry> = {};
  for (const [variant, how] of Object.entries(variants)) {
    entries[`${label}/${variant}`] = {
      skip: (backend) => missing(backend, name, specOf(fused, how)),
      wait: (t) => both(t, (backend) => run(backend, fused, how), recurrence),
    };
  }
  const small: Sequence = { sizes: [2, 3, 2, 3], state: true };
  entries[`${label}/every-activation`] = {
    skip: (backend) => missing(backend, name, specOf(fused, small)),
    async wait(t) {
      for (const a of activationNames) {
        for (const b of fused[2] === 'simpleRnn' ? (['tanh'] as const) : (['sigmoid', 'hardSigmoid', 'tanh'] as const)) {
          if (missing(t.backend, name, specOf(fused, small, [a, b])) !== undefined) continue;
          await both(t, (backend) => run(backend, fused, small, [a, b]), recurrence);
        }
      }
    },
  };
  // Asked twice it answers the same, and what it cannot do it says in words.
  entries[`${label}/accepts`] = {
    skip: (backend) => missing(backend, name, specOf(fused, small)),
    run({ backend, same }) {
      const unknown = missing(backend, name, specOf(fused, small, ['noSuchActivation', 'sigmoid']));
      void same(typeof unknown, 'string');
      void same(unknown, missing(backend, name, specOf(fused, small, ['noSuchActivation', 'sigmoid'])));
      void same(missing(backend, name, specOf(fused, small)), undefined);
    },
  };
  entries[`${label}/gradients`] = {
    skip: (backend) => missing(backend, name, specOf(fused, small)) ?? withoutVjp(backend, name),
    async wait(t) {
      for (const how of [{ ...small, returnSequences: true }, { ...small, sizes: [5, 4, 2, 3], reverse: true, mask: masks }] as Sequence[]) {
        await both(t, (backend) => gradientsOf(backend, fused, how), recurrence);
      }
    },
  };
  return entries;
}

function withoutVjp(backend: Backend, name: FusedName): string | undefined {
  return backend.fused?.[name]?.vjp === undefined ? `the fused ${name} of ${backend.name} has no vjp: gradients compose` : undefined;
}

function gradientsOf(backend: Backend, fused: Fused, how: Sequence): Tensor[] {
  return using(backend, (upload, bools) => {
    // NaN times a gradient of 0 is NaN: here the padding holds numbers.
    const { mask, ...unmasked } = how;
    const inputs = inputsOf(fused, unmasked, upload);
    const cell = ourCells.cell(fused[2] as CellName, { units: how.sizes[3], ...fused[4] });
    const masked = mask ? bools(mask) : null;
    const [, grads] = valueAndGrad((given: typeof inputs) => {
      const { outputs, state } = ourCells.rnn(cell, given.params, given.x, {
        mask: masked,
        initialState: given.state,
        reverse: how.reverse ?? false,
        returnSequences: how.returnSequences ?? false,
      });
      return Object.values(state).reduce((total, s) => add(total, sum(s)), sum(square(outputs)));
    })(inputs);
    return [...Object.values(grads.params), ...Object.values(grads.state), grads.x];
  });
}

/** Fused kernels that are not recurrent, beside their formulas. */
const formulas = defineCases('fused', {
  'softmax/sizes': {
    skip: (backend) => missing(backend, 'softmax', { shape: [2, 3] }),
    async wait(t) {
      for (const shape of [[2, 3], [1, 1], [4, 17], [2, 3, 65], [2, 300]]) {
        await both(t, (backend) => using(backend, (upload) => [softmax(upload(random(shape.length, shape, 3)))]));
      }
    },
  },
  'softmax/infinities': {
    skip: (backend) => missing(backend, 'softmax', { shape: [3, 3] }),
    wait: (t) =>
      both(t, (backend) =>
        using(backend, (upload) => [
          softmax(upload({ shape: [3, 3], data: [-Infinity, 0, 1, 1000, 999, 0, NaN, 1, 2] })),
        ]),
      ),
  },
  'layerNorm/formula': {
    skip: (backend) => missing(backend, 'layerNorm', { shape: [3, 17], epsilon: 0.001 }),
    wait: (t) =>
      formula(t, 'layerNorm', { shape: [3, 17], epsilon: 0.001 }, [random(1, [3, 17]), random(2, [17]), random(3, [17])], (x, scale, offset) => {
        const centred = sub(x!, mean(x!, { axis: -1, keepDims: true }));
        const deviation = sqrt(add(mean(square(centred), { axis: -1, keepDims: true }), 0.001));
        return add(mul(div(centred, deviation), scale!), offset!);
      }),
  },
  'linear/formula': {
    skip: (backend) => missing(backend, 'linear', { rows: 3, inputs: 5, units: 17, activation: 'tanh' }),
    async wait(t) {
      for (const name of ['linear', 'tanh', 'relu'] as const satisfies readonly ActivationName[]) {
        const spec = { rows: 3, inputs: 5, units: 17, activation: name };
        if (missing(t.backend, 'linear', spec) !== undefined) continue;
        const numbers = [random(1, [3, 5]), random(2, [5, 17], 0.5), random(3, [17])];
        await formula(t, 'linear', spec, numbers, (x, kernel, bias) => activation(name).apply(add(matmul(x!, kernel!), bias!)));
        await formula(t, 'linear', spec, [...numbers.slice(0, 2), null], (x, kernel) => activation(name).apply(matmul(x!, kernel!)));
      }
    },
  },
  'attention/formula': {
    skip: (backend) => missing(backend, 'attention', attentionSpec),
    wait: (t) =>
      formula(t, 'attention', attentionSpec, [random(1, [2, 3, 5]), random(2, [2, 4, 5]), random(3, [2, 4, 2]), null, null], (q, k, v) =>
        matmul(softmax(mul(matmul(q!, k!, { transposeB: true }), 0.5)), v!),
      ),
  },
});

const attentionSpec = { score: 'scaledDot', scale: 0.5, causal: false, dims: { batch: 2, queries: 3, keys: 4, width: 5, values: 2 } } as const;

/** The first output of a fused kernel beside the same made of ops. */
async function formula<N extends FusedName>(
  t: Testing,
  name: N,
  spec: FusedSpecOf<N>,
  numbers: readonly (Numbers | null)[],
  composed: (...inputs: (Floats | null)[]) => Floats,
): Promise<void> {
  await both(t, (backend) =>
    using(backend, (upload) => {
      const inputs = numbers.map((n) => (n === null ? null : upload(n)));
      const outputs = backend.fused === undefined ? null : applyFused(name, spec, inputs);
      outputs?.slice(1).forEach((x) => x.dispose());
      return [outputs?.[0] ?? scope(() => composed(...inputs))];
    }),
  );
}

export const fusedCases = [...defineCases('fused', Object.assign({}, ...cells.map(recurrent)) as Record<string, CaseEntry>), ...formulas];
