/**
 * p_j = σ(e_j + r + s ε), the probability to stop at position j; 0 at padding; ε ~ N(0, 1) in training, else 0. A step goes on from where the one before stopped,
 * a′, and passes over j with probability 1 − p_j:
 *
 * recursive   q_j = (1 − p_{j−1}) q_{j−1} + a′_j,   a_j = p_j q_j
 * parallel    P_j = Π_{i<j} (1 − p_i),   a_j = p_j P_j Σ_{i≤j} a′_i / P_i
 * hard        p_j = [e_j + r > 0] · Σ_{i≤j} a′_i,   a_j = p_j Π_{i<j} (1 − p_i)
 *
 * Raffel, Luong, Liu, Weiss & Eck 2017; the monotonic mechanisms of tensorflow/addons. Before the first step a′ is 1 at the
 * first position. Rows need not sum to 1: what is missing passed over all of the memory.
 */
import {
  add,
  cast,
  checkedFinite,
  checkedName,
  ArgumentError,
  checkOptions,
  checkShapes,
  concat,
  div,
  exp,
  greater,
  log,
  matmul,
  maximum,
  mul,
  oneHot,
  sigmoid,
  split,
  sub,
  tensor,
  where,
} from '@recurra/core';
import type { Backend, Shape } from '@recurra/core';
import { normal, randint } from '@recurra/core/random';
import type { Floats } from '@recurra/cells';
import { checkedSeed } from '../checks.js';
import type { Alignment } from './alignment.js';

/** How a monotonic alignment is computed. */
export type MonotonicMode = 'parallel' | 'recursive' | 'hard';

/** Options of `monotonicAlignment`. */
export interface MonotonicAlignmentOptions {
  /**
   * 'parallel' in Tk-wide ops, 'recursive' position by position (the same value; slower, and exact where `parallel` clips
   * small products), 'hard' takes a yes or no at each position: for decoding, no gradient goes to the scores.
   * Default 'parallel', as in tensorflow/addons.
   */
  readonly mode?: MonotonicMode;
  /** What r starts from. Default 0. */
  readonly scoreBiasInit?: number;
  /**
   * s, the standard deviation of the noise that is added to the scores in training, one number for each row, step and
   * position: it teaches scores to be far from 0, so that `hard` decoding loses little. Default 0.
   */
  readonly sigmoidNoise?: number;
  /** Seeds the noise, which each `dropoutCounter` has its own of. Without one, `setRandomSeed` decides. */
  readonly seed?: number | null;
}

/** Parameters of `monotonicAlignment`. */
export type MonotonicAlignmentParams = {
  /** r []; attention_score_bias of tensorflow/addons */
  readonly scoreBias: Floats;
};

interface Prepared {
  readonly r: Floats;
  /** Times this matrix a row becomes its running sums: 1 where i ≤ j; null where no mode needs it. */
  readonly upTo: Floats | null;
  /** 1 where i < j. */
  readonly before: Floats | null;
}

const modes = ['parallel', 'recursive', 'hard'] as const;

/**
 * Moves forward over the memory only.
 *
 *     attentionCell(cell, luongMechanism({ units: 64 }), addonsWrapper(), { alignment: monotonicAlignment({ mode: 'hard' }) });
 *
 * `sigmoidNoise` is added in training, as Raffel 2017 does; tensorflow/addons' `sigmoid_noise` always.
 *
 * @throws ArgumentError for an unknown mode or option, noise that is negative or no finite number, a seed that is none
 */
