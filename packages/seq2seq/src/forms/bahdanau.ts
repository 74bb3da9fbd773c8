/**
 * c_i, α_i = attention(s_{i−1})                α_ij = softmax_j(e(s_{i−1}, h_j)),   c_i = Σ_j α_ij h_j
 * s_i      = cell([x_i ; c_i], s_{i−1})
 *
 * Bahdanau, Cho & Bengio 2015, sections 3.1 and A.2.2: the query is the state before the step, and the context goes into
 * the cell. x_i is the embedding E y_{i−1}; the paper's C c_i beside W E y_{i−1} is one product with [x_i ; c_i].
 *
 * The output is the cell's.
 */
import { concat } from '@recurra/core';
import type { NoParams } from '@recurra/attention';
import { noParams } from '../parameters.js';
import type { Form } from './form.js';

/**
 * Bahdanau's form. The paper's score is `additiveScore`, its cell a GRU.
 *
 *     const decoder = attentionCell(gruCell({ units: 64 }), additiveScore({ units: 32 }), bahdanau());
 */
export function bahdanau(): Form<NoParams> {
  return {
    name: 'bahdanau',
    query: 'state',
    sizes: ({ memory: M, units: u }) => ({ attention: M, fed: M, output: u }),
    ...noParams,
    step(_, { run, look, queryOf }, x, { cell: s, alignments }) {
      const [c, α] = look(queryOf(s), alignments);
      const [y, s_i] = run(concat([x, c], -1), s);
      return [y, { cell: s_i, attention: c, alignments: α }];
    },
  };
}
