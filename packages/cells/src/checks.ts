/** What `rnn` refuses, each with the facts and what to do instead. */
import {
  ArgumentError,
  cast,
  checkedFlag,
  checkedFloats,
  checkOptions,
  reshape,
  requireTensor,
  sameShape,
  ShapeError,
} from '@recurra/core';
import type { Tensor } from '@recurra/core';
import type { Cell, Inputs, SequenceOptions } from './cell.js';
import type { Segments } from './segments.js';

/** The sizes of x [B, T, F]. */
export function checkedSequence(op: string, x: unknown): Inputs & { time: number } {
  const { shape } = checkedFloats(op, 'x', x);
  if (shape.length !== 3) {
    throw new ShapeError(
      op,
      'x must have rank 3',
      { x: shape },
      'x is [batch, time, features]; a layer below needs returnSequences: true',
      'RANK',
    );
  }
  const [batch, time, inputs] = shape as [number, number, number];
  if (time === 0)
    throw new ShapeError(op, 'the sequence is empty', { x: shape }, 'time must be at least 1', 'EMPTY_SEQUENCE');
  return { batch, time, inputs };
}

/** The mask as bool [B, T]. */
export function checkedMask(op: string, mask: unknown, batch: number, time: number): Tensor<'bool'> {
  requireTensor(op, 'mask', mask);
  const expected = [batch, time];
  const flat = mask.rank === 3 && mask.shape[2] === 1 ? mask.shape.slice(0, 2) : mask.shape;
  if (!sameShape(flat, expected)) {
    throw new ShapeError(
      op,
      'mask must have one entry for each step',
      { mask: mask.shape, expected },
      'mask is [batch, time]',
    );
  }
  return cast(reshape(mask, expected), 'bool');
}

const flags = ['reverse', 'returnSequences', 'zeroOutputForMask'] as const;
const known = [
  'mask',
  'initialState',
  'reverse',
  'returnSequences',
  'zeroOutputForMask',
  'training',
  'dropoutCounter',
  'checkpoint',
];

/** The switches, each a boolean, false by default; the dropout counter only where it trains. */
export function checkedSwitches(op: string, options: object): Omit<SequenceOptions, 'mask'> {
  checkOptions(op, options, known);
  const given = options as Readonly<Record<string, unknown>>;
  const flag = (name: string): boolean => checkedFlag(op, name, given[name] ?? false);
  const [reverse, returnSequences, zeroOutputForMask] = flags.map(flag) as [boolean, boolean, boolean];
  const dropoutCounter = given['dropoutCounter'] ?? 0;
  // Times the draws of a call it is still a whole number.
  if (!Number.isSafeInteger(dropoutCounter) || (dropoutCounter as number) < 0 || (dropoutCounter as number) > 2e12) {
    const hint = 'how many calls came before: 0, 1, 2, … up to 2e12';
    throw new ArgumentError(op, 'dropoutCounter must be a whole number, 0 or more', { dropoutCounter }, hint);
  }
  const checkpoint = given['checkpoint'] ?? null;
  if (checkpoint !== null && typeof (checkpoint as Partial<Segments>).steps !== 'function') {
    throw new ArgumentError(op, 'checkpoint must be segments', { checkpoint }, 'checkpoint: segments(32)');
  }
  const counter = flag('training') ? (dropoutCounter as number) : null;
  return {
    reverse,
    returnSequences,
    zeroOutputForMask,
    dropoutCounter: counter,
    checkpoint: checkpoint as Segments | null,
  };
}

/** The first argument of what runs cells: whoever swaps arguments is told so. */
export function checkCell(op: string, cell: unknown): void {
  const functions = ['init', 'inputs', 'initialState', 'check', 'begin', 'project', 'step'] as const;
  if (functions.every((name) => typeof (cell as Cell | null | undefined)?.[name] === 'function')) return;
  throw new ArgumentError(
    op,
    'the first argument is not a cell',
    { cell },
    `${op}(lstmCell({ units: 64 }), params, …)`,
  );
}
