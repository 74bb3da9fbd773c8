/**
 * What a score is: how well each key answers each query.
 *
 *     keys ──prepare(params)──▶ prepared ──┐
 *                                          ├─compare(params)─▶ scores [B, Tq, Tk]
 *                               query ─────┘
 *
 * Keys mostly stay while queries change (a decoder asks once per output step), so the half of a score that only knows
 * the keys is a function of its own.
 */
import { ArgumentError, checkOptions, scope } from '@recurra/core';
import type { Backend, Shape, Tensor, Tree } from '@recurra/core';
import { checkBatch, checkedSequence, checkWidths } from './checks.js';

/** A float32 tensor. */
export type Floats = Tensor<'float32'>;

/** (params, query [B, Tq, Dq], keys [B, Tk, Dk]) → scores [B, Tq, Tk]. */
export type ScoreFunction<P> = (params: P, query: Floats, keys: Floats) => Floats;

/** A score function with its parameters, and its two halves. Calling it is `compare` of `prepare`. */
export interface Score<P extends Tree = Tree> {
  (params: P, query: Floats, keys: Floats): Floats;
  readonly name: string;
  /** Fresh parameters for queries and keys of these widths. */
  init(widths: Widths, options?: { readonly backend?: Backend }): P;
  /** Once per sequence: keys [B, Tk, Dk] → what `compare` needs of them, [B, Tk, …]. */
  prepare(params: P, keys: Floats): Floats;
  /** Once per question: query [B, Tq, Dq] and prepared keys → scores [B, Tq, Tk]. */
  compare(params: P, query: Floats, prepared: Floats): Floats;
}

/** Dq and Dk, the last axes of query and keys. */
export interface Widths {
  readonly query: number;
  readonly keys: number;
}

/** The shapes a score is about to work on, as far as they are known. */
export type ScoreShapes = {
  readonly query?: Shape;
  readonly keys?: Shape;
  readonly prepared?: Shape;
};

/** What `defineScore` makes a score from. Ranks, dtypes and batches are checked before these are called. */
export interface ScoreParts<P extends Tree> {
  readonly name: string;
  init(widths: Widths, backend: Backend | undefined): P;
  /** Throws unless params and shapes fit together. */
  check(params: P, shapes: ScoreShapes): void;
  prepare(params: P, keys: Floats): Floats;
  compare(params: P, query: Floats, prepared: Floats): Floats;
}

/**
 * A score from its equation: checks what every score must check, and frees what it does not return.
 *
 * @throws ArgumentError unless it is given a name and the four functions
 */
export function defineScore<P extends Tree>(parts: ScoreParts<P>): Score<P> {
  checkParts(parts);
  const { name } = parts;
  const score: ScoreFunction<P> = (params, query, keys) =>
    scope(() => {
      const shapes = { query: checkedSequence(name, 'query', query), keys: checkedSequence(name, 'keys', keys) };
      checkBatch(name, shapes);
      parts.check(params, shapes);
      return parts.compare(params, query, parts.prepare(params, keys));
    });
  const halves: Omit<Score<P>, 'name'> = Object.assign(score, {
    init: (widths: Widths, options: { readonly backend?: Backend } = {}) =>
      scope(() => {
        checkWidths(name, widths, ['query', 'keys']);
        checkOptions(name, options, ['backend']);
        return parts.init(widths, options.backend);
      }),
    prepare: (params: P, keys: Floats) =>
      scope(() => {
        parts.check(params, { keys: checkedSequence(name, 'keys', keys) });
        return parts.prepare(params, keys);
      }),
    compare: (params: P, query: Floats, prepared: Floats) =>
      scope(() => {
        const shapes = {
          query: checkedSequence(name, 'query', query),
          prepared: checkedSequence(name, 'prepared', prepared),
        };
        checkBatch(name, shapes);
        parts.check(params, shapes);
        return parts.compare(params, query, prepared);
      }),
  });
  // A function's name is not writable, but it may be defined anew.
  return Object.defineProperty(halves, 'name', { value: name }) as Score<P>;
}

function checkParts(parts: unknown): void {
  const given = (parts ?? {}) as Readonly<Record<string, unknown>>;
  const functions = ['init', 'check', 'prepare', 'compare'];
  if (typeof given['name'] === 'string' && functions.every((part) => typeof given[part] === 'function')) return;
  const hint = `{ name, ${functions.join(', ')} }: a text and four functions`;
  throw new ArgumentError('defineScore', 'this does not describe a score', { parts }, hint);
}
