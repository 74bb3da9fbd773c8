/**
 * What decoding needs to know of a model: one step, from the tokens before to the scores of the tokens after.
 *
 *     tokens [N], state ──step──▶ logits [N, V], the next state, alignments
 *
 * Rows are independent. Every tensor of the state has N rows, so that a search may reorder them.
 */
import { ArgumentError, checkedFloats, leaves, logSoftmax, owns, scope, ShapeError, tensor } from '@recurra/core';
import type { Backend, Tensor, Tree } from '@recurra/core';
import type { Floats } from '@recurra/cells';

/** What a step gives. */
export interface Step<S extends Tree> {
  /** [N, V], not normalised; −∞ forbids a token */
  readonly logits: Floats;
  readonly state: S;
  /** [N, Tk], where the step looked, if anybody wants to know */
  readonly alignments?: Floats;
}

/** One step of a decoder: tokens [N], the ones before (the start tokens first), and the state. */
export type DecodeStep<S extends Tree> = (tokens: Tensor<'int32'>, state: S) => Step<S>;

/** What was decoded for one row. */
export interface Decoded {
  /** Without the start token; the last one is the stop token, unless `maxLength` came first. */
  readonly tokens: readonly number[];
  /** Whether the stop token came. */
  readonly stopped: boolean;
  /** Natural logarithm of the probability of the tokens, the stop token included. */
  readonly logProbability: number;
  /** Where each step looked, [tokens][Tk]; null when the step does not say. */
  readonly alignments: readonly (readonly number[])[] | null;
}

/** A step on the host: row after row. */
export interface HostStep {
  readonly logProbabilities: ArrayLike<number>;
  readonly vocabulary: number;
  readonly alignments: ArrayLike<number> | null;
  readonly positions: number;
}

/** Runs a model's steps one after the other, and frees each state when the next is there. */
export class Steps<S extends Tree> {
  readonly #op: string;
  readonly #step: DecodeStep<S>;
  readonly #backend: Backend | undefined;
  #state: S;
  #mine: readonly Tensor[] = [];

  constructor(op: string, step: DecodeStep<S>, state: S) {
    this.#op = op;
    this.#step = step;
    this.#state = state;
    this.#backend = leaves(state)[0]?.backend;
  }

  /** The next step; `arrange` may reorder the state first. */
  async next(tokens: Int32Array, arrange: (state: S) => S = (state) => state): Promise<HostStep> {
    const N = tokens.length;
    const on = this.#backend && { backend: this.#backend };
    const made = scope(() => {
      const ids = tensor(tokens, [N], { dtype: 'int32', ...on });
      const { logits, state, alignments } = checkedStep<S>(this.#op, this.#step(ids, arrange(this.#state)), N);
      const a = alignments ?? null;
      // What the step only passes on stays with whoever made it.
      const fresh = new Set(leaves([state, a]).filter(owns));
      return { log_p: logSoftmax(logits, -1), state, a, fresh };
    });
    const after = new Set(leaves(made.state));
    const mine = this.#mine;
    this.#mine = [...after].filter((x) => made.fresh.has(x) || mine.includes(x));
    for (const x of mine) if (!after.has(x)) x.dispose();
    this.#state = made.state;
    try {
      const [log_p, a] = await Promise.all([made.log_p.raw(), made.a?.raw() ?? null]);
      for (const x of log_p) {
        if (x === x) continue;
        throw new ArgumentError(
          this.#op,
          'the step gave NaN',
          {},
          'every row needs finite logits; −∞ forbids a token',
          'NOT_A_NUMBER',
        );
      }
      return {
        logProbabilities: log_p,
        vocabulary: made.log_p.shape[1]!,
        alignments: a,
        positions: made.a?.shape[1] ?? 0,
      };
    } finally {
      made.log_p.dispose();
      if (made.a && made.fresh.has(made.a) && !after.has(made.a)) made.a.dispose();
    }
  }

  dispose(): void {
    for (const x of this.#mine) x.dispose();
    this.#mine = [];
  }
}

/** Row n of numbers that lie row after row. */
export function rowOf(numbers: ArrayLike<number>, n: number, width: number): number[] {
  return Array.from({ length: width }, (_, i) => numbers[n * width + i]!);
}

function checkedStep<S extends Tree>(op: string, made: unknown, N: number): Step<S> {
  if (made === null || typeof made !== 'object' || made instanceof Promise) {
    const hint = '(tokens, state) => ({ logits, state, alignments })';
    throw new ArgumentError(op, 'a step gives logits and a state', { got: made }, hint);
  }
  const step = made as Step<S>;
  for (const role of ['logits', 'alignments'] as const) {
    if (role === 'alignments' && step.alignments === undefined) continue;
    const { shape } = checkedFloats(op, role, step[role]);
    if (shape.length === 2 && shape[0] === N && shape[1]! > 0) continue;
    const facts = { [role]: shape, expected: [N, 'any'] };
    throw new ShapeError(op, `${role} must have one row for each token`, facts, 'logits [N, V], alignments [N, Tk]');
  }
  return step;
}
