/**
 * y = Wo·(c ⊙ g),   c = attention(Wq·query, Wk·key, Wv·value) in each head,   g = σ(Wg·query) with a gate, else 1
 *
 * What `keras.layers.MultiHeadAttention` and `GroupQueryAttention` of Keras 3.15 have in common, which is all but the names
 * of their options: multi-head attention is the grouped one with a key head for each query head.
 */
import { checkedCount, checkedFlag, checkOptions, initializer, mul, scope, sigmoid } from '@recurra/core';
import { nextSeed } from '@recurra/core/random';
import type { Backend, Shape } from '@recurra/core';
import { checkWidths } from '../checks.js';
import {
  checkedCounter,
  checkedRate,
  checkedSeed,
  dropped,
  type DropoutCall,
  type DropoutOptions,
} from '../keras/dropout.js';
import type { KerasAttentionInputs } from '../keras/keras-inputs.js';
import type { InitializerOption } from '../parameters.js';
import type { Floats } from '../score.js';
import { explicitAttention, fusedAttention } from './head-attention.js';
import { headMask, type HeadMasks } from './head-masks.js';
import { intoHeads, layOut, outOfHeads } from './layout.js';
import { checkProjections, drawProjection, project, type Projection, type ProjectionShapes } from './projection.js';

/** Options that both layers have. */
export interface HeadsOptions extends DropoutOptions {
  /** Default true. */
  readonly useBias?: boolean;
  /** Multiply each head's context with σ(Wg·query) before the output projection. Default false. */
  readonly useGate?: boolean;
  /** Query i sees key j only when |i − j| < slidingWindow; null, the default, for no window. */
  readonly slidingWindow?: number | null;
  /** Of every kernel. A name draws anew for each, a function serves all. Default 'glorotUniform'. */
  readonly kernelInitializer?: InitializerOption;
  /** Of every bias. Default 'zeros'. */
  readonly biasInitializer?: InitializerOption;
}

export const headsOptions = [
  'useBias',
  'useGate',
  'slidingWindow',
  'kernelInitializer',
  'biasInitializer',
  'dropout',
  'seed',
] as const;

/** What a call of a layer with heads is told. */
export interface HeadsCall extends HeadMasks, DropoutCall {
  /** Hand out the attention weights too. Changes the output of a query that sees nothing. Default false. */
  readonly returnAttentionScores?: boolean;
}

const callOptions = [
  'attentionMask',
  'queryMask',
  'valueMask',
  'keyMask',
  'useCausalMask',
  'returnAttentionScores',
  'training',
  'dropoutCounter',
];

/** N query heads, M key and value heads, widths H and Hv. Keys in the order in which Keras makes the weights. */
export type HeadsParams = {
  /** kernel [Eq, N, H], bias [N, H] */
  readonly query: Projection;
  /** kernel [Ek, M, H], bias [M, H] */
  readonly key: Projection;
  /** With `useGate`: kernel [Eq, N, Hv], bias [N, Hv] */
  readonly gate?: Projection;
  /** kernel [Ev, M, Hv], bias [M, Hv] */
  readonly value: Projection;
  /** kernel [N, Hv, E], bias [E]; E may be several axes */
  readonly attentionOutput: Projection;
};

/** What a layer with heads gives. */
export interface HeadsAttended<S extends Floats | null = Floats | null> {
  /** [B, Tq, E] */
  readonly outputs: Floats;
  /** [B, N, Tq, Tv] with `returnAttentionScores`: the weights after the softmax, before dropout. Else null. */
  readonly scores: S;
}

/** The last axes of the inputs; the key's is that of the value when left out. */
export interface HeadsWidths {
  readonly query: number;
  readonly value: number;
  readonly key?: number;
}

/** A layer as a function of its parameters. */
export interface HeadsLayer {
  (
    params: HeadsParams,
    inputs: KerasAttentionInputs,
    call: HeadsCall & { readonly returnAttentionScores: true },
  ): HeadsAttended<Floats>;
  (
    params: HeadsParams,
    inputs: KerasAttentionInputs,
    call?: HeadsCall & { readonly returnAttentionScores?: false },
  ): HeadsAttended<null>;
  (params: HeadsParams, inputs: KerasAttentionInputs, call?: HeadsCall): HeadsAttended;
  readonly name: string;
  /** The weights Keras starts with. */
  init(widths: HeadsWidths, options?: { readonly backend?: Backend }): HeadsParams;
}

/** The sizes of a layer, checked by who defines it. */
export interface HeadsSizes {
  readonly name: string;
  readonly queryHeads: number;
  readonly keyHeads: number;
  readonly keyWidth: number;
  readonly valueWidth: number;
  /** What the output has in place of [Eq]. */
  readonly outputShape: Shape | null;
  readonly attentionAxes: readonly number[] | null;
  /** Of the inputs; null for 3 or more. */
  readonly rank: number | null;
}

