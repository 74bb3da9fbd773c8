/** What Keras's attention layers are called with: a list of query, value and perhaps key. */
import { ArgumentError } from '@recurra/core';
import type { Floats } from '../score.js';

/** query [B, Tq, D], value [B, Tv, Dv], key [B, Tv, D] (default: the value), in Keras's order. */
export type KerasAttentionInputs =
  readonly [query: Floats, value: Floats] | readonly [query: Floats, value: Floats, key: Floats];

/** The list, of the right length; its entries may still be anything. */
export function checkedList(op: string, inputs: unknown): readonly [query: unknown, value: unknown, key: unknown] {
  if (!Array.isArray(inputs) || inputs.length < 2 || inputs.length > 3) {
    throw new ArgumentError(
      op,
      'inputs must be a list of two or three',
      { inputs },
      '[query, value] or [query, value, key], in this order',
    );
  }
  const [query, value, key = value] = inputs as readonly unknown[];
  return [query, value, key];
}
