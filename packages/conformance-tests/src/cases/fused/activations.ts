/**
 * Every activation inside a fused recurrence, on its way there and back: at numbers of everyday size, at kinks, at numbers
 * so large that an exponential overflows on the way, at infinities and NaN. What is right is what ops give.
 */
import { grad, mul, scope, sum, type ActivationName, type Backend, type Tensor } from '@recurra/core';
import type { CaseEntry } from '../../case.js';
import type { CellName } from '../../vectors.js';
import { ourCells } from '../cells.js';
import { on, type Floats } from '../on.js';
import { both, missing, withoutVjp } from './both.js';
import { gradientsOf, run } from './run.js';
import { specOf, type Kernel, type Sequence } from './sequences.js';

const names: readonly ActivationName[] = [
  'linear',
  'relu',
  'tanh',
  'sigmoid',
  'hardSigmoid',
  'softsign',
  'softplus',
  'elu',
  'silu',
  'gelu',
  'selu',
  'mish',
  'relu6',
  'leakyRelu',
  'hardSilu',
  'hardTanh',
  'exponential',
];

/** Kinks and ends, both sides of them, and what is large beside e⁸⁸, the last that float32 holds. */
const edges = [0, -0.015625, 0.015625, 1, -1, 1.5, 2.75, -2.75, 3, -3, 3.25, -3.25, 5.75, 6, 6.25, -6, -20, 20];
const large = [100, -100, 1000, -1000];
const strange = [Infinity, -Infinity, NaN];

const small: Sequence = { sizes: [2, 3, 2, 3], state: true };

/** Pairs that the kernel knows; gates that are bounded, else a recurrence is chaotic. */
export const knownActivations = (
  backend: Backend,
  fused: Kernel,
  gates: readonly string[],
): (readonly [string, string])[] =>
  names
    .flatMap((a) => (fused[2] === 'simpleRnn' ? ['sigmoid'] : gates).map((b) => [a, b] as const))
    .filter((pair) => missing(backend, fused[0], specOf(fused, small, pair)) === undefined);

/** Few steps; and an exponential of what an exponential gave is out of every range before long. */
export const calm = (a: string): Sequence =>
  a === 'exponential' ? { ...small, sizes: [2, 2, 2, 3], scale: 0.25 } : small;

export function activationEntries(fused: Kernel): Record<string, CaseEntry> {
  const [name, label] = fused;
  const skip = (backend: Backend): string | undefined => missing(backend, name, specOf(fused, small));
  const skipBack = (backend: Backend): string | undefined => skip(backend) ?? withoutVjp(backend, name);
  return {
    [`${label}/every-activation`]: {
      skip,
      async wait(t) {
        for (const pair of knownActivations(t.backend, fused, ['sigmoid', 'hardSigmoid', 'tanh']))
          await both(t, name, (backend) => run(backend, fused, calm(pair[0]), pair));
      },
    },
    [`${label}/every-activation-gradients`]: {
      skip: skipBack,
      async wait(t) {
        for (const pair of knownActivations(t.backend, fused, ['sigmoid', 'hardSigmoid']))
          await both(t, name, (backend) => gradientsOf(backend, fused, calm(pair[0]), pair));
      },
    },
    [`${label}/activation-edges`]: {
      skip,
      async wait(t) {
        for (const pair of knownActivations(t.backend, fused, ['sigmoid'])) {
          const z = [...edges, ...(pair[0] === 'exponential' || t.backend.precision === 16 ? [] : large), ...strange];
          await both(t, name, (backend) => [scope(() => valueOf(at(z, backend, fused, pair)))]);
        }
      },
    },
    [`${label}/activation-edges-gradients`]: {
      skip: skipBack,
      async wait(t) {
        for (const pair of knownActivations(t.backend, fused, ['sigmoid']))
          await both(t, name, (backend) => [scope(() => slopeOf(at([...edges, ...strange], backend, fused, pair)))]);
      },
    },
  };
}

/**
 * One step of one unit in as many rows as there are numbers: each is the argument of its row's activation. To the gates it
 * goes much smaller, as next to their ends 1 − σ would cancel.
 */
function at(z: readonly number[], backend: Backend, fused: Kernel, pair: readonly [string, string]): At {
  const [, , name, gates, own] = fused;
  const { floats } = on(backend);
  const cell = ourCells.cell(name as CellName, {
    units: 1,
    useBias: false,
    ...own,
    activation: pair[0],
    ...(name !== 'simpleRnn' && { recurrentActivation: pair[1] }),
  });
  const candidate = Math.min(2, gates - 1);
  const wide = (f: (gate: number) => number): Floats => floats([Array.from({ length: gates }, (_, gate) => f(gate))]);
  const params = { kernel: wide((gate) => (gate === candidate ? 1 : -1 / 1024)), recurrentKernel: wide(() => 0) };
  return {
    x: floats({ shape: [z.length, 1, 1], data: z }),
    y: (x) => ourCells.rnn(cell, params, x, {}).outputs,
    g: floats({ shape: [z.length, 1], data: z.map((_, i) => 1 + (i % 5) / 4) }),
  };
}

interface At {
  readonly x: Floats;
  readonly y: (x: Floats) => Floats;
  readonly g: Floats;
}
const valueOf = ({ x, y }: At): Tensor => y(x);
const slopeOf = ({ x, y, g }: At): Tensor => grad((given: Floats) => sum(mul(y(given), g)))(x);
