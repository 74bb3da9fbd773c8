/** Turns an op's description (shape rule, kernel call, gradient) into the function that runs it through the gate. */
import { checkFunction } from './errors.js';
import { apply, type Op } from './gate.js';
import type { Tensor } from './tensor.js';

export type { Differentiation, Op } from './gate.js';

/** An op as ops and users call it: inputs, then what else it needs to know. */
export type OpFunction<A> = (inputs: readonly Tensor[], attrs: A) => Tensor;

/**
 * An op of your own, from its shape rule, its kernel calls and its gradient: checked, recorded and freed as those of core.
 *
 * @throws ArgumentError for what is not the description of an op
 */
export function defineOp<A>(op: Op<A>): OpFunction<A> {
  checkFunction('defineOp', op?.infer, 'defineOp({ name, infer, forward })');
  return (inputs, attrs) => apply(op, inputs, attrs);
}