export function defineHeads(sizes: HeadsSizes, options: HeadsOptions): HeadsLayer {
  const { name, queryHeads: N, keyHeads: M, keyWidth: H, valueWidth: Hv } = sizes;
  const rate = checkedRate(name, options.dropout);
  let seed = checkedSeed(name, options.seed);
  const useGate = checkedFlag(name, 'useGate', options.useGate ?? false);
  const slidingWindow =
    options.slidingWindow == null
      ? null
      : checkedCount(name, 'slidingWindow', options.slidingWindow, 'slidingWindow: 4');
  const kinds = {
    useBias: checkedFlag(name, 'useBias', options.useBias ?? true),
    kernelInitializer: options.kernelInitializer ?? 'glorotUniform',
    biasInitializer: options.biasInitializer ?? 'zeros',
  };
  // Keras makes a pair of initializers for the layer and clones it for each projection; this one only counts as a draw.
  initializer(kinds.kernelInitializer, name);
  initializer(kinds.biasInitializer, name);

  const kernels = (query: number, value: number, key: number): ProjectionShapes => ({
    query: { kernel: [query, N, H], bound: 1 },
    key: { kernel: [key, M, H], bound: 1 },
    gate: useGate ? { kernel: [query, N, Hv], bound: 1 } : null,
    value: { kernel: [value, M, Hv], bound: 1 },
    attentionOutput: { kernel: [N, Hv, ...(sizes.outputShape ?? [query])], bound: 2 },
  });

  const layer = (params: HeadsParams, inputs: KerasAttentionInputs, call: HeadsCall = {}): HeadsAttended =>
    scope(() => {
      checkOptions(name, call, callOptions);
      const counter = checkedCounter(name, call);
      const useCausalMask = checkedFlag(name, 'useCausalMask', call.useCausalMask ?? false);
      const asked = checkedFlag(name, 'returnAttentionScores', call.returnAttentionScores ?? false);
      const { query, value, key, layout } = layOut(name, inputs, sizes.attentionAxes, sizes.rank);
      const [Eq, Ev, Ek] = [query, value, key].map(({ shape }) => shape.at(-1)!) as [number, number, number];
      checkProjections(name, params, kinds.useBias, kernels(Eq, Ev, Ek));
      const hiding = { ...call, useCausalMask, slidingWindow, heads: N, query: query.shape, value: value.shape };
      const mask = headMask(name, layout, hiding, query.backend);

      const { batches, queries, keys } = layout;
      const heads = {
        q: intoHeads(project(query, params.query), layout, queries, N === M ? [N] : [M, N / M]),
        k: intoHeads(project(key, params.key), layout, keys, N === M ? [N] : [M, 1]),
        v: intoHeads(project(value, params.value), layout, keys, N === M ? [N] : [M, 1]),
        mask,
        scores: [...batches, N, ...queries, ...keys],
        // Keras gives its factor as a Python number, which TensorFlow takes for a float32 even beside float64.
        scale: Math.fround(1 / Math.sqrt(H)),
      };
      // Keras's condition: its fused kernel takes inputs of rank 3, drops nothing and keeps the weights to itself.
      const fused = rate === 0 && !asked && query.rank === 3;
      const { context, weights } = fused
        ? { context: fusedAttention(heads), weights: null }
        : explicitAttention(heads, (a) => dropped(a, rate, () => (seed ??= nextSeed()), counter));
      const c = outOfHeads(context, layout, N);
      const gated = useGate ? mul(c, sigmoid(project(query, params.gate!))) : c;
      return { outputs: project(gated, params.attentionOutput, 2), scores: asked ? weights : null };
    });

  const init: HeadsLayer['init'] = (widths, how = {}) =>
    scope(() => {
      checkWidths(name, widths, widths?.key === undefined ? ['query', 'value'] : ['query', 'value', 'key']);
      checkOptions(name, how, ['backend']);
      const shapes = kernels(widths.query, widths.value, widths.key ?? widths.value);
      const draw = (projection: string): Projection => {
        const { kernel, bound } = shapes[projection]!;
        return drawProjection(name, kernel, bound, kinds, how.backend);
      };
      const query = draw('query');
      const key = draw('key');
      const gate = useGate ? { gate: draw('gate') } : {};
      const value = draw('value');
      // Keras makes the generator of dropout masks here, between the projections. The first one made is kept.
      if (rate > 0 && checkedSeed(name, options.seed) === null) {
        const drawnSeed = nextSeed();
        seed ??= drawnSeed;
      }
      return { query, key, ...gate, value, attentionOutput: draw('attentionOutput') };
    });
  // A function's name is not writable, but it may be defined anew.
  return Object.defineProperty(Object.assign(layer, { init }), 'name', { value: name }) as HeadsLayer;
}
