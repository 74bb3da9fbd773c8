/** The fused kernels as core asks for them: what each accepts, and what it gives. */
import type { FusedKernels, FusedSession, GRUSpec, Operand } from '@recurra/core';
import type { CpuBuffer, Data } from '../buffer.js';
import type { Workspace } from '../workspace.js';
import { activation, known, type Activation } from './activations.js';
import type { BackwardName } from './backward-cells.js';
import type { AnySpec, CpuGradients, Differentiable } from './gradients.js';
import { gru } from './gru.js';
import { lstm } from './lstm.js';
import type { Cell, Inputs } from './recurrence.js';
import { sequence } from './sequence.js';
import { session } from './session.js';
import { simpleRNN } from './simple-rnn.js';
import { softmax } from './softmax.js';

/** What the three recurrent kernels are: a whole sequence, or a stream, of one cell. */
interface Recurrent<S> extends Partial<Differentiable<S>> {
  accepts(spec: S): true | string;
  run(spec: S, inputs: Inputs): Operand<CpuBuffer>[];
  open(spec: S, params: Inputs): FusedSession<CpuBuffer>;
}

export function fusedKernels(
  hold: (data: Data) => CpuBuffer,
  space: Workspace,
  gradients: CpuGradients | undefined,
): FusedKernels<CpuBuffer> {
  const operand = (data: Data, shape: readonly number[]): Operand<CpuBuffer> => ({
    handle: hold(data),
    shape,
    dtype: 'float32',
  });
  const recurrent = <S extends AnySpec>(
    name: BackwardName,
    cellOf: (act: Activation, ract: Activation, spec: S) => Cell,
  ): Recurrent<S> => {
    // Keras has no recurrent activation in a simple cell.
    const named = (spec: S): [string, string] => [spec.activation, spec.recurrentActivation ?? 'linear'];
    const cell = (spec: S): Cell => {
      const [act, ract] = named(spec).map(activation) as [Activation, Activation];
      return cellOf(act, ract, spec);
    };
    const outputs = (
      { dims: { batch, time, units }, returnSequences }: S,
      made: readonly Data[],
    ): Operand<CpuBuffer>[] =>
      made.map((data, i) => operand(data, i === 0 && returnSequences ? [batch, time, units] : [batch, units]));
    return {
      accepts: (spec) => known(...named(spec)),
      run: (spec, inputs) => outputs(spec, sequence(cell(spec), spec, inputs, space)),
      ...gradients?.recurrent({ cell, name, space, operand, outputs }),
      open: (spec, params) => session(cell(spec), spec, params, space, operand),
    };
  };
  return {
    simpleRNN: recurrent('simpleRNN', simpleRNN),
    lstm: recurrent('lstm', lstm),
    gru: recurrent<GRUSpec>('gru', (act, ract, spec) => gru(act, ract, spec.resetAfter)),
    softmax: {
      accepts: () => true,
      run: ({ shape }, [x]) => [operand(softmax(x.handle.data as Float32Array, shape.at(-1) ?? 1, space), shape)],
    },
  };
}
