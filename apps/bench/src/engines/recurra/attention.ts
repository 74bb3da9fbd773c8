/** The context that a query gets of a memory, or a sequence of itself. */
import { additiveScore, attention, dotScore, multiHeadAttention } from '@recurra/attention';
import { scope, type Tensor } from '@recurra/core';
import { heads, type AttentionCase } from '../../cases.js';
import type { Numbers } from '../../numbers.js';
import type { Prepared } from '../../peer.js';
import { floats } from './layer.js';

export function attending(task: AttentionCase, numbers: Numbers): Prepared {
  const { form, batch, memory, width } = task;
  const contexts = { additive, dot, 'multi-head': multiHead }[form]();
  const run = (): Float32Array => scope(() => contexts().dataSync());
  return { run, output: run };

  function queryAndKeys() {
    return [floats(numbers, 'query', [batch, 1, width]), floats(numbers, 'keys', [batch, memory, width])] as const;
  }

  function additive(): () => Tensor<'float32'> {
    const score = additiveScore({ units: width });
    const params = {
      queryKernel: floats(numbers, 'queryKernel', [width, width]),
      keyKernel: floats(numbers, 'keyKernel', [width, width]),
      v: floats(numbers, 'v', [width]),
    };
    return () => attention(score, params, ...queryAndKeys()).context;
  }

  function dot(): () => Tensor<'float32'> {
    const score = dotScore();
    const params = score.init({ query: width, keys: width });
    return () => attention(score, params, ...queryAndKeys()).context;
  }

  function multiHead(): () => Tensor<'float32'> {
    const head = width / heads;
    const layer = multiHeadAttention({ numHeads: heads, keyDim: head });
    const into = (name: string) => ({
      kernel: floats(numbers, `${name}Kernel`, [width, heads, head]),
      bias: floats(numbers, `${name}Bias`, [heads, head]),
    });
    const params = {
      query: into('query'),
      key: into('key'),
      value: into('value'),
      attentionOutput: {
        kernel: floats(numbers, 'outputKernel', [heads, head, width]),
        bias: floats(numbers, 'outputBias', [width]),
      },
    };
    return () => {
      const x = floats(numbers, 'x', [batch, memory, width]);
      return layer(params, [x, x]).outputs;
    };
  }
}
