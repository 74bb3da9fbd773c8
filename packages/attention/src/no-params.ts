/** Scores without parameters: what `init` and `prepare` give when there is nothing to learn and nothing to prepare. */
import { reshape, ShapeError } from '@recurra/core';
import type { Floats, Widths } from './score.js';

/** An empty object. */
export type NoParams = { readonly [name: string]: never };

/** No parameters, for queries and keys of one width. */
export function noParams(op: string, { query, keys }: Widths): NoParams {
  if (query !== keys) {
    throw new ShapeError(
      op,
      'queries and keys must be equally wide',
      { query, keys },
      'generalScore takes unequal ones',
    );
  }
  return {};
}

/** The same value as a tensor of its own, sharing the buffer: disposing prepared keys leaves the keys alone. */
export function sameValue(x: Floats): Floats {
  return reshape(x, x.shape);
}
