/**
 * e_ij = vᵀ tanh(W [q_i ; k_j])
 *
 * Luong, Pham & Manning 2015, equation (8), "concat". W [q ; k] = W_q q + W_k k, with W_q the first Dq rows of the kernel
 * and W_k the rest, so that the pairs need not be laid side by side and the keys' half is computed once.
 */
import { checkedCount, checkOptions, checkShapes, initializer, matmul, ShapeError, slice, tanh } from '@recurra/core';
import { checkPreparedWidth, width } from '../checks.js';
import { dotEachPair, sumOfPairs } from '../pairs.js';
import { drawn, type InitializerOption } from '../parameters.js';
import { defineScore, type Floats, type Score } from '../score.js';

/** Options of `concatScore`. */
export interface ConcatScoreOptions {
  /** u, the width in which queries and keys meet. */
  readonly units: number;
  /** Of W. Default 'glorotUniform'. */
  readonly kernelInitializer?: InitializerOption;
  /** Of v. Default 'glorotUniform'. */
  readonly vInitializer?: InitializerOption;
}

/** Parameters of `concatScore`. */
export type ConcatScoreParams = {
  /** W [Dq + Dk, u], the rows of the query first */
  readonly kernel: Floats;
  /** v [u] */
  readonly v: Floats;
};

/**
 * Luong's concat score. `prepare` gives W_k k. The kernel does not say where its rows divide, so `compare` alone cannot
 * tell a query of the wrong width as long as it is narrower than the kernel; the score as a whole does.
 *
 * @throws ArgumentError for units below 1 and for unknown options and names
 */
export function concatScore(options: ConcatScoreOptions): Score<ConcatScoreParams> {
  const name = 'concatScore';
  checkOptions(name, options, ['units', 'kernelInitializer', 'vInitializer']);
  const units = checkedCount(name, 'units', options.units, 'concatScore({ units: 16 })');
  const init = {
    W: initializer(options.kernelInitializer ?? 'glorotUniform', name),
    v: initializer(options.vInitializer ?? 'glorotUniform', name),
  };

  return defineScore<ConcatScoreParams>({
    name,
    init: ({ query, keys }, backend) => ({
      kernel: drawn(name, init.W, [query + keys, units], backend),
      v: drawn(name, init.v, [units], backend),
    }),
    check(params, { query, keys, prepared }) {
      checkShapes(name, 'params', params, {
        kernel: [query && keys ? width(query)! + width(keys)! : null, units],
        v: [units],
      });
      const rows = params.kernel.shape[0]!;
      const half = query ?? keys;
      if (half && width(half)! >= rows) {
        const facts = { kernel: params.kernel.shape, ...(query ? { query } : { keys }) };
        throw new ShapeError(
          name,
          'the kernel has no rows left for the other half',
          facts,
          'kernel is [Dq + Dk, units]',
        );
      }
      checkPreparedWidth(name, prepared, units);
    },
    prepare({ kernel: W }, k) {
      const D_k = width(k.shape)!;
      const W_k = slice(W, [W.shape[0]! - D_k, 0], [D_k, units]);
      return matmul(k, W_k);
    },
    compare({ kernel: W, v }, q, W_k_k) {
      return dotEachPair(tanh(sumOfPairs(W_q_q(W, q), W_k_k)), v);
    },
    fused: { score: 'additive', inputs: ({ kernel: W, v }, q) => ({ query: W_q_q(W, q), v }) },
  });
}

/** W_q q, with the first Dq rows of the kernel. */
function W_q_q(W: Floats, q: Floats): Floats {
  return matmul(q, slice(W, [0, 0], [width(q.shape)!, W.shape[1]!]));
}
