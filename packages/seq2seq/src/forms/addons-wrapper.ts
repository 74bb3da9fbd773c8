/**
 * h_t         = cell([x_t ; attention_{t−1}])     input feeding; attention_0 = 0
 * c_t, a_t    = mechanism(h_t, a_{t−1})           the query is the cell's new output, whatever the mechanism
 * attention_t = [h_t ; c_t] W                     no bias, no tanh; without attentionLayerSize c_t itself
 *
 * tensorflow/addons, seq2seq.AttentionWrapper
 *
 * The output is attention_t, or h_t with `outputAttention: false`.
 */
import {
  checkedCount,
  checkedFlag,
  checkOptions,
  checkShapes,
  concat,
  initializer,
  matmul,
  reshape,
} from '@recurra/core';
import { drawn, type InitializerOption } from '../parameters.js';
import type { Floats } from '@recurra/cells';
import type { Form } from './form.js';

/** Options of `addonsWrapper`. */
export interface AddonsWrapperOptions {
  /** A, the width of the attention vector; null for the context itself. Default null. */
  readonly attentionLayerSize?: number | null;
  /** Put out the attention vector; else the cell's output. Default true. */
  readonly outputAttention?: boolean;
  /** Give attention_{t−1} to the cell beside x_t; false is `cell_input_fn = lambda x, _: x`. Default true. */
  readonly inputFeeding?: boolean;
  /** Of W. Default 'glorotUniform'. */
  readonly kernelInitializer?: InitializerOption;
}

/** Parameters of `addonsWrapper`: none without attentionLayerSize. */
export type AddonsWrapperParams = {
  /** W [u + M, A], the rows of the cell's output first; AttentionWrapper's attention_layer/kernel */
  readonly kernel?: Floats;
};

/**
 * The form of tensorflow/addons' AttentionWrapper, for its mechanisms (`luongMechanism`, `bahdanauMechanism`) or any score.
 *
 *     const form = addonsWrapper({ attentionLayerSize: 64 });
 *     const decoder = attentionCell(lstmCell({ units: 64 }), luongMechanism({ units: 64 }), form);
 *
 * @throws ArgumentError for sizes below 1, unknown options and names
 */
export function addonsWrapper(options: AddonsWrapperOptions = {}): Form<AddonsWrapperParams> {
  const name = 'addonsWrapper';
  checkOptions(name, options, ['attentionLayerSize', 'outputAttention', 'inputFeeding', 'kernelInitializer']);
  const size = options.attentionLayerSize ?? null;
  const A =
    size === null ? null : checkedCount(name, 'attentionLayerSize', size, `${name}({ attentionLayerSize: 64 })`);
  const outputAttention = checkedFlag(name, 'outputAttention', options.outputAttention ?? true);
  const inputFeeding = checkedFlag(name, 'inputFeeding', options.inputFeeding ?? true);
  const init = initializer(options.kernelInitializer ?? 'glorotUniform', name);
  return {
    name,
    query: 'output',
    sizes({ memory: M, units: u }) {
      const attention = A ?? M;
      return { attention, fed: inputFeeding ? attention : 0, output: outputAttention ? attention : u };
    },
    init: ({ memory: M, units: u }, backend) => (A === null ? {} : { kernel: drawn(init, [u + M, A], backend) }),
    check: (params, { memory: M, units: u }) =>
      checkShapes(name, 'params.attention', params, { kernel: A === null ? null : [u + M, A] }),
    step({ kernel: W }, { run, look }, x, state) {
      const [h, cell] = run(inputFeeding ? concat([x, state.attention], -1) : x, state.cell);
      const [c, a] = look(h, state.alignments);
      const attention = W === undefined ? reshape(c, c.shape) : matmul(concat([h, c], -1), W);
      return [outputAttention ? attention : h, { cell, attention, alignments: a }];
    },
  };
}
