/** Ops that make one step with a gradient of its own, where the chain rule alone would be wrong, inexact or wasteful. */
import { backendOf } from './gate.js';
import { scope } from './scope.js';
import { record, unrecorded } from './tape.js';
import { share, type Tensor } from './tensor.js';

type Floats = Tensor<'float32'>;

/** What the gradient rule of several ops may look at. */
export interface CustomDifferentiation {
  /** ∂L/∂output for each output, null where L does not depend on it. */
  readonly grads: readonly (Floats | null)[];
  readonly inputs: readonly Floats[];
  readonly outputs: readonly Floats[];
}

/**
 * The outputs of `compose`, made of ops that no tape sees. A tape that follows an input records one step whose gradient
 * is `backward`: made of ops too, so that it has a gradient in turn. Outputs must be fresh tensors, never inputs.
 */
export function customGradient<T extends Tensor>(
  name: string,
  inputs: readonly T[],
  compose: () => T[],
  backward: (of: CustomDifferentiation) => readonly (Tensor | null)[],
): T[] {
  backendOf(name, inputs);
  const outputs = unrecorded(() => scope(compose));
  record(inputs, outputs, () => {
    // Only what is float32 leads to a parameter, so a rule that runs finds nothing else.
    const heldInputs = inputs.map((x) => share(x, name)) as Tensor[] as Floats[];
    const heldOutputs = outputs.map((y) => share(y, name)) as Tensor[] as Floats[];
    return {
      held: [...heldInputs, ...heldOutputs],
      vjp: (grads) => backward({ grads: grads as (Floats | null)[], inputs: heldInputs, outputs: heldOutputs }),
    };
  });
  return outputs;
}
