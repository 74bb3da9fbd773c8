/**
 * A few steps of an optimizer give Keras's losses and weights; a thousand hold no more buffers than one. The optimizers are
 * written out as their equations, so that it is gradients and kernels that are tried. How the numbers were made:
 * vectors/make-training.py.
 */
import { add, div, mean, mul, scope, sqrt, square, sub, sum, valueAndGrad, zeros, type Backend } from '@recurra/core';
import type { CaseEntry, Numbers, Testing } from '../../case.js';
import { maskOf, type ByName, type CellName, type CellOptions } from '../../vectors.js';
import stepsJson from '../../vectors/training-steps.json';
import { named, type Named } from '../cells.js';
import { on, type Floats } from '../on.js';
import { random } from '../random.js';
import type { TrainingLibrary } from './library.js';

interface StepsVector {
  readonly id: string;
  readonly cell: CellName;
  readonly options: CellOptions;
  readonly reverse: boolean;
  readonly x: Numbers;
  readonly mask: readonly string[];
  readonly target: Numbers;
  readonly optimizer: 'sgd' | 'adam';
  readonly settings: Settings;
  readonly params: ByName;
  /** Before each step. */
  readonly losses: readonly number[];
  readonly trained: ByName;
}
type Settings = Readonly<Record<'learningRate' | 'momentum' | 'beta1' | 'beta2' | 'epsilon', number>>;
const vectors = stepsJson.cases as unknown as readonly StepsVector[];

/** Parameters and what the optimizer remembers of each. */
type Trained = { readonly params: Named; readonly memory: readonly Named[] };
type Update = (p: Floats, g: Floats, memory: readonly Floats[], step: number) => readonly [Floats, ...Floats[]];

const updates: Readonly<Record<StepsVector['optimizer'], (settings: Settings) => Update>> = {
  /** v ← μ·v − η·g,  p ← p + v */
  sgd:
    ({ learningRate: η, momentum: μ }) =>
    (p, g, [v]) => {
      const next = sub(mul(v!, μ), mul(g, η));
      return [add(p, next), next];
    },
  /** m ← m + (1 − β₁)(g − m),  s ← s + (1 − β₂)(g² − s),  p ← p − η·√(1 − β₂ᵗ)/(1 − β₁ᵗ)·m/(√s + ε) */
  adam:
    ({ learningRate: η, beta1: β1, beta2: β2, epsilon: ε }) =>
    (p, g, [m, s], step) => {
      const first = add(m!, mul(sub(g, m!), 1 - β1));
      const second = add(s!, mul(sub(square(g), s!), 1 - β2));
      const rate = (η * Math.sqrt(1 - power(β2, step))) / (1 - power(β1, step));
      return [sub(p, mul(div(first, add(sqrt(second), ε)), rate)), first, second];
    },
};
const remembers = { sgd: 1, adam: 2 };
const power = (base: number, n: number): number => (n === 0 ? 1 : base * power(base, n - 1));

/** One step: its loss, and what comes after it. What was before it is freed. */
function stepped(
  before: Trained,
  loss: (params: Named) => Floats,
  update: Update,
  step: number,
): readonly [loss: Floats, after: Trained] {
  const made = scope(() => {
    const [value, grads] = valueAndGrad(loss)(before.params);
    const rows = Object.entries(before.params).map(([name, p]) => {
      const memory = before.memory.map((part) => part[name]!);
      return [name, update(p, grads[name]!, memory, step)] as const;
    });
    const part = (i: number): Named => Object.fromEntries(rows.map(([name, row]) => [name, row[i]!]));
    return [value, { params: part(0), memory: before.memory.map((_, i) => part(i + 1)) }] as const;
  });
  for (const part of [before.params, ...before.memory]) for (const each of Object.values(part)) each.dispose();
  return made;
}

const untouched = (params: Named, backend: Backend, times: number): readonly Named[] =>
  Array.from({ length: times }, () =>
    Object.fromEntries(Object.entries(params).map(([name, p]) => [name, zeros(p.shape, { backend })])),
  );

export function stepEntries(library: TrainingLibrary): Record<string, CaseEntry> {
  const entries: Record<string, CaseEntry> = {};
  for (const vector of vectors) {
    entries[`steps/${vector.id}`] = {
      skip: ({ name, precision }) =>
        precision === 16 && vector.optimizer === 'adam'
          ? `${name} holds 16 bits: Adam divides by the root of squares that these do not hold`
          : undefined,
      run: (t) => ofVector(t, library, vector),
    };
  }
  return { ...entries, 'a-thousand-steps': aThousandSteps(library) };
}

function ofVector({ backend, close }: Testing, library: TrainingLibrary, vector: StepsVector): void {
  const { floats, bools } = on(backend);
  const cell = library.cell(vector.cell, vector.options);
  const [x, target, mask] = [floats(vector.x), floats(vector.target), bools(maskOf(vector.mask))];
  const loss = (params: Named): Floats => {
    const { outputs } = library.rnn(cell, params, x, { mask, reverse: vector.reverse });
    return mean(square(sub(outputs, target)));
  };
  const update = updates[vector.optimizer](vector.settings);
  const params = named(vector.params, backend);
  let state: Trained = { params, memory: untouched(params, backend, remembers[vector.optimizer]) };
  for (const [i, expected] of vector.losses.entries()) {
    const [value, after] = stepped(state, loss, update, i + 1);
    void close(value, expected);
    state = after;
  }
  for (const [name, expected] of Object.entries(vector.trained)) void close(state.params[name]!, expected);
}

/** What a step leaves behind, a thousand leave a thousandfold: the smallest network, so that it does not take long. */
function aThousandSteps(library: TrainingLibrary): CaseEntry {
  return {
    skip: ({ name, live }) => (live === undefined ? `${name} has no live(): buffers cannot be counted` : undefined),
    run({ backend, same }) {
      const cell = library.cell('simpleRnn', { units: 1, useBias: false });
      const x = on(backend).floats(random(111, [1, 1, 1]));
      const loss = (params: Named): Floats => sum(square(library.rnn(cell, params, x, {}).outputs));
      const update: Update = (p, g) => [sub(p, mul(g, 0.125))];
      let state: Trained = { params: cell.init(1, { backend }) as Named, memory: [] };
      const before = backend.live!();
      for (let step = 1; step <= 1000; step++) {
        const [value, after] = stepped(state, loss, update, step);
        value.dispose();
        state = after;
        if (step === 1) void same(backend.live!(), before);
      }
      void same(backend.live!(), before);
    },
  };
}
