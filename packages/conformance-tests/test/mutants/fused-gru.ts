/** A fused GRU whose numbers are those of the composed cell, and whose gradient has one defect. */
import { decorated, referenceBackend, type ReferenceBuffer } from '@recurra/conformance-tests';
import { gruCell, rnn } from '@recurra/cells';
import { add, mul, scope, sum, tensor, valueAndGrad } from '@recurra/core';
import type { Backend, GRUInputs, GRUSpec, HostArray, Maybe, Operand, Tensor } from '@recurra/core';
import { numbersOf } from '../composed-gradients.js';
import type { BackendMutant } from './broken.js';

type Floats = Tensor<'float32'>;
type X = Operand<ReferenceBuffer>;
type M = Maybe<ReferenceBuffer>;

/** What goes wrong: in what the way back is given, or in what comes of it (x, kernel, recurrent kernel, bias, h0). */
interface Defect {
  readonly spec?: (spec: GRUSpec) => GRUSpec;
  readonly mask?: null;
  readonly outputs?: 'y' | 'h';
  readonly found?: (grads: readonly Numbers[], spec: GRUSpec) => void;
}
type Numbers = Float64Array | null;

/** Without a defect it passes every case of the suite. */
export function withGru(defect: Defect = {}): Backend {
  const backend = referenceBackend();
  const give = (data: HostArray, shape: readonly number[]): X => {
    const out = { shape, dtype: 'float32' } as const;
    return { ...out, handle: backend.upload(data, out) };
  };
  const run = (spec: GRUSpec, inputs: GRUInputs<ReferenceBuffer>): X[] =>
    scope(() =>
      composed(spec, inputs)
        .run()
        .map((y) => give(numbersOf(y), y.shape)),
    );
  const vjp = (spec: GRUSpec, inputs: GRUInputs<ReferenceBuffer>, grads: readonly M[]): M[] =>
    scope(() => {
      const [x, W, U, b, h0, mask] = inputs;
      const given: typeof inputs = [x, W, U, b, h0, defect.mask === null ? null : mask];
      const kept = [defect.outputs === 'h' ? null : grads[0]!, defect.outputs === 'y' ? null : grads[1]!];
      const found = composed(defect.spec?.(spec) ?? spec, given).back(kept);
      defect.found?.(found, spec);
      return inputs.map((input, i) => (input && found[i] ? give(found[i], input.shape) : null));
    });
  return decorated(backend, {
    fused: {
      gru: {
        accepts: (spec) =>
          (spec.activation === 'tanh' && spec.recurrentActivation === 'sigmoid') || `no loop for ${spec.activation}`,
        run,
        runForGradient: (spec, inputs) => ({ outputs: run(spec, inputs), residuals: [] }),
        vjp: (spec, inputs, _outputs, _residuals, grads) => vjp(spec, inputs, grads),
      },
    },
  }) as unknown as Backend;
}

/** The same sequence made of ops on a reference of its own. */
function composed(spec: GRUSpec, [x, W, U, bias, h0, mask]: GRUInputs<ReferenceBuffer>) {
  const backend = referenceBackend() as unknown as Backend;
  const here = ({ handle, shape, dtype }: X): Floats => tensor(handle.data, shape, { dtype, backend }) as Floats;
  const { batch, units } = spec.dims;
  const inputs = [x, W, U, bias].map((one) => (one ? here(one) : null));
  const state = h0 ? here(h0) : (tensor(new Float64Array(batch * units), [batch, units], { backend }) as Floats);
  const cell = gruCell({ units, useBias: bias !== null, resetAfter: spec.resetAfter });
  const outputs = ([seq, kernel, recurrentKernel, b]: readonly (Floats | null)[], h: Floats): Floats[] => {
    const params = { kernel: kernel!, recurrentKernel: recurrentKernel!, ...(b && { bias: b }) };
    const { returnSequences, reverse, zeroOutputForMask } = spec;
    const how = { returnSequences, reverse, zeroOutputForMask, initialState: { h }, mask: mask && here(mask) };
    const made = rnn(cell, params, seq!, how);
    return [made.outputs, made.state.h];
  };
  return {
    run: () => outputs(inputs, state),
    back(grads: readonly M[]): Numbers[] {
      const given = { inputs: inputs.filter((one) => one !== null), state };
      const [, found] = valueAndGrad((at: typeof given) => {
        const terms = outputs([...at.inputs, null], at.state).flatMap((y, i) =>
          grads[i] ? [sum(mul(y, here(grads[i])))] : [],
        );
        return terms.reduce((total, term) => add(total, term), mul(sum(at.state), 0));
      })(given);
      const numbers = found.inputs.map((g) => numbersOf(g) as Float64Array);
      return [...numbers, ...(bias ? [] : [null]), numbersOf(found.state) as Float64Array];
    },
  };
}

const [X_, KERNEL, RECURRENT, BIAS, H0] = [0, 1, 2, 3, 4];

/** Two blocks of each row changed places, one gate's gradient for another's. */
const swapped =
  (which: number, a: number, b: number) =>
  (grads: readonly Numbers[], { dims: { units } }: GRUSpec) => {
    const g = grads[which]!;
    for (let row = 0; row < g.length; row += 3 * units)
      for (let k = row; k < row + units; k++)
        [g[k + a * units], g[k + b * units]] = [g[k + b * units]!, g[k + a * units]!];
  };
const scaled =
  (which: number, gate: number, by: number) =>
  (grads: readonly Numbers[], { dims }: GRUSpec) =>
    grads[which]?.forEach((v, i, g) => {
      if (Math.floor(i / dims.units) % 3 === gate) g[i] = v * by;
    });

const gru = (name: string, caughtBy: string, defect: Defect): BackendMutant => ({
  name: `the gradient of a fused gru ${name}`,
  caughtBy,
  make: () => withGru(defect),
});

export const brokenGru: readonly BackendMutant[] = [
  gru('swaps z and r', 'cells/gru/gradients', { found: swapped(KERNEL, 0, 1) }),
  gru('swaps r and the candidate in the recurrent kernel', 'cells/gru/gradients', { found: swapped(RECURRENT, 1, 2) }),
  gru('has the sign of z wrong', 'cells/gru/gradients', { found: scaled(RECURRENT, 0, -1) }),
  gru('has none for the candidate of the bias', 'cells/gru/gradients', { found: scaled(BIAS, 2, 0) }),
  gru("gives the recurrent bias what the input's gets", 'cells/gru/gradients', {
    found: (grads, { dims, resetAfter }) => {
      if (resetAfter) grads[BIAS]?.copyWithin(3 * dims.units, 0, 3 * dims.units);
    },
  }),
  gru('has none for the initial state', 'cells/gru/gradients', { found: (grads) => void grads[H0]?.fill(0) }),
  gru('has none for x', 'cells/gru/gradients', { found: (grads) => void grads[X_]?.fill(0) }),
  gru('forgets the mask', 'cells/gru/gradients-masked-reverse', { mask: null }),
  gru('walks forwards when reversed', 'cells/gru/gradients-masked-reverse', {
    spec: (spec) => ({ ...spec, reverse: false }),
  }),
  gru('ignores that of the last state', 'cells/gru/gradients', { outputs: 'y' }),
  gru('ignores that of the outputs', 'cells/gru/gradients', { outputs: 'h' }),
  gru('takes masked outputs for zeros', 'cells/gru/gradients-masked-reverse', {
    spec: (spec) => ({ ...spec, zeroOutputForMask: !spec.zeroOutputForMask }),
  }),
];
