/**
 * e_ij = q_iᵀ k_j
 *
 * Luong, Pham & Manning 2015, equation (8), "dot".
 */
import { matmul } from '@recurra/core';
import { checkEqualWidths } from '../checks.js';
import { noParams, sameValue, type NoParams } from '../no-params.js';
import { defineScore, type Score } from '../score.js';

/** Luong's dot score: queries and keys of one width, no parameters. `prepare` gives the keys as they are. */
export function dotScore(): Score<NoParams> {
  const name = 'dotScore';
  return defineScore<NoParams>({
    name,
    init: (widths) => noParams(name, widths),
    check: (_, shapes) => checkEqualWidths(name, shapes),
    prepare: (_, k) => sameValue(k),
    compare: (_, q, k) => matmul(q, k, { transposeB: true }),
    fused: { score: 'scaledDot', inputs: (_, query) => ({ query }) },
  });
}
