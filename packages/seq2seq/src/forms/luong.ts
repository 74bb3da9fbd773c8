/**
 * h_t      = cell([x_t ; h̃_{t−1}])              input feeding; h̃_0 = 0
 * c_t, a_t = attention(h_t)                      a_t = softmax(score(h_t, h̄_s)),   c_t = Σ_s a_t(s) h̄_s
 * h̃_t      = tanh(W_c [c_t ; h_t])
 *
 * Luong, Pham & Manning 2015, equation (5) and section 3.3: the query is the cell's new output.
 *
 * The output is h̃_t, the attentional vector.
 */
import { checkedCount, checkedFlag, checkOptions, checkShapes, concat, initializer, matmul, tanh } from '@recurra/core';
import { drawn, type InitializerOption } from '../parameters.js';
import type { Floats } from '@recurra/cells';
import type { Form } from './form.js';

/** Options of `luong`. */
export interface LuongOptions {
  /** A, the width of h̃. */
  readonly units: number;
  /** Give h̃_{t−1} to the cell beside x_t. Default true. */
  readonly inputFeeding?: boolean;
  /** Of W_c. Default 'glorotUniform'. */
  readonly kernelInitializer?: InitializerOption;
}

/** Parameters of `luong`. */
export type LuongParams = {
  /** W_c [M + u, A], the rows of the context first */
  readonly kernel: Floats;
};

/**
 * Luong's form. The paper's scores are `dotScore`, `generalScore` and `concatScore`.
 *
 *     const decoder = attentionCell(lstmCell({ units: 64 }), generalScore(), luong({ units: 64 }));
 *
 * @throws ArgumentError for units below 1, unknown options and names
 */
export function luong(options: LuongOptions): Form<LuongParams> {
  const name = 'luong';
  checkOptions(name, options, ['units', 'inputFeeding', 'kernelInitializer']);
  const A = checkedCount(name, 'units', options.units, 'luong({ units: 64 })');
  const inputFeeding = checkedFlag(name, 'inputFeeding', options.inputFeeding ?? true);
  const init = initializer(options.kernelInitializer ?? 'glorotUniform', name);
  return {
    name,
    query: 'output',
    sizes: () => ({ attention: A, fed: inputFeeding ? A : 0, output: A }),
    init: ({ memory: M, units: u }, backend) => ({ kernel: drawn(init, [M + u, A], backend) }),
    check: (params, { memory: M, units: u }) => checkShapes(name, 'params.attention', params, { kernel: [M + u, A] }),
    step({ kernel: W_c }, { run, look }, x, state) {
      const [h, cell] = run(inputFeeding ? concat([x, state.attention], -1) : x, state.cell);
      const [c, a] = look(h, state.alignments);
      const h̃ = tanh(matmul(concat([c, h], -1), W_c));
      return [h̃, { cell, attention: h̃, alignments: a }];
    },
  };
}
