/** Gradients that are not allowed to grow: each tensor's norm, the norm of all of them, or each number. */
import {
  add,
  ArgumentError,
  clip,
  div,
  greater,
  maximum,
  minimum,
  mul,
  scope,
  sqrt,
  square,
  sub,
  sum,
  where,
} from '@recurra/core';
import { checkedPositive } from './schedules/schedule.js';
import { namedLeaves, replaceLeaves, type Floats } from './trees.js';

/**
 * Each float32 tensor x of the tree as x · norm / max(‖x‖₂, norm): shorter ones stay as they are.
 *
 * Source: `clipnorm` of Keras's optimizers.
 * @throws ArgumentError unless norm is above 0
 */
export function clipByNorm<T>(tree: T, norm: number): T {
  checkedPositive('clipByNorm', 'norm', norm);
  return each('clipByNorm', tree, (x) => normClipped(x, norm));
}

/**
 * Every float32 tensor of the tree times min(1, norm / ‖all of them‖₂): the direction of the whole stays.
 *
 * Source: `global_clipnorm` of Keras's optimizers; Pascanu 2013.
 * @throws ArgumentError unless norm is above 0
 */
export function clipByGlobalNorm<T>(tree: T, norm: number): T {
  checkedPositive('clipByGlobalNorm', 'norm', norm);
  return scope(() => {
    const scale = globalScale(floatsOf('clipByGlobalNorm', tree), norm);
    return each('clipByGlobalNorm', tree, (x) => mul(x, scale));
  });
}

/**
 * Each number of every float32 tensor limited to [−value, value].
 *
 * Source: `clipvalue` of Keras's optimizers.
 * @throws ArgumentError unless value is above 0
 */
export function clipByValue<T>(tree: T, value: number): T {
  checkedPositive('clipByValue', 'value', value);
  return each('clipByValue', tree, (x) => clip(x, -value, value));
}

/** √(Σ x²) over every number of every float32 tensor in the tree: a scalar. @throws ArgumentError for a tree without one */
export function globalNorm(tree: unknown): Floats {
  return scope(() => normOfAll(floatsOf('globalNorm', tree)));
}

/** x · norm / max(‖x‖, norm). The norm of zeros is 0 without a root, whose gradient there is infinite. */
export function normClipped(x: Floats, norm: number): Floats {
  const squares = sum(square(x));
  const some = greater(squares, 0);
  const length = where(some, sqrt(where(some, squares, 1)), squares);
  return div(mul(x, norm), maximum(length, norm));
}

/** min(1, norm / ‖all‖); NaN where the norm is not finite, as in Keras. */
export function globalScale(all: readonly Floats[], norm: number): Floats {
  const length = normOfAll(all);
  return add(mul(minimum(div(1, length), 1 / norm), norm), sub(length, length));
}

function normOfAll(all: readonly Floats[]): Floats {
  const [first, ...rest] = all.map((x) => sum(square(x)));
  return sqrt(rest.reduce((total, x) => add(total, x), first!));
}

function floatsOf(op: string, tree: unknown): Floats[] {
  const all = namedLeaves(op, 'tree', tree).flatMap(({ tensor }) =>
    tensor.dtype === 'float32' ? [tensor as Floats] : [],
  );
  if (all.length > 0) return [...new Set(all)];
  throw new ArgumentError(op, 'the tree has no float32 tensor', {}, 'gradients, as valueAndGrad gives them');
}

function each<T>(op: string, tree: T, f: (x: Floats) => Floats): T {
  namedLeaves(op, 'tree', tree);
  return replaceLeaves(tree, (x) => (x.dtype === 'float32' ? scope(() => f(x as Floats)) : x));
}