export function monotonicAlignment(
  options: MonotonicAlignmentOptions = {},
): Alignment<MonotonicAlignmentParams, Prepared> {
  const name = 'monotonicAlignment';
  checkOptions(name, options, ['mode', 'scoreBiasInit', 'sigmoidNoise', 'seed']);
  const mode = checkedName(name, 'mode', options.mode ?? 'parallel', modes);
  const r_0 = checkedFinite(name, 'scoreBiasInit', options.scoreBiasInit ?? 0);
  const s = checkedFinite(name, 'sigmoidNoise', options.sigmoidNoise ?? 0);
  if (s < 0) throw new ArgumentError(name, 'sigmoidNoise must not be negative', { sigmoidNoise: s }, 'sigmoidNoise: 1');
  const seed = s === 0 && options.seed == null ? 0 : checkedSeed(name, options.seed);
  return {
    name,
    init: (backend) => ({ scoreBias: tensor([r_0], [], { dtype: 'float32', ...(backend && { backend }) }) }),
    check: (params) => checkShapes(name, 'params.alignment', params, { scoreBias: [] }),
    initial: (batch, length, backend) =>
      oneHot(tensor(new Int32Array(batch), [batch], { dtype: 'int32', backend }), length),
    begin: ({ scoreBias: r }, length, backend) => ({
      r,
      upTo: mode === 'recursive' ? null : triangle(length, 0, backend),
      before: mode === 'parallel' ? triangle(length, 1, backend) : null,
    }),
    ...(s > 0 && {
      noise(calls: number, nth: number, shape: Shape, backend: Backend) {
        const [of] = randint([1], 0, 2147483647, { seed: [seed, calls] });
        return tensor(normal(shape, { stddev: s, seed: [of!, nth] }), shape, { backend });
      },
    }),
    attend({ r, upTo, before }, { scores, values, mask, previous, noise }) {
      const e = noise == null ? add(scores, r) : add(add(scores, r), noise);
      const free = mode === 'hard' ? cast(greater(e, 0), 'float32') : sigmoid(e);
      const p = mask === null ? free : where(mask, free, 0);
      const a =
        mode === 'recursive'
          ? recursive(p, previous)
          : mode === 'parallel'
            ? parallel(p, previous, upTo!, before!)
            : hard(p, previous, upTo!);
      return { context: matmul(a, values), weights: a };
    },
  };
}

/** [Tk, Tk], 1 where j − i ≥ from. */
function triangle(length: number, from: number, backend: Backend): Floats {
  const ones = Float32Array.from({ length: length * length }, (_, at) => {
    const j = at % length;
    return Number(j - (at - j) / length >= from);
  });
  return tensor(ones, [length, length], { backend });
}

function recursive(p: Floats, previous: Floats): Floats {
  const Tk = p.shape[2]!;
  const [p_j, a_before] = [split(p, Tk, -1), split(previous, Tk, -1)];
  let q = a_before[0]!;
  const a = [mul(p_j[0]!, q)];
  for (let j = 1; j < Tk; j++) {
    q = add(mul(sub(1, p_j[j - 1]!), q), a_before[j]!);
    a.push(mul(p_j[j]!, q));
  }
  return concat(a, -1);
}

/** The product is a sum of logarithms; both bounds are those of tensorflow/addons. */
function parallel(p: Floats, previous: Floats, upTo: Floats, before: Floats): Floats {
  // The smallest normal number of the device's floats: log of it is finite.
  const tiny = { 16: 6.103515625e-5, 32: 1.1754943508222875e-38, 64: 2.2250738585072014e-308 }[p.backend.precision];
  const P = exp(matmul(log(maximum(sub(1, p), tiny)), before));
  return mul(mul(p, P), matmul(div(previous, maximum(P, 1e-10)), upTo));
}

function hard(yes: Floats, previous: Floats, upTo: Floats): Floats {
  const p = mul(yes, matmul(previous, upTo));
  const p_j = split(p, p.shape[2]!, -1);
  const a = [p_j[0]!];
  let P: Floats | null = null;
  for (let j = 1; j < p_j.length; j++) {
    const passed = sub(1, p_j[j - 1]!);
    P = P === null ? passed : mul(P, passed);
    a.push(mul(p_j[j]!, P));
  }
  return concat(a, -1);
}
