/** The gradients of a fused LSTM, the long way round: the same sequence composed of ops on a reference of its own. */
import { referenceBackend, type ReferenceBuffer } from '@recurra/conformance-tests';
import { lstmCell, rnn } from '@recurra/cells';
import { add, mul, scope, sum, tensor, valueAndGrad } from '@recurra/core';
import type { Backend, HostArray, LSTMInputs, LSTMSpec, Maybe, Operand, Tensor } from '@recurra/core';
import { kernel } from '../src/cases/on.js';

type Floats = Tensor<'float32'>;
type M = Maybe<ReferenceBuffer>;

export function composedGradients(
  backend: Backend<ReferenceBuffer>,
  spec: LSTMSpec,
  [x, W, U, bias, h0, c0, mask]: LSTMInputs<ReferenceBuffer>,
  grads: readonly M[],
): M[] {
  const own = referenceBackend() as unknown as Backend;
  const here = (operand: Operand<ReferenceBuffer>): Floats =>
    tensor(operand.handle.data, operand.shape, { dtype: operand.dtype, backend: own }) as Floats;
  const { batch, units } = spec.dims;
  const zero = (): Floats => tensor(new Float64Array(batch * units), [batch, units], { backend: own });
  return scope(() => {
    const inputs = {
      x: here(x),
      kernel: here(W),
      recurrentKernel: here(U),
      bias: bias && here(bias),
      h: h0 ? here(h0) : zero(),
      c: c0 ? here(c0) : zero(),
    };
    const cotangents = grads.map((g) => g && here(g));
    const cell = lstmCell({ units, useBias: bias !== null });
    const [, found] = valueAndGrad((given: typeof inputs) => {
      const params = {
        kernel: given.kernel,
        recurrentKernel: given.recurrentKernel,
        ...(given.bias && { bias: given.bias }),
      };
      const { outputs, state } = rnn(cell, params, given.x, {
        mask: mask && here(mask),
        initialState: { h: given.h, c: given.c },
        reverse: spec.reverse,
        returnSequences: spec.returnSequences,
        zeroOutputForMask: spec.zeroOutputForMask,
      });
      const terms = [outputs, state.h, state.c].flatMap((y, i) => (cotangents[i] ? [sum(mul(y, cotangents[i]))] : []));
      return terms.reduce((total, term) => add(total, term));
    })(inputs);
    const give = (g: Floats | null): M => {
      if (g === null) return null;
      const out = { shape: g.shape, dtype: 'float32' } as const;
      return { ...out, handle: backend.upload(numbersOf(g), out) };
    };
    return [
      give(found.x),
      give(found.kernel),
      give(found.recurrentKernel),
      give(bias && found.bias),
      give(h0 && found.h),
      give(c0 && found.c),
      null,
    ];
  });
}

/** At once, and in full: `dataSync` would round to float32. */
export function numbersOf(x: Floats): HostArray {
  let numbers: HostArray | undefined;
  kernel(x.shape, 'float32', [x], (kernels, [operand], out) => {
    numbers = x.backend.readSync!(operand!);
    return kernels.cast(operand!, out);
  });
  return numbers!;
}
