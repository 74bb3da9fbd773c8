/**
 * A fused simple RNN that knows every activation, whose numbers and gradients are those of the composed cell, but for one
 * defect: in an activation, in its slope, or after many steps.
 */
import { decorated, referenceBackend, type ReferenceBuffer } from '@recurra/conformance-tests';
import { rnn, simpleRNNCell } from '@recurra/cells';
import * as core from '@recurra/core';
import { add, div, exp, less, log, maximum, mul, scope, sub, sum, tensor, valueAndGrad, where } from '@recurra/core';
import type { ActivationName, Backend, HostArray, Maybe, Operand, SimpleRNNInputs, SimpleRNNSpec } from '@recurra/core';
import { numbersOf } from '../composed-gradients.js';
import type { BackendMutant } from './broken.js';
import { gradientOf, type Floats } from './gradient-of.js';

type X = Operand<ReferenceBuffer>;
type M = Maybe<ReferenceBuffer>;

interface Defect {
  /** Other functions than those that the names say. */
  readonly activations?: { readonly [name in ActivationName]?: (x: Floats) => Floats };
  /** Where the outputs, [B, T, units] or [B, units], are not what they should be. */
  readonly spoil?: (y: Float64Array, spec: SimpleRNNSpec) => void;
  /** Gradients of x, kernel and recurrent kernel. */
  readonly found?: (grads: readonly (Float64Array | null)[], spec: SimpleRNNSpec) => void;
}

/** Without a defect it passes every case of its kernel. */
export function withSimpleRnn(defect: Defect = {}): Backend {
  const backend = referenceBackend();
  const give = (data: HostArray, shape: readonly number[]): X => {
    const out = { shape, dtype: 'float32' } as const;
    return { ...out, handle: backend.upload(data, out) };
  };
  const run = (spec: SimpleRNNSpec, inputs: SimpleRNNInputs<ReferenceBuffer>): X[] =>
    scope(() =>
      composed(defect, spec, inputs)
        .run()
        .map((y, i) => {
          const data = Float64Array.from(numbersOf(y));
          if (i === 0) defect.spoil?.(data, spec);
          return give(data, y.shape);
        }),
    );
  return decorated(backend, {
    fused: {
      simpleRNN: {
        accepts: ({ activation }) => Object.hasOwn(core, activation) || `no loop for ${activation}`,
        run,
        runForGradient: (spec, inputs) => ({ outputs: run(spec, inputs), residuals: [] }),
        vjp: (spec, inputs, _outputs, _residuals, grads) =>
          scope(() => {
            const found = composed(defect, spec, inputs).back(grads);
            defect.found?.(found, spec);
            return inputs.map((input, i) => (input && found[i] ? give(found[i], input.shape) : null));
          }),
      },
    },
  }) as unknown as Backend;
}

/** The same sequence made of ops on a reference of its own. */
function composed(defect: Defect, spec: SimpleRNNSpec, [x, W, U, bias, h0, mask]: SimpleRNNInputs<ReferenceBuffer>) {
  const backend = referenceBackend() as unknown as Backend;
  const here = ({ handle, shape, dtype }: X): Floats => tensor(handle.data, shape, { dtype, backend }) as Floats;
  const { batch, units } = spec.dims;
  const name = spec.activation as ActivationName;
  const activation = defect.activations?.[name] ?? name;
  const cell = simpleRNNCell({ units, useBias: bias !== null, activation });
  const given = {
    kernels: [x, W, U, ...(bias ? [bias] : [])].map(here),
    h: h0 ? here(h0) : (tensor(new Float64Array(batch * units), [batch, units], { backend }) as Floats),
  };
  const outputs = ({ kernels: [seq, kernel, recurrentKernel, b], h }: typeof given): Floats[] => {
    const params = { kernel: kernel!, recurrentKernel: recurrentKernel!, ...(b && { bias: b }) };
    const { returnSequences, reverse, zeroOutputForMask } = spec;
    const how = { returnSequences, reverse, zeroOutputForMask, initialState: { h }, mask: mask && here(mask) };
    const made = rnn(cell, params, seq!, how);
    return [made.outputs, made.state.h];
  };
  return {
    run: () => outputs(given),
    back(grads: readonly M[]): (Float64Array | null)[] {
      const [, found] = valueAndGrad((at: typeof given) =>
        outputs(at)
          .flatMap((y, i) => (grads[i] ? [sum(mul(y, here(grads[i])))] : []))
          .reduce((total, term) => add(total, term), mul(sum(at.h), 0)),
      )(given);
      const numbers = found.kernels.map((g) => Float64Array.from(numbersOf(g)));
      return [...numbers, ...(bias ? [] : [null]), Float64Array.from(numbersOf(found.h))];
    },
  };
}

