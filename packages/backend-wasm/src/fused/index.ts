/** The fused kernels, each from its own file. */
import type { FusedKernels } from '@recurra/core';
import type { WasmBuffer } from '../buffer.js';
import type { Space } from '../space.js';
import { attention } from './attention.js';
import { layerNorm } from './layer-norm.js';
import { linear } from './linear.js';
import { recurrent } from './recurrent.js';
import { softmax } from './softmax.js';

export function fusedKernels(space: Space): FusedKernels<WasmBuffer> {
  return {
    softmax: softmax(space),
    layerNorm: layerNorm(space),
    linear: linear(space),
    attention: attention(space),
    simpleRNN: recurrent(space, 'simpleRNN'),
    lstm: recurrent(space, 'lstm'),
    gru: recurrent(space, 'gru'),
  };
}
