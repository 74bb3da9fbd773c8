/** Libraries of attention with one defect each in its windows. */
import * as ours from '@recurra/attention';
import { add, clip, div, matmul, mul, scope, softmax, sqrt, sum } from '@recurra/core';
import type { AttentionLibrary } from '../../src/cases/attention-library.js';
import type { Bools, Floats } from '../../src/cases/on.js';
import { broken } from './attention-heads.js';
import type { Mutant } from './mutant.js';

/** Local attention as the equations say, but for one defect. */
type Local = AttentionLibrary['localAttention'];
const windows = (name: string, caughtBy: string, localAttention: Local): Mutant<() => AttentionLibrary> =>
  broken(name, caughtBy, { localAttention });
const radius =
  (change: (radius: number) => number): Local =>
  (score, params, q, k, v, options) =>
    ours.localAttention(score, params, q, k, v, { ...options, radius: change(options.radius) });
/** What comes of the weights of the true one. */
const weighted =
  (change: (weights: Floats, options: ours.LocalAttentionOptions) => Floats): Local =>
  (score, params, q, k, v = k, options) =>
    scope(() => {
      const weights = change(ours.localAttention(score, params, q, k, v, options).weights, options);
      return { weights, context: matmul(weights, v) };
    });

export const brokenWindows: readonly Mutant<() => AttentionLibrary>[] = [
  broken('a window one narrower', 'attention/window/mask', { windowMask: (p, keys, D) => narrower(p, keys, D) }),
  broken('a band one wider, as a mask', 'attention/window/sliding', {
    slidingWindowMask: (q, k, w, options) => ours.slidingWindowMask(q, k, w + 1, options),
  }),
  broken('a Gaussian of σ = D', 'attention/window/gaussian', {
    gaussianWindow: (p, keys, D) => ours.gaussianWindow(p, keys, 2 * D),
  }),
  windows(
    'a window one wider',
    'attention/window/local-m',
    radius((D) => D + 1),
  ),
  windows(
    'a window that ends before D',
    'attention/window/local-m',
    radius((D) => Math.max(D - 1, 1)),
  ),
  windows(
    'a softmax over all keys, cut to the window',
    'attention/window/local-m',
    (score, params, q, k, v = k, options) =>
      scope(() => {
        const { weights } = ours.localAttention(score, params, q, k, v, options);
        const everywhere = softmax(score(params, q, k));
        // 1 where the window is.
        const inside = clip(mul(weights, 1e30), 0, 1);
        const cut = mul(everywhere, inside);
        return { weights: cut, context: matmul(cut, v) };
      }),
  ),
  windows(
    'windows that start anew at every call',
    'attention/window/local-m-later',
    (score, params, q, k, v, options) => {
      const { centres: _, ...rest } = options;
      return ours.localAttention(score, params, q, k, v, options.gaussian === false ? rest : options);
    },
  ),
  windows('padding inside a window seen', 'attention/window/local-m-masked', (score, params, q, k, v, options) =>
    ours.localAttention(score, params, q, k, v, { ...options, mask: null }),
  ),
  windows('no Gaussian', 'attention/window/local-p', (score, params, q, k, v, options) =>
    ours.localAttention(score, params, q, k, v, { ...options, gaussian: false }),
  ),
  windows(
    'the Gaussian normalised away',
    'attention/window/local-p',
    weighted((a) => div(a, sum(a, { axis: -1, keepDims: true }))),
  ),
  windows('half the Gaussian', 'attention/window/local-p', (score, params, q, k, v = k, options) =>
    scope(() => {
      const plain = ours.localAttention(score, params, q, k, v, { ...options, gaussian: false }).weights;
      const { centres: p, gaussian = p !== undefined } = options;
      const weights = gaussian ? mul(plain, sqrt(ours.gaussianWindow(p!, k.shape[1]!, options.radius))) : plain;
      return { weights, context: matmul(weights, v) };
    }),
  ),
  broken('centres from 0 to S − 1', 'attention/window/local-p', {
    predictiveCentres: (options) => {
      const whole = ours.predictiveCentres(options);
      const f = (params: ours.PredictiveCentresParams, q: Floats, S: number | Floats): Floats =>
        scope(() => {
          const p = whole(params, q, S);
          return typeof S === 'number' ? mul(p, (S - 1) / S) : p;
        });
      return Object.assign(f, { init: whole.init });
    },
  }),
  broken('one length for all rows', 'attention/window/local-p-lengths', {
    predictiveCentres: (options) => {
      const whole = ours.predictiveCentres(options);
      const f = (params: ours.PredictiveCentresParams, q: Floats, S: number | Floats): Floats =>
        whole(params, q, typeof S === 'number' ? S : 6);
      return Object.assign(f, { init: whole.init });
    },
  }),
];

/** |j − p| < D, for whole centres: what lies D away falls out when the centre moves a little. */
function narrower(centres: Floats, keys: number, D: number): Bools {
  return scope(() => ours.combineMasks(...[0.25, -0.25].map((by) => ours.windowMask(add(centres, by), keys, D)))!);
}
