/**
 * e_ij = q_iᵀ W k_j
 *
 * Luong, Pham & Manning 2015, equation (8), "general".
 */
import { checkOptions, checkShapes, initializer, matmul } from '@recurra/core';
import { checkPreparedWidth, width } from '../checks.js';
import { drawn, type InitializerOption } from '../parameters.js';
import { defineScore, type Floats, type Score } from '../score.js';

/** Options of `generalScore`. */
export interface GeneralScoreOptions {
  /** Of W. Default 'glorotUniform'. */
  readonly kernelInitializer?: InitializerOption;
}

/** Parameters of `generalScore`. */
export type GeneralScoreParams = {
  /** W [Dq, Dk] */
  readonly kernel: Floats;
};

/** Luong's general score. `prepare` gives W k, [B, Tk, Dq]. */
export function generalScore(options: GeneralScoreOptions = {}): Score<GeneralScoreParams> {
  const name = 'generalScore';
  checkOptions(name, options, ['kernelInitializer']);
  const init = initializer(options.kernelInitializer ?? 'glorotUniform', name);

  return defineScore<GeneralScoreParams>({
    name,
    init: ({ query, keys }, backend) => ({ kernel: drawn(name, init, [query, keys], backend) }),
    check(params, { query, keys, prepared }) {
      checkShapes(name, 'params', params, { kernel: [width(query), width(keys)] });
      if (query) checkPreparedWidth(name, prepared, width(query)!);
    },
    prepare: ({ kernel: W }, k) => matmul(k, W, { transposeB: true }),
    compare: (_, q, Wk) => matmul(q, Wk, { transposeB: true }),
    fused: { score: 'scaledDot', inputs: (_, query) => ({ query }) },
  });
}
