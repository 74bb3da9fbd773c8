/** Several ops as one step with a gradient of its own, where the chain rule alone would be wrong, inexact or wasteful. */
import { checkedFloats } from './checks.js';
import { scope } from './scope.js';
import { record, unrecorded } from './tape.js';
import type { Tensor } from './tensor.js';

type Floats = Tensor<'float32'>;

/**
 * The outputs of `compose`, made from x by ops that no tape sees; fresh tensors, never x itself. A tape that follows x
 * records one step whose gradient is `gradient`: ∂L/∂x from ∂L/∂outputs (null where L does not depend on one). It is
 * made of ops too, so that it has a gradient in turn.
 */
export function customGradients<T extends Tensor>(
  name: string,
  x: T,
  compose: () => T[],
  gradient: (grads: readonly (Floats | null)[], outputs: readonly Floats[], x: Floats) => Tensor,
): T[] {
  const outputs = unrecorded(() => scope(compose));
  // Only what is float32 leads to a parameter, so a gradient that is asked for finds nothing else.
  record(name, [x as Tensor], outputs, (grads, held) => [
    gradient(grads as (Floats | null)[], held.outputs as Floats[], held.inputs[0] as Floats),
  ]);
  return outputs;
}

/** As `customGradients`, for one float32 output: `gradient` is given ∂L/∂y, y and x. */
export function customGradient(
  name: string,
  x: Floats,
  compose: () => Floats,
  gradient: (grad: Floats, y: Floats, x: Floats) => Tensor,
): Floats {
  checkedFloats(name, 'x', x);
  const [y] = customGradients(
    name,
    x,
    () => [compose()],
    ([g], [held], heldX) => gradient(g!, held!, heldX),
  );
  return y!;
}
