/**
 * What `keras.layers.Attention` and `AdditiveAttention` of Keras 3.15 have in common: everything but the score.
 *
 *     e = score(query, key)
 *     e = where(m, e, e − M)              m = value mask and, if asked, causal;  M = 10⁹, or 65504 at 16 bits
 *     a = dropout(softmax(e))             in training only
 *     y = where(query mask, a·value, 0)
 *
 * M is subtracted, not put in place. So a row with nothing valid depends on the precision: at 16 and 32 bits M swallows
 * the scores and the weights are uniform; at 64 bits all scores move alike and the weights are those without a mask.
 * `attend` does not do this.
 */
import {
  ArgumentError,
  checkedFlag,
  checkOptions,
  expandDims,
  matmul,
  scope,
  ShapeError,
  softmax,
  sub,
  where,
} from '@recurra/core';
import type { Backend, Shape, Tree } from '@recurra/core';
import { checkBatch, checkedPadding, checkedSequence, checkWidths } from '../checks.js';
import { causalMask } from '../masks/causal-mask.js';
import { combineMasks } from '../masks/combine-masks.js';
import type { Mask } from '../masks/mask.js';
import { paddingMask } from '../masks/padding-mask.js';
import type { Floats } from '../score.js';
import { checkedCounter, dropoutCallOptions, dropped, type DropoutCall } from './dropout.js';
import { checkedList, type KerasAttentionInputs } from './keras-inputs.js';

/** What a call of Keras's layers is told. */
export interface KerasAttentionCall extends DropoutCall {
  /** Of the query, bool [B, Tq], where false rows of the output are 0; of the value, bool [B, Tv]. A third is ignored. */
  readonly mask?: readonly [query: Mask | null, value: Mask | null, key?: Mask | null] | null;
  /** A query sees no key after its own position. Default false. */
  readonly useCausalMask?: boolean;
}

/** What Keras's layers give. */
export interface KerasAttended {
  /** [B, Tq, Dv] */
  readonly outputs: Floats;
  /** [B, Tq, Tv], Keras's attention scores, which are the weights after the softmax and after dropout. */
  readonly scores: Floats;
}

/** A layer as a function of its parameters. */
export interface KerasAttentionLayer<P extends Tree = Tree> {
  (params: P, inputs: KerasAttentionInputs, call?: KerasAttentionCall): KerasAttended;
  readonly name: string;
  /** The weights Keras starts with. */
  init(widths: { readonly query: number }, options?: { readonly backend?: Backend }): P;
}

export interface KerasAttentionParts<P extends Tree> {
  readonly name: string;
  /** The fraction of the weights to drop in training, and the seed of the masks. */
  readonly dropout: { readonly rate: number; readonly seed: () => number };
  init(width: number, backend: Backend | undefined): P;
  /** Throws unless params fit queries of this width. */
  check(params: P, width: number): void;
  score(params: P, query: Floats, key: Floats): Floats;
}

export function defineKerasAttention<P extends Tree>(parts: KerasAttentionParts<P>): KerasAttentionLayer<P> {
  const { name } = parts;
  const layer = (params: P, inputs: KerasAttentionInputs, call: KerasAttentionCall = {}): KerasAttended =>
    scope(() => {
      const [query, value, key] = checkedInputs(name, inputs);
      parts.check(params, query.shape[2]!);
      const masks = checkedCall(name, call, query.shape, value.shape);
      const e = parts.score(params, query, key);
      const m = combineMasks(
        masks.value && paddingMask(masks.value),
        masks.causal ? causalMask(query.shape[1]!, value.shape[1]!, { backend: query.backend }) : null,
      );
      const { rate, seed } = parts.dropout;
      const a = dropped(softmax(m === null ? e : lower(e, m), -1), rate, seed, masks.counter);
      const y = matmul(a, value);
      return { outputs: masks.query === null ? y : where(expandDims(masks.query, -1), y, 0), scores: a };
    });
  const init: KerasAttentionLayer<P>['init'] = (widths, options = {}) =>
    scope(() => {
      checkWidths(name, widths, ['query']);
      checkOptions(name, options, ['backend']);
      return parts.init(widths.query, options.backend);
    });
  // A function's name is not writable, but it may be defined anew.
  return Object.defineProperty(Object.assign(layer, { init }), 'name', { value: name });
}

/** e where the mask is true, else e − M. */
function lower(e: Floats, m: Mask): Floats {
  const M = e.backend.precision === 16 ? 65504 : 1e9;
  return where(m, e, sub(e, M));
}

function checkedInputs(op: string, inputs: unknown): readonly [query: Floats, value: Floats, key: Floats] {
  const [query, value, key] = checkedList(op, inputs);
  const shapes = {
    query: checkedSequence(op, 'query', query),
    value: checkedSequence(op, 'value', value),
    key: checkedSequence(op, 'key', key),
  };
  checkBatch(op, shapes);
  if (shapes.query[2] !== shapes.key[2]) {
    throw new ShapeError(
      op,
      'query and key must be equally wide',
      shapes,
      'a matmul with a kernel [D, D′] brings one to the width of the other',
    );
  }
  if (shapes.value[1] !== shapes.key[1]) {
    throw new ShapeError(op, 'every key has one value', shapes, 'the order is [query, value, key]');
  }
  return [query, value, key] as [Floats, Floats, Floats];
}

interface Masks {
  readonly query: Mask | null;
  readonly value: Mask | null;
  readonly causal: boolean;
  /** In training, how many calls came before; else null. */
  readonly counter: number | null;
}

function checkedCall(op: string, call: KerasAttentionCall, query: Shape, value: Shape): Masks {
  checkOptions(op, call, ['mask', 'useCausalMask', ...dropoutCallOptions]);
  const counter = checkedCounter(op, call);
  const causal = checkedFlag(op, 'useCausalMask', call.useCausalMask ?? false);
  const { mask } = call;
  if (mask == null) return { query: null, value: null, causal, counter };
  if (!Array.isArray(mask) || mask.length < 2 || mask.length > 3) {
    throw new ArgumentError(op, 'mask must be a list', { mask }, '[queryMask, valueMask], null where there is none');
  }
  const [q, v] = mask as readonly [Mask | null, Mask | null];
  return {
    query: q == null ? null : checkedPadding(op, 'mask of the query', q, query.slice(0, 2), '[B, Tq]'),
    value: v == null ? null : checkedPadding(op, 'mask of the value', v, value.slice(0, 2), '[B, Tv]'),
    causal,
    counter,
  };
}