const simple = (name: string, caughtBy: string, defect: Defect): BackendMutant => ({
  name: `a fused recurrence: ${name}`,
  caughtBy: `fused/simple-rnn/${caughtBy}`,
  make: () => withSimpleRnn(defect),
});
const value = (name: ActivationName, what: string, caughtBy: string, f: (x: Floats) => Floats): BackendMutant =>
  simple(`${name}: ${what}`, caughtBy, { activations: { [name]: f } });
const functions = core as unknown as Readonly<Record<string, (x: Floats) => Floats>>;
/** The right value, with the gradient of what `f` makes of x; that of infinities is 0. */
const slope = (name: ActivationName, what: string, caughtBy: string, f: (x: Floats) => Floats): BackendMutant =>
  simple(`the slope of ${name}: ${what}`, caughtBy, {
    activations: { [name]: (x: Floats) => gradientOf(functions[name]!(x), core.clip(f(x), -1e6, 1e6)) },
  });

const [everyOne, edges] = ['every-activation', 'activation-edges'];
const [gradients, edgeGradients] = [`${everyOne}-gradients`, `${edges}-gradients`];
const LAMBDA = 1.0507009873554805;

export const brokenSimpleRnn: readonly BackendMutant[] = [
  value('softplus', 'overflows', edges, (x) => log(add(exp(x), 1))),
  value('gelu', 'the approximate one', everyOne, (x) => core.gelu(x, { approximate: true })),
  value('selu', 'without λ below 0', everyOne, (x) =>
    where(less(0, x), mul(x, LAMBDA), mul(core.expm1(x), 1.67326324)),
  ),
  value('hardSilu', 'of the old slope, a fifth', everyOne, (x) => mul(x, core.clip(add(mul(x, 0.2), 0.5), 0, 1))),
  value('leakyRelu', 'a tenth for a fifth', everyOne, (x) => maximum(x, mul(x, 0.1))),
  value('relu', 'NaN becomes 0', edges, (x) => where(less(0, x), x, 0)),
  value('elu', 'NaN becomes 0', edges, (x) => where(less(0, x), x, where(less(x, 0), core.expm1(x), 0))),
  value('softsign', 'of an infinity is NaN written otherwise', edges, (x) => div(1, add(div(1, x), core.sign(x)))),
  slope('relu6', 'goes on above 6', edgeGradients, (x) => core.relu(x)),
  slope('hardTanh', 'goes on beyond its ends', gradients, (x) => x),
  slope('leakyRelu', 'that of the positive side at 0', edgeGradients, (x) => where(less(x, 0), mul(x, 0.2), x)),
  slope('elu', 'one more below 0', gradients, (x) => where(less(0, x), x, add(core.expm1(core.minimum(x, 0)), x))),
  slope('gelu', 'the density forgotten', gradients, (x) => mul(x, core.stopGradient(div(core.gelu(x), add(x, 1e-30))))),
  slope('softplus', 'that of its mirror image', gradients, (x) => sub(0, core.softplus(mul(x, -1)))),
  simple('what was carried is forgotten after 64 steps', 'seventy-steps', {
    spoil(y, { dims: { batch, time, units }, returnSequences }) {
      if (!returnSequences || time <= 64) return;
      for (let b = 0; b < batch; b++) y.fill(0, (b * time + 64) * units, (b * time + 65) * units);
    },
  }),
  simple('the last output is that of the 64th step', 'seventy-steps-last-output', {
    spoil: (y, { dims: { time }, returnSequences }) => void (!returnSequences && time > 64 && y.fill(0.5)),
  }),
  simple('weights learn from the first 128 rows', 'gradients-of-many-rows', {
    found: ([, dW], { dims: { batch, time } }) => void (batch * time > 128 && dW!.forEach((v, i) => (dW![i] = v / 2))),
  }),
];
