/** Libraries of attention with one defect each in its heads. */
import * as ours from '@recurra/attention';
import { concat, logicalNot, mul, reverse, scope, split } from '@recurra/core';
import type { AttentionLibrary } from '../../src/cases/attention-library.js';
import type { Bools, Floats } from '../../src/cases/on.js';
import type { Mutant } from './mutant.js';

export const broken = (
  name: string,
  caughtBy: string,
  change: Partial<AttentionLibrary>,
): Mutant<() => AttentionLibrary> => ({ name, caughtBy, make: () => ({ ...ours, ...change }) });

interface Asked {
  params: ours.HeadsParams;
  inputs: ours.KerasAttentionInputs;
  call: ours.HeadsCall;
}

/** Both layers, asked something else than they were asked. */
function asking(
  change: (asked: Asked, options: Readonly<Record<string, unknown>>) => Partial<Asked>,
): Partial<AttentionLibrary> {
  const through =
    (make: (options: never) => ours.HeadsLayer) =>
    (options: object): never => {
      const layer = make(options as never);
      const f = (params: ours.HeadsParams, inputs: ours.KerasAttentionInputs, call: ours.HeadsCall = {}): unknown =>
        scope(() => {
          const asked = { params, inputs, call };
          const now = { ...asked, ...change(asked, options as Readonly<Record<string, unknown>>) };
          return layer(now.params, now.inputs, now.call);
        });
      return Object.assign(f, { init: layer.init }) as never;
    };
  return {
    multiHeadAttention: through(ours.multiHeadAttention),
    groupedQueryAttention: through(ours.groupedQueryAttention),
  };
}

/** Both layers made with other options. */
const made = (change: (options: Readonly<Record<string, unknown>>) => object): Partial<AttentionLibrary> => ({
  multiHeadAttention: (options) => ours.multiHeadAttention(change({ ...options }) as never),
  groupedQueryAttention: (options) => ours.groupedQueryAttention(change({ ...options }) as never),
});

type Projection = ours.Projection;
const both = ({ kernel, bias }: Projection, f: (x: Floats) => Floats): Projection => ({
  kernel: f(kernel),
  ...(bias && { bias: f(bias) }),
});
/** Into heads: the axis before the last of kernel and bias counts them. */
const turnedHeads = (p: Projection): Projection => both(p, (x) => reverse(x, -2));

/** The query heads in the order in which head n would meet key head n mod M. */
function interleaved(n: number, m: number): number[] {
  return Array.from({ length: n }, (_, i) => (i % (n / m)) * m + Math.floor(i / (n / m)));
}
const inOrder = (x: Floats, axis: number, order: readonly number[]): Floats => {
  const parts = split(x, x.shape.at(axis)!, axis) as Floats[];
  return concat(
    order.map((i) => parts[i]!),
    axis,
  );
};

const scaled = (p: Projection, by: number): Projection => both(p, (x) => mul(x, by));

