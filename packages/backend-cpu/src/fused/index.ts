/** The fused kernels as core asks for them: what each accepts, and what it gives. */
import type { FusedKernels, Operand, RecurrentSpec } from '@recurra/core';
import type { CpuBuffer, Data } from '../buffer.js';
import type { Workspace } from '../workspace.js';
import { activation, known } from './activations.js';
import { gru } from './gru.js';
import { lstm } from './lstm.js';
import { recurrence, type Cell, type Inputs } from './recurrence.js';
import { simpleRNN } from './simple-rnn.js';
import { softmax } from './softmax.js';

export function fusedKernels(hold: (data: Data) => CpuBuffer, space: Workspace): FusedKernels<CpuBuffer> {
  const operand = (data: Data, shape: readonly number[]): Operand<CpuBuffer> => ({
    handle: hold(data),
    shape,
    dtype: 'float32',
  });
  const run = (cell: Cell, spec: RecurrentSpec, inputs: Inputs): Operand<CpuBuffer>[] => {
    const { batch, time, units } = spec.dims;
    return recurrence(cell, spec, inputs, space).map((data, i) =>
      operand(data, i === 0 && spec.returnSequences ? [batch, time, units] : [batch, units]),
    );
  };
  return {
    simpleRNN: {
      accepts: (spec) => known(spec.activation),
      run: (spec, [x, kernel, recurrentKernel, bias, h0, mask]) =>
        run(simpleRNN(activation(spec.activation)), spec, { x, kernel, recurrentKernel, bias, h0, mask }),
    },
    lstm: {
      accepts: (spec) => known(spec.activation, spec.recurrentActivation),
      run: (spec, [x, kernel, recurrentKernel, bias, h0, s0, mask]) =>
        run(lstm(activation(spec.activation), activation(spec.recurrentActivation)), spec, {
          x,
          kernel,
          recurrentKernel,
          bias,
          h0,
          s0,
          mask,
        }),
    },
    gru: {
      accepts: (spec) => known(spec.activation, spec.recurrentActivation),
      run: (spec, [x, kernel, recurrentKernel, bias, h0, mask]) =>
        run(gru(activation(spec.activation), activation(spec.recurrentActivation), spec.resetAfter), spec, {
          x,
          kernel,
          recurrentKernel,
          bias,
          h0,
          mask,
        }),
    },
    softmax: {
      accepts: () => true,
      run: ({ shape }, [x]) => [operand(softmax(x.handle.data as Float32Array, shape.at(-1) ?? 1, space), shape)],
    },
  };
}
