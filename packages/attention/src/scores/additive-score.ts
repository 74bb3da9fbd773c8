/**
 * e_ij = vᵀ tanh(W q_i + U k_j)          with useBias: vᵀ tanh(W q_i + U k_j + b)
 *
 * Bahdanau, Cho & Bengio 2015, appendix A.1.2; also known as "concatenative", since [W | U] [q_i ; k_j] = W q_i + U k_j.
 * In the paper q_i is the decoder's previous state and k_j an annotation of the encoder.
 */
import { add, checkedCount, checkedFlag, checkOptions, checkShapes, initializer, matmul, tanh } from '@recurra/core';
import { checkPreparedWidth, width } from '../checks.js';
import { dotEachPair, sumOfPairs } from '../pairs.js';
import { drawn, type InitializerOption } from '../parameters.js';
import { defineScore, type Floats, type Score } from '../score.js';

/** Options of `additiveScore`. */
export interface AdditiveScoreOptions {
  /** u, the width in which queries and keys meet. */
  readonly units: number;
  /** Add b inside the tanh. Default false, as in the paper. */
  readonly useBias?: boolean;
  /** Of W. Default 'glorotUniform'. */
  readonly queryInitializer?: InitializerOption;
  /** Of U. Default 'glorotUniform'. */
  readonly keyInitializer?: InitializerOption;
  /** Of v. Default 'glorotUniform'. */
  readonly vInitializer?: InitializerOption;
  /** Of b. Default 'zeros'. */
  readonly biasInitializer?: InitializerOption;
}

/** Parameters of `additiveScore`. */
export type AdditiveScoreParams = {
  /** W [Dq, u] */
  readonly queryKernel: Floats;
  /** U [Dk, u] */
  readonly keyKernel: Floats;
  /** v [u] */
  readonly v: Floats;
  /** b [u] */
  readonly bias?: Floats;
};

const known = ['units', 'useBias', 'queryInitializer', 'keyInitializer', 'vInitializer', 'biasInitializer'];

/**
 * Bahdanau's score. `prepare` gives U k (+ b).
 *
 *     const score = additiveScore({ units: 16 });
 *     const params = score.init({ query: 8, keys: 10 });
 *     score(params, query, keys);              // [B, Tq, 8], [B, Tk, 10] → [B, Tq, Tk]
 *
 * @throws ArgumentError for units below 1 and for unknown options and names
 */
export function additiveScore(options: AdditiveScoreOptions): Score<AdditiveScoreParams> {
  const name = 'additiveScore';
  checkOptions(name, options, known);
  const units = checkedCount(name, 'units', options.units, 'additiveScore({ units: 16 })');
  const useBias = checkedFlag(name, 'useBias', options.useBias ?? false);
  const init = {
    W: initializer(options.queryInitializer ?? 'glorotUniform', name),
    U: initializer(options.keyInitializer ?? 'glorotUniform', name),
    v: initializer(options.vInitializer ?? 'glorotUniform', name),
    b: initializer(options.biasInitializer ?? 'zeros', name),
  };

  return defineScore<AdditiveScoreParams>({
    name,
    init: ({ query, keys }, backend) => ({
      queryKernel: drawn(name, init.W, [query, units], backend),
      keyKernel: drawn(name, init.U, [keys, units], backend),
      v: drawn(name, init.v, [units], backend),
      ...(useBias && { bias: drawn(name, init.b, [units], backend) }),
    }),
    check(params, { query, keys, prepared }) {
      checkShapes(name, 'params', params, {
        queryKernel: [width(query), units],
        keyKernel: [width(keys), units],
        v: [units],
        bias: useBias ? [units] : null,
      });
      checkPreparedWidth(name, prepared, units);
    },
    prepare({ keyKernel: U, bias: b }, k) {
      const Uk = matmul(k, U);
      return b === undefined ? Uk : add(Uk, b);
    },
    compare({ queryKernel: W, v }, q, Uk_b) {
      const Wq = matmul(q, W);
      return dotEachPair(tanh(sumOfPairs(Wq, Uk_b)), v);
    },
    fused: { score: 'additive', inputs: ({ queryKernel: W, v }, q) => ({ query: matmul(q, W), v }) },
  });
}