export const brokenHeads: readonly Mutant<() => AttentionLibrary>[] = [
  broken(
    'the heads of the keys turned round',
    'attention/multi-head/plain',
    asking(({ params }) => ({ params: { ...params, key: turnedHeads(params.key) } })),
  ),
  broken(
    'the heads of the output turned round',
    'attention/multi-head/plain',
    asking(({ params }) => ({
      params: {
        ...params,
        attentionOutput: { ...params.attentionOutput, kernel: reverse(params.attentionOutput.kernel, 0) },
      },
    })),
  ),
  broken(
    'key heads repeated as a whole, not each',
    'attention/grouped/plain',
    asking(({ params }) => {
      const [n, m] = [params.query.kernel.shape[1]!, params.key.kernel.shape[1]!];
      const order = interleaved(n, m);
      const { attentionOutput: out } = params;
      return {
        params: {
          ...params,
          query: both(params.query, (x) => inOrder(x, -2, order)),
          ...(params.gate && { gate: both(params.gate, (x) => inOrder(x, -2, order)) }),
          attentionOutput: { ...out, kernel: inOrder(out.kernel, 0, order) },
        },
      };
    }),
  ),
  broken(
    'heads without 1/√H',
    'attention/multi-head/plain',
    asking(({ params }) => ({
      params: { ...params, query: scaled(params.query, Math.sqrt(params.query.kernel.shape[2]!)) },
    })),
  ),
  broken(
    'heads divided by H',
    'attention/multi-head/plain',
    asking(({ params }) => ({
      params: { ...params, query: scaled(params.query, 1 / Math.sqrt(params.query.kernel.shape[2]!)) },
    })),
  ),
  broken(
    'the width of the values in the scale',
    'attention/multi-head/value-dim',
    asking(({ params }) => {
      const [H, Hv] = [params.query.kernel.shape[2]!, params.value.kernel.shape[2]!];
      return { params: { ...params, query: scaled(params.query, Math.sqrt(H / Hv)) } };
    }),
  ),
  broken(
    'the key in place of the value',
    'attention/multi-head/own-key',
    asking(({ inputs: [q, v, k = v], params }) =>
      k === v ? {} : { inputs: [q, k, v], params: { ...params, key: params.value, value: params.key } },
    ),
  ),
  broken(
    'a causal mask forgotten',
    'attention/multi-head/causal',
    asking(({ call }) => ({ call: { ...call, useCausalMask: false } })),
  ),
  broken(
    'a padding mask the other way round',
    'attention/multi-head/value-mask',
    asking(({ call }) => (call.valueMask ? { call: { ...call, valueMask: logicalNot(call.valueMask as Bools) } } : {})),
  ),
  broken(
    'one mask for all heads',
    'attention/multi-head/mask-per-head',
    asking(({ call }) => {
      const { attentionMask: mask } = call;
      return mask?.rank === 4 ? { call: { ...call, attentionMask: split(mask, mask.shape[1]!, 1)[0] as Bools } } : {};
    }),
  ),
  broken(
    'a key mask forgotten',
    'attention/multi-head/all-masks',
    asking(({ call }) => ({ call: { ...call, keyMask: null } })),
  ),
  broken(
    'a query mask ignored',
    'attention/multi-head/query-mask',
    asking(({ call }) => ({ call: { ...call, queryMask: null } })),
  ),
  broken(
    'the explicit path for all: nothing visible gives no context',
    'attention/multi-head/nothing-visible',
    asking(({ call }) => ({ call: { ...call, returnAttentionScores: true } })),
  ),
  broken(
    'the fused path when scores are asked for',
    'attention/multi-head/nothing-visible-scores',
    fusedOutputs((options, call) => call.returnAttentionScores === true && !options['dropout']),
  ),
  broken(
    'the fused path with dropout in inference',
    'attention/multi-head/nothing-visible-dropout',
    fusedOutputs((options, call) => Boolean(options['dropout']) && !call.training),
  ),
  broken(
    'a band one wider',
    'attention/multi-head/sliding-window',
    made((options) =>
      options['slidingWindow'] ? { ...options, slidingWindow: (options['slidingWindow'] as number) + 1 } : options,
    ),
  ),
  broken(
    'axes attended in their own order',
    'attention/multi-head/two-axes',
    made((options) => {
      const axes = options['attentionAxes'] as number[] | undefined;
      return axes === undefined ? options : { ...options, attentionAxes: [...axes].sort((a, b) => a - b) };
    }),
  ),
  broken('the gate forgotten', 'attention/multi-head/gate', {
    multiHeadAttention: (options) => gateless(ours.multiHeadAttention({ ...options, useGate: false })),
  }),
  broken(
    'no dropout in training',
    'attention/multi-head/dropout',
    asking(({ call }) => ({ call: { ...call, training: false } })),
  ),
  broken(
    'the masks of the first call for all',
    'attention/multi-head/dropout-third-call',
    asking(({ call }) => ({ call: { ...call, dropoutCounter: 0 } })),
  ),
];

/** Outputs of the layer as it is without dropout and without scores, for the calls that are chosen. */
function fusedOutputs(
  when: (options: Readonly<Record<string, unknown>>, call: ours.HeadsCall) => boolean,
): Partial<AttentionLibrary> {
  const through =
    (make: (options: never) => ours.HeadsLayer) =>
    (options: object): never => {
      const layer = make(options as never);
      const plain = make({ ...options, dropout: 0 } as never);
      const f = (params: ours.HeadsParams, inputs: ours.KerasAttentionInputs, call: ours.HeadsCall = {}): unknown =>
        scope(() => {
          const whole = layer(params, inputs, call);
          if (inputs[0].rank > 3 || !when(options as Readonly<Record<string, unknown>>, call)) return whole;
          const { outputs } = plain(params, inputs, { ...call, returnAttentionScores: false });
          return { ...whole, outputs };
        });
      return Object.assign(f, { init: layer.init }) as never;
    };
  return {
    multiHeadAttention: through(ours.multiHeadAttention),
    groupedQueryAttention: through(ours.groupedQueryAttention),
  };
}

/** A layer without a gate that takes the parameters of one. */
function gateless(layer: ours.HeadsLayer): ours.HeadsLayer {
  const f = (params: ours.HeadsParams, inputs: ours.KerasAttentionInputs, call?: ours.HeadsCall): unknown => {
    const { gate: _, ...rest } = params;
    return layer(rest, inputs, call);
  };
  return Object.assign(f, { init: layer.init }) as never;
}
