/** Turns an op's description (shape rule, kernel call, gradient) into the function that runs it through the gate. */
import { apply, type Op } from './gate.js';
import type { Tensor } from './tensor.js';

export type { Differentiation, Op } from './gate.js';

/** An op as ops and users call it: inputs, then what else it needs to know. */
export type OpFunction<A> = (inputs: readonly Tensor[], attrs: A) => Tensor;

export function defineOp<A>(op: Op<A>): OpFunction<A> {
  return (inputs, attrs) => apply(op, inputs, attrs);
}
