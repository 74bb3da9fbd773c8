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
import { applyFused, ArgumentError, broadcastTo, checkOptions, scope, whyNot } from '@recurra/core';
import type { AttentionSpec, Backend, Shape, Tensor, Tree } from '@recurra/core';
import { attended, checkedTargets, type Attended } from './attend.js';
import { checkBatch, checkedSequence, checkWidths } from './checks.js';
import type { Mask } from './masks/mask.js';

/** A float32 tensor. */
export type Floats = Tensor<'float32'>;

/** (params, query [B, Tq, Dq], keys [B, Tk, Dk]) → scores [B, Tq, Tk]. */
export type ScoreFunction<P> = (params: P, query: Floats, keys: Floats) => Floats;

/** A score function with its parameters, and its two halves. Calling it is `compare` of `prepare`. */
export interface Score<P = Tree> {
  (params: P, query: Floats, keys: Floats): Floats;
  readonly name: string;
  /** Fresh parameters for queries and keys of these widths. */
  init(widths: Widths, options?: { readonly backend?: Backend }): P;
  /** Once per sequence: keys [B, Tk, Dk] → what `compare` needs of them, [B, Tk, …]. */
  prepare(params: P, keys: Floats): Floats;
  /** Once per question: query [B, Tq, Dq] and prepared keys → scores [B, Tq, Tk]. */
  compare(params: P, query: Floats, prepared: Floats): Floats;
  /** `attend` of `compare`, in one call of the backend where it has a fused attention that knows this score. */
  attend(params: P, query: Floats, prepared: Floats, values: Floats, mask?: Mask | null): Attended;
  /** Throws what calling the score with these would throw, and computes nothing. */
  check(params: P, query: Floats, keys: Floats): void;
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
  /** The same comparison as a backend's fused attention names it, where it is one of those. */
  readonly fused?: FusedScore<P>;
}

/**
 * scale · qᵀk for 'scaledDot', scale · vᵀ tanh(q + k) for 'additive', where k is a prepared key of width D and q what
 * `compare` makes of the query, as wide as k.
 */
export interface FusedScore<P> {
  readonly score: AttentionSpec['score'];
  /** Default 1. */
  scale?(width: number): number;
  inputs(params: P, query: Floats): { readonly query: Floats; readonly v?: Floats };
}

/**
 * A score from its equation: checks what every score must check, and frees what it does not return.
 *
 * @throws ArgumentError unless it is given a name and the four functions
 */
export function defineScore<P extends Tree>(parts: ScoreParts<P>): Score<P> {
  checkParts(parts);
  const { name } = parts;
  const check = (params: P, query: Floats, keys: Floats): void => {
    const shapes = { query: checkedSequence(name, 'query', query), keys: checkedSequence(name, 'keys', keys) };
    checkBatch(name, shapes);
    parts.check(params, shapes);
  };
  const checkPrepared = (params: P, query: Floats, prepared: Floats): void => {
    const shapes = {
      query: checkedSequence(name, 'query', query),
      prepared: checkedSequence(name, 'prepared', prepared),
    };
    checkBatch(name, shapes);
    parts.check(params, shapes);
  };
  const score: ScoreFunction<P> = (params, query, keys) =>
    scope(() => {
      check(params, query, keys);
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
        checkPrepared(params, query, prepared);
        return parts.compare(params, query, prepared);
      }),
    attend: (params: P, query: Floats, prepared: Floats, values: Floats, mask?: Mask | null) =>
      scope(() => {
        checkPrepared(params, query, prepared);
        const shape = [query.shape[0]!, query.shape[1]!, prepared.shape[1]!];
        const hidden = checkedTargets('attend', shape, values, mask);
        return (
          inOneCall(parts.fused, params, query, prepared, values, hidden) ??
          attended(parts.compare(params, query, prepared), values, hidden)
        );
      }),
    check,
  });
  // A function's name is not writable, but it may be defined anew.
  return Object.defineProperty(halves, 'name', { value: name }) as Score<P>;
}

/** What the backend's fused attention gives, or null where it has none for this. */
function inOneCall<P>(
  fused: FusedScore<P> | undefined,
  params: P,
  given: Floats,
  prepared: Floats,
  values: Floats,
  mask: Mask | null,
): Attended | null {
  if (fused === undefined) return null;
  const [batch, keys, width] = prepared.shape as readonly [number, number, number];
  const dims = { batch, queries: given.shape[1]!, keys, width, values: values.shape[2]! };
  const spec: AttentionSpec = { score: fused.score, scale: fused.scale?.(width) ?? 1, causal: false, dims };
  if (whyNot(given.backend, 'attention', spec) !== null) return null;
  const { query, v } = fused.inputs(params, given);
  const hidden = mask && broadcastTo(mask, [batch, dims.queries, keys]);
  const made = applyFused('attention', spec, [query, prepared, values, v ?? null, hidden]);
  return made && { context: made[0] as Floats, weights: made[1] as Floats };
}

function checkParts(parts: unknown): void {
  const given = (parts ?? {}) as Readonly<Record<string, unknown>>;
  const functions = ['init', 'check', 'prepare', 'compare'];
  if (typeof given['name'] === 'string' && functions.every((part) => typeof given[part] === 'function')) return;
  const hint = `{ name, ${functions.join(', ')} }: a text and four functions`;
  throw new ArgumentError('defineScore', 'this does not describe a score', { parts }, hint);
}
