/** What `rnn` and the cells refuse, each with the op, the facts and what to do instead. */
import { ArgumentError, cast, DTypeError, isTensor, reshape, sameShape, ShapeError } from '@recurra/core';
import type { Shape, Tensor } from '@recurra/core';
import type { Floats, Inputs, SequenceOptions } from './cell.js';

/** The sizes of x [B, T, F]. */
export function checkedSequence(op: string, x: unknown): Inputs & { time: number } {
  const { shape } = checkedFloats(op, 'x', x);
  if (shape.length !== 3) {
    throw new ShapeError(op, 'x must have rank 3', { x: shape }, 'x is [batch, time, features]; expandDims adds an axis', 'RANK');
  }
  const [batch, time, inputs] = shape as [number, number, number];
  if (time === 0) throw new ShapeError(op, 'the sequence is empty', { x: shape }, 'time must be at least 1', 'EMPTY_SEQUENCE');
  return { batch, time, inputs };
}

/** The mask as bool [B, T]. */
export function checkedMask(op: string, mask: unknown, batch: number, time: number): Tensor<'bool'> {
  if (!isTensor(mask)) throw new ArgumentError(op, 'mask is not a tensor', { mask }, 'tensor([[true, false]])', 'NOT_A_TENSOR');
  const expected = [batch, time];
  const flat = mask.rank === 3 && mask.shape[2] === 1 ? mask.shape.slice(0, 2) : mask.shape;
  if (!sameShape(flat, expected)) {
    throw new ShapeError(op, 'mask must have one entry for each step', { mask: mask.shape, expected }, 'mask is [batch, time]');
  }
  return cast(reshape(mask, expected), 'bool');
}

/** The switches, each a boolean. */
export function checkedOptions(options: Partial<Record<keyof SequenceOptions, unknown>>): Omit<SequenceOptions, 'mask'> {
  const flag = (name: 'reverse' | 'returnSequences' | 'zeroOutputForMask'): boolean => {
    const value = options[name] ?? false;
    if (typeof value !== 'boolean') throw new ArgumentError('rnn', `${name} must be true or false`, { [name]: value });
    return value;
  };
  return {
    reverse: flag('reverse'),
    returnSequences: flag('returnSequences'),
    zeroOutputForMask: flag('zeroOutputForMask'),
  };
}

/** Every parameter is there, float32, and of the shape that Keras gives it. */
export function checkParams(
  cell: string,
  params: Readonly<Record<string, unknown>>,
  expected: Readonly<Record<string, Shape | null>>,
): void {
  if (params === null || typeof params !== 'object') {
    throw new ArgumentError(cell, 'params must be an object of tensors', { params }, 'cell.init(features) makes them');
  }
  for (const [name, shape] of Object.entries(expected)) {
    const value = params[name];
    if (shape === null) {
      if (value !== undefined) throw new ArgumentError(cell, `params.${name} is there, but useBias is false`, {}, `leave ${name} out`);
    } else checkShape(cell, name, checkedFloats(cell, name, value), shape);
  }
}

/** A state of this cell: its tensors, each [B, units]. */
export function checkState(cell: string, state: unknown, names: readonly string[], shape: Shape): void {
  if (state === null || typeof state !== 'object') {
    throw new ArgumentError(cell, 'initialState must be an object of tensors', { initialState: state }, `{ ${names.join(', ')} }`);
  }
  for (const name of names) {
    const role = `initialState.${name}`;
    checkShape(cell, role, checkedFloats(cell, role, (state as Record<string, unknown>)[name]), shape);
  }
}

/** A whole number of at least 1. */
export function checkedUnits(cell: string, units: unknown): number {
  if (!Number.isSafeInteger(units) || (units as number) < 1) {
    throw new ArgumentError(cell, 'units must be a whole number of at least 1', { units }, `${cell}({ units: 64 })`);
  }
  return units as number;
}

function checkedFloats(op: string, role: string, value: unknown): Floats {
  if (!isTensor(value)) {
    throw new ArgumentError(op, `${role} is not a tensor`, { [role]: value }, 'tensor(…) makes one', 'NOT_A_TENSOR');
  }
  if (value.dtype !== 'float32') {
    throw new DTypeError(op, `${role} must be float32`, { [role]: value.dtype }, `cast(${role}, 'float32')`);
  }
  return value as Floats;
}

function checkShape(op: string, role: string, value: Tensor, expected: Shape): void {
  if (!sameShape(value.shape, expected)) {
    throw new ShapeError(op, `${role} has the wrong shape`, { [role]: value.shape, expected });
  }
}
