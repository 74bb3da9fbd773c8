/** What recurrent kernels are run on: sizes beside their blocks, masks of every kind, each option. */
import type { Numbers } from '../../case.js';
import { hideMasked, type Named } from '../cells.js';
import type { Floats } from '../on.js';
import { random } from '../random.js';

export interface Sequence {
  readonly sizes: readonly [batch: number, time: number, features: number, units: number];
  readonly bias?: boolean;
  readonly state?: boolean;
  readonly mask?: readonly string[];
  readonly reverse?: boolean;
  readonly returnSequences?: boolean;
  readonly zeroOutputForMask?: boolean;
  /** Of all weights; 1 for those that glorotUniform and orthogonal draw. */
  readonly scale?: number;
}

/** The kernel, the label of its cases, its cell, its gates, the options that are its own. */
export const kernels = [
  ['simpleRNN', 'simple-rnn', 'simpleRnn', 1, {}],
  ['lstm', 'lstm', 'lstm', 4, {}],
  ['gru', 'gru', 'gru', 3, { resetAfter: true }],
  ['gru', 'gru-reset-before', 'gru', 3, { resetAfter: false }],
] as const;
export type Kernel = (typeof kernels)[number];

/** Left, right, middle, everything, nothing. */
export const masks = ['0011', '1100', '1011', '0000', '1111'];
/** Padding before, after and in the middle of seventy steps. */
const long = [`${'0'.repeat(66)}1111`, `1111${'0'.repeat(66)}`, '1101011'.repeat(10)];
export const variants: Readonly<Record<string, Sequence>> = {
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
  // More than a workgroup has, of rows and of features; and masks that differ from row to row.
  'seventy-rows': { sizes: [70, 2, 70, 3], state: true, returnSequences: true },
  'masked-rows': {
    sizes: [20, 4, 3, 1],
    mask: Array.from({ length: 20 }, (_, b) => masks[(b * b) % 5]!),
    state: true,
    returnSequences: true,
  },
  // Longer than a chunk of time that is worked on at once.
  'seventy-steps': { sizes: [2, 70, 3, 4], scale: 0.5, state: true, returnSequences: true },
  'seventy-steps-last-output': { sizes: [1, 70, 3, 4], scale: 0.5, state: true },
  'seventy-steps-reverse': { sizes: [3, 70, 3, 4], scale: 0.5, mask: long, returnSequences: true, reverse: true },
};

export const specOf = (
  [, , cell, , own]: Kernel,
  how: Sequence,
  activations: readonly [string, string] = ['tanh', 'sigmoid'],
): never => {
  // One shape for three kernels: each looks at what it knows.
  const [batch, time, inputs, units] = how.sizes;
  return {
    dims: { batch, time, inputs, units },
    activation: activations[0],
    ...(cell !== 'simpleRnn' && { recurrentActivation: activations[1] }),
    ...own,
    reverse: how.reverse ?? false,
    returnSequences: how.returnSequences ?? false,
    zeroOutputForMask: how.zeroOutputForMask ?? false,
  } as never;
};

type Upload = (numbers: Numbers) => Floats;

export function inputsOf(
  [, , cell, gates, own]: Kernel,
  how: Sequence,
  upload: Upload,
): { params: Named; x: Floats; state: Named } {
  const [batch, time, features, units] = how.sizes;
  const wide = gates * units;
  // About as large as glorotUniform and orthogonal draw them: larger ones make a recurrence chaotic.
  const size = (n: number): number => Math.min(1, 2 / Math.sqrt(n)) * (how.scale ?? 1);
  const rows = cell === 'gru' && (own as { resetAfter?: boolean }).resetAfter ? [2, wide] : [wide];
  const x = random(7, [batch, time, features]);
  // What is masked must not matter, so it is NaN.
  if (how.mask) hideMasked(x.data, [batch, time, features], how.mask);
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
