/** What greedy decoding and beam search are both told, checked. */
import { ArgumentError, checkedCount, checkOptions } from '@recurra/core';

/** How a decoding starts and ends. */
export interface SearchOptions {
  /** The token before the first, for each row: its length is the batch. */
  readonly start: ArrayLike<number>;
  /** The token that ends a row. */
  readonly stop: number;
  /** The most tokens of a row, the stop token counted. */
  readonly maxLength: number;
}

export function checkedSearch(
  op: string,
  step: unknown,
  options: SearchOptions,
  more: readonly string[],
): SearchOptions {
  if (typeof step !== 'function') {
    throw new ArgumentError(op, 'the first argument is not a step', { step }, '(tokens, state) => ({ logits, state })');
  }
  checkOptions(op, options, ['start', 'stop', 'maxLength', ...more]);
  const { start, stop, maxLength } = options;
  const tokens = start != null && typeof start === 'object' ? Array.from(start) : [];
  if (tokens.length === 0 || !tokens.every(isToken)) {
    throw new ArgumentError(op, 'start must be a list of tokens', { start }, 'start: [1, 1], one for each row');
  }
  if (!isToken(stop)) throw new ArgumentError(op, 'stop must be a token', { stop }, 'stop: 2, a whole number from 0');
  return { start: tokens, stop, maxLength: checkedCount(op, 'maxLength', maxLength, 'maxLength: 50') };
}

/** The stop token must be one that the model can say. */
export function checkStop(op: string, stop: number, vocabulary: number): void {
  if (stop < vocabulary) return;
  throw new ArgumentError(
    op,
    'the stop token is not in the vocabulary',
    { stop, vocabulary },
    'a column of the logits',
  );
}

const isToken = (token: unknown): boolean => Number.isSafeInteger(token) && (token as number) >= 0;
