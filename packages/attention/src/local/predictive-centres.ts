/**
 * p_t = S·σ(vᵀ tanh(W h_t))
 *
 * "local-p" of Luong, Pham & Manning 2015, equation (9): the decoder's state h_t says where in the source to look. S is the
 * length of the source, positions count from 0.
 */
import {
  ArgumentError,
  checkedCount,
  checkedFloats,
  checkOptions,
  checkShapes,
  initializer,
  isTensor,
  matmul,
  mul,
  reshape,
  scope,
  ShapeError,
  sigmoid,
  tanh,
} from '@recurra/core';
import type { Backend } from '@recurra/core';
import { checkedSequence, checkWidths } from '../checks.js';
import { drawn, type InitializerOption } from '../parameters.js';
import type { Floats } from '../score.js';

/** Options of `predictiveCentres`. */
export interface PredictiveCentresOptions {
  /** u, the width inside the tanh. */
  readonly units: number;
  /** Of W. Default 'glorotUniform'. */
  readonly kernelInitializer?: InitializerOption;
  /** Of v. Default 'glorotUniform'. */
  readonly vInitializer?: InitializerOption;
}

/** Parameters of `predictiveCentres`. */
export type PredictiveCentresParams = {
  /** W [Dq, u] */
  readonly kernel: Floats;
  /** v [u] */
  readonly v: Floats;
};

/** Centres that are predicted from the query; with their parameters. */
export interface PredictiveCentres {
  /** query [B, Tq, Dq] → centres [B, Tq] between 0 and S: one length for all, or float32 [B], one for each row. */
  (params: PredictiveCentresParams, query: Floats, length: number | Floats): Floats;
  init(widths: { readonly query: number }, options?: { readonly backend?: Backend }): PredictiveCentresParams;
}

/**
 *     const centresOf = predictiveCentres({ units: 16 });
 *     const where = centresOf.init({ query: 8 });
 *     const centres = centresOf(where, query, Tk);
 *     localAttention(score, params, query, keys, keys, { radius: 2, centres });
 *
 * @throws ArgumentError for units below 1 and for unknown options and names
 */
export function predictiveCentres(options: PredictiveCentresOptions): PredictiveCentres {
  const op = 'predictiveCentres';
  checkOptions(op, options, ['units', 'kernelInitializer', 'vInitializer']);
  const units = checkedCount(op, 'units', options.units, 'predictiveCentres({ units: 16 })');
  const init = {
    W: initializer(options.kernelInitializer ?? 'glorotUniform', op),
    v: initializer(options.vInitializer ?? 'glorotUniform', op),
  };

  const centres = (params: PredictiveCentresParams, query: Floats, length: number | Floats): Floats =>
    scope(() => {
      const [B, Tq, Dq] = checkedSequence(op, 'query', query) as readonly [number, number, number];
      checkShapes(op, 'params', params, { kernel: [Dq, units], v: [units] });
      const S = checkedLength(op, length, B);
      const { kernel: W, v } = params;
      const e = matmul(tanh(matmul(query, W)), reshape(v, [units, 1]));
      return mul(sigmoid(reshape(e, [B, Tq])), S);
    });
  return Object.assign(centres, {
    init: (widths: { readonly query: number }, how: { readonly backend?: Backend } = {}) =>
      scope(() => {
        checkWidths(op, widths, ['query']);
        checkOptions(op, how, ['backend']);
        const { backend } = how;
        return { kernel: drawn(op, init.W, [widths.query, units], backend), v: drawn(op, init.v, [units], backend) };
      }),
  });
}

function checkedLength(op: string, length: unknown, B: number): number | Floats {
  if (!isTensor(length)) {
    const hint = 'the number of keys, or a float32 tensor [B] of lengths';
    if (typeof length !== 'number' || !(length > 0 && length < Infinity))
      throw new ArgumentError(op, 'length must be above 0', { length }, hint);
    return length;
  }
  const lengths = checkedFloats(op, 'length', length);
  if (lengths.rank !== 1 || lengths.shape[0] !== B) {
    const facts = { length: lengths.shape, batch: B };
    throw new ShapeError(op, 'length must have one entry for each row of the batch', facts, 'length is [B]');
  }
  return reshape(lengths, [B, 1]);
}
