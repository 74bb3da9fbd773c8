/**
 * Dropout of attention weights, with Keras's masks: a ⊙ m, where m holds 0 or 1/(1 − rate). Each call in training is one
 * draw of the layer's generator: call n, counted from 0, multiplies with the mask of the pair [seed, n].
 */
import { ArgumentError, checkedFlag, mul, tensor } from '@recurra/core';
import { dropoutMask, nextSeed } from '@recurra/core/random';
import type { Floats } from '../score.js';

/** Options of the layers with dropout. */
export interface DropoutOptions {
  /** The fraction of the attention weights to drop in training. Default 0. */
  readonly dropout?: number;
  /** Seeds the dropout masks, and nothing else. Without one, `setRandomSeed` decides. */
  readonly seed?: number | null;
}

/** What a call of a layer with dropout is told. */
export interface DropoutCall {
  /** Whether weights are dropped. Default false. */
  readonly training?: boolean;
  /** How many calls of this layer in training came before: each has masks of its own. Default 0. */
  readonly dropoutCounter?: number;
}

/** The names of what this file adds to the options of a layer and of a call. */
export const dropoutOptions = ['dropout', 'seed'] as const;
export const dropoutCallOptions = ['training', 'dropoutCounter'] as const;

export function checkedRate(op: string, rate: unknown = 0): number {
  if (typeof rate === 'number' && rate >= 0 && rate <= 1) return rate;
  throw new ArgumentError(op, 'dropout must be from 0 to 1', { dropout: rate }, 'the fraction to drop: dropout: 0.2');
}

/** The seed, or null where it is to be drawn. */
export function checkedSeed(op: string, seed: unknown = null): number | null {
  if (seed === null || Number.isSafeInteger(seed)) return seed as number | null;
  throw new ArgumentError(op, 'seed must be a whole number', { seed }, 'seed: 42');
}

/** For layers that draw their seed when they are made: only where something is dropped, as in Keras. */
export function madeDropout(
  op: string,
  options: DropoutOptions,
): { readonly rate: number; readonly seed: () => number } {
  const rate = checkedRate(op, options.dropout);
  const given = checkedSeed(op, options.seed);
  const seed = rate > 0 ? (given ?? nextSeed()) : 0;
  return { rate, seed: () => seed };
}

/** In training, how many calls came before; else null. */
export function checkedCounter(op: string, call: DropoutCall): number | null {
  const training = checkedFlag(op, 'training', call.training ?? false);
  const { dropoutCounter = 0 } = call;
  if (!Number.isSafeInteger(dropoutCounter) || dropoutCounter < 0) {
    const hint = 'how many calls in training came before: dropoutCounter: 0';
    throw new ArgumentError(op, 'dropoutCounter must be a whole number, 0 or more', { dropoutCounter }, hint);
  }
  return training ? dropoutCounter : null;
}

/** a ⊙ m in training, else a itself. */
export function dropped(a: Floats, rate: number, seed: () => number, counter: number | null): Floats {
  if (rate === 0 || counter === null) return a;
  return mul(a, tensor(dropoutMask([seed(), counter], a.shape, rate), a.shape, { backend: a.backend }));
}
