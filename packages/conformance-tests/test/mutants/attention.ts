/** Libraries of attention with one defect each: a score that is not its equation, a mask that hides too little or too much. */
import * as ours from '@recurra/attention';
import { add, cast, div, matmul, mul, scope, softmax, sub, sum, tensor, transpose, type Tensor } from '@recurra/core';
import type { AttentionLibrary } from '../../src/cases/attention-library.js';
import type { Floats } from '../../src/cases/on.js';
import { broken, brokenHeads } from './attention-heads.js';
import { brokenWindows } from './attention-windows.js';
import type { Mutant } from './mutant.js';

type Attend = AttentionLibrary['attend'];
/** Both ways to the same place: `attention` calls attend too. */
const attending = (name: string, caughtBy: string, attend: Attend): Mutant<() => AttentionLibrary> =>
  broken(name, caughtBy, {
    attend,
    attention: (score, params, q, k, v = k, options = {}) => scope(() => attend(score(params, q, k), v, options.mask)),
  });

const times = (m: Tensor<'bool'>, x: Floats): Floats => mul(cast(m, 'float32'), x);

/** A score of other parameters than those it is given. */
function given<P>(score: ours.Score<never>, change: (params: P) => P): never {
  const through = (params: P): never => change(params) as never;
  const f = (params: P, q: Floats, k: Floats): Floats => scope(() => score(through(params), q, k));
  return Object.assign(f, {
    init: score.init,
    prepare: (params: P, k: Floats) => scope(() => score.prepare(through(params), k)),
    compare: (params: P, q: Floats, k: Floats) => scope(() => score.compare(through(params), q, k)),
  }) as never;
}

export const brokenAttention: readonly Mutant<() => AttentionLibrary>[] = [
  broken('scaledDot without 1/√D', 'attention/score/scaled-dot', { scaledDotScore: () => ours.dotScore() }),
  broken('scaledDot divides by D', 'attention/score/scaled-dot', {
    scaledDotScore: () => ours.scaledDotScore({ scale: 1 / 5 }),
  }),
  broken('concat looks for the keys first', 'attention/score/concat', {
    concatScore: (options) =>
      given<ours.ConcatScoreParams>(ours.concatScore(options) as never, ({ kernel, v }) => ({
        kernel: matmul(turned(kernel.shape[0]!, 3, kernel.backend), kernel),
        v,
      })),
  }),
  broken('additive forgets its bias', 'attention/score/additive-bias', {
    additiveScore: (options) =>
      given<ours.AdditiveScoreParams>(ours.additiveScore(options) as never, (p) =>
        p.bias ? { ...p, bias: mul(p.bias, 0) } : p,
      ),
  }),
  attending('a mask that multiplies scores', 'attention/attention/additive', (e, v, m) =>
    scope(() => ours.attend(m ? times(m, e) : e, v)),
  ),
  attending('a mask after the softmax, not normalised', 'attention/attention/additive', (e, v, m) =>
    scope(() => {
      const a = softmax(e);
      const weights = m ? times(m, a) : a;
      return { weights, context: matmul(weights, v) };
    }),
  ),
  attending('a mask that adds −10⁹ to hidden scores', 'attention/attend/padding', (e, v, m) =>
    scope(() => ours.attend(m ? add(e, mul(sub(1, cast(m, 'float32')), -1e9)) : e, v)),
  ),
  attending('nothing valid gives no weights', 'attention/attend/nothing-valid', (e, v, m) =>
    scope(() => {
      const { weights } = ours.attend(e, v, m);
      const masked = m ? times(m, weights) : weights;
      return { weights: masked, context: matmul(masked, v) };
    }),
  ),
  attending('weights over the queries', 'attention/attention/additive', (e, v, m) =>
    scope(() => {
      const { weights } = ours.attend(e, v, m);
      const over = div(weights, sum(weights, { axis: 1, keepDims: true }));
      return { weights: over, context: matmul(over, v) };
    }),
  ),
  broken('causal the other way round', 'attention/attend/causal', {
    causalMask: (q, k, options) => scope(() => transpose(ours.causalMask(k, q, options))),
  }),
  ...brokenHeads,
  ...brokenWindows,
];

/** A permutation: the last `tail` rows of n come first. */
function turned(n: number, tail: number, backend: Floats['backend']): Floats {
  const rows = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => Number(j === (i + n - tail) % n)),
  );
  return tensor(rows, undefined, { backend });
}
