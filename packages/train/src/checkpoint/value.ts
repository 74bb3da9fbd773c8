/**
 * Values as JSON beside a list of tensors: a tensor becomes { "$tensor": 3 }, a number that JSON lacks { "$number": "NaN" }.
 * One tensor at two places is listed once, and comes back as one.
 */
import { ArgumentError, isTensor, requireTensor } from '@recurra/core';
import type { Tensor } from '@recurra/core';
import { isPlain } from '../trees.js';

/** What a checkpoint can hold: tensors, numbers, strings, booleans and null, in arrays and plain objects. */
export type CheckpointValue =
  | Tensor
  | number
  | string
  | boolean
  | null
  | undefined
  | readonly CheckpointValue[]
  | { readonly [key: string]: CheckpointValue };

/** The value as JSON; its tensors are appended to `found`. */
export function toJson(value: unknown, found: Tensor[], path = 'value', around: readonly unknown[] = []): unknown {
  if (isTensor(value)) {
    requireTensor('encodeCheckpoint', path, value);
    const at = found.indexOf(value);
    return { $tensor: at < 0 ? found.push(value) - 1 : at };
  }
  if (typeof value === 'number') {
    return Number.isFinite(value) && !Object.is(value, -0)
      ? value
      : { $number: Object.is(value, -0) ? '-0' : `${value}` };
  }
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  const inner = [...around, value];
  const again = around.includes(value);
  if (!again && Array.isArray(value)) return value.map((v, i) => toJson(v, found, `${path}.${i}`, inner));
  if (!again && isPlain(value) && !('$tensor' in value) && !('$number' in value)) {
    const entries = Object.entries(value).filter(([, v]) => v !== undefined);
    return Object.fromEntries(entries.map(([k, v]) => [k, toJson(v, found, `${path}.${k}`, inner)]));
  }
  throw new ArgumentError(
    'encodeCheckpoint',
    `${path} cannot be kept`,
    { [path]: value },
    'tensors, numbers, strings, booleans and null, in arrays and plain objects',
    'NOT_A_VALUE',
  );
}

/** The value of `toJson`'s JSON. */
export function fromJson(json: unknown, tensors: readonly Tensor[]): unknown {
  if (Array.isArray(json)) return json.map((inner) => fromJson(inner, tensors));
  if (!isPlain(json)) return json;
  if ('$tensor' in json) return tensors[json['$tensor'] as number];
  if ('$number' in json) return Number(json['$number']);
  return Object.fromEntries(Object.entries(json).map(([k, v]) => [k, fromJson(v, tensors)]));
}
