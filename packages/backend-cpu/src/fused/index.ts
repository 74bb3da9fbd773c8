/** The fused kernels as core asks for them: what each accepts, and what it gives. */
import type { FusedKernels, Operand, RecurrentSpec } from '@recurra/core';
import type { CpuBuffer, Data } from '../buffer.js';
import type { Workspace } from '../workspace.js';
import { activation, known } from './activations.js';
import { gru } from './gru.js';
import { lstm } from './lstm.js';
import { recurrence } from './recurrence.js';
import { simpleRNN } from './simple-rnn.js';
import { softmax } from './softmax.js';

export function fusedKernels(hold: (data: Data) => CpuBuffer, space: Workspace): FusedKernels<CpuBuffer> {
  const operand = (data: Data, shape: readonly number[]): Operand<CpuBuffer> => ({
    handle: hold(data),
    shape,
    dtype: 'float32',
  });
  const outputs = (spec: RecurrentSpec, y: Data, ...states: Data[]): Operand<CpuBuffer>[] => {
    const { batch, time, units } = spec.dims;
    const rows = [batch, units];
    return [operand(y, spec.returnSequences ? [batch, time, units] : rows), ...states.map((s) => operand(s, rows))];
  };
  return {
    simpleRNN: {
      accepts: (spec) => known(spec.activation),
      run(spec, [x, kernel, recurrentKernel, bias, h0, mask]) {
        const cell = simpleRNN(activation(spec.activation));
        const { y, h } = recurrence(cell, spec, [x, kernel, recurrentKernel, bias, h0, null, mask], space);
        return outputs(spec, y, h);
      },
    },
    lstm: {
      accepts: (spec) => known(spec.activation, spec.recurrentActivation),
      run(spec, inputs) {
        const cell = lstm(activation(spec.activation), activation(spec.recurrentActivation));
        const { y, h, s } = recurrence(cell, spec, inputs, space);
        return outputs(spec, y, h, s);
      },
    },
    gru: {
      accepts: (spec) => known(spec.activation, spec.recurrentActivation),
      run(spec, [x, kernel, recurrentKernel, bias, h0, mask]) {
        const cell = gru(activation(spec.activation), activation(spec.recurrentActivation), spec.resetAfter);
        const { y, h } = recurrence(cell, spec, [x, kernel, recurrentKernel, bias, h0, null, mask], space);
        return outputs(spec, y, h);
      },
    },
    softmax: {
      accepts: () => true,
      run: ({ shape }, [x]) => [
        operand(softmax(x.handle.data as Float32Array, shape[shape.length - 1] ?? 1, space), shape),
      ],
    },
  };
}
