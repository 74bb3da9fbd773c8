/** A function with a gradient that its author gives, in place of the one that the chain rule would find. */
import { checkedFloats } from './checks.js';
import { checkFunction, GradientError } from './errors.js';
import { checkedGradients } from './gate.js';
import { requireTensor } from './is-tensor.js';
import { reshape } from './ops/reshape.js';
import { owns, scope } from './scope.js';
import { record, unrecorded } from './tape.js';
import type { Tensor } from './tensor.js';

type Floats = Tensor<'float32'>;

/** What the gradient of `customGrad` is given. */
export interface CustomGradient<X extends readonly Tensor[]> {
  /** ∂L/∂output, of the output's shape. */
  readonly grad: Floats;
  readonly inputs: X;
  readonly output: Floats;
}

/**
 * `f`, with `gradient` as its gradient: for each input ∂L/∂input, of its shape and on its backend, or null for none.
 *
 *     const clippedOnTheWayBack = customGrad((x: Tensor<'float32'>) => x, ({ grad }) => [clip(grad, -1, 1)]);
 *
 * No tape sees the ops of `f`; those of `gradient` are seen, so that it has a gradient in turn. Only the arguments get a
 * gradient: whatever else `f` uses is a constant to it.
 *
 * @param f gives one float32 tensor
 * @throws GradientError when there is not one gradient for each input, float32 of its shape, DTypeError when `f` gives no float32
 */
export function customGrad<X extends readonly Tensor[]>(
  f: (...inputs: X) => Floats,
  gradient: (of: CustomGradient<X>) => readonly (Tensor | null)[],
): (...inputs: X) => Floats {
  const usage = 'customGrad((x) => …, ({ grad }) => [grad])';
  checkFunction('customGrad', f, usage);
  checkFunction('customGrad', gradient, usage);
  return (...inputs) => {
    inputs.forEach((x, i) => requireTensor('customGrad', `input ${i}`, x));
    const y = unrecorded(() =>
      scope(() => {
        const made = f(...inputs);
        checkedFloats('customGrad', 'the output', made);
        // Tapes follow values: the output is one of its own, though `f` may hand out its input.
        return owns(made) ? made : (reshape(made, made.shape) as Floats);
      }),
    );
    record('customGrad', inputs, [y], ([grad], held) => {
      const of = { grad: grad as Floats, inputs: held.inputs as unknown as X, output: held.outputs[0] as Floats };
      const grads = gradient(of);
      if (Array.isArray(grads) && grads.length !== inputs.length) {
        const facts = { inputs: inputs.length, gradients: grads.length };
        throw new GradientError('customGrad', 'one gradient for each input', facts, 'null for an input that has none');
      }
      return checkedGradients('customGrad', held.inputs as Tensor[], grads);
    });
    return y;
  };
}
