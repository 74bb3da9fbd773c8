/** The fused kernels, each from its own file. */
import type { FusedKernels } from '@recurra/core';
import type { WasmBuffer } from '../buffer.js';
import type { Space } from '../space.js';
import { recurrent } from './recurrent.js';
import { softmax } from './softmax.js';

export function fusedKernels(space: Space): FusedKernels<WasmBuffer> {
  return {
    softmax: softmax(space),
    simpleRNN: recurrent(space, 'simpleRNN'),
    lstm: recurrent(space, 'lstm'),
    gru: recurrent(space, 'gru'),
  };
}
