/**
 * One update, and whether it may stand: the losses, the metrics and a sum of 0·w for each new weight are read at once. A
 * sum that is not 0 tells of a NaN or ∞ among the weights before anybody goes on with them.
 */
import { concat, div, GradientError, keep, leaves, mul, reshape, scope, sum } from '@recurra/core';
import type { Tree } from '@recurra/core';
import type { Optimizer, OptimizerState } from '../optimizers/optimizer.js';
import { namedLeaves, replaceLeaves, type Floats, type Leaf } from '../trees.js';

export interface Updated {
  readonly params: Tree;
  readonly state: OptimizerState;
}

/** A sum of gradients divided by their number; takes it over. */
export function meanOf(total: Tree, count: number): Tree {
  if (count === 1) return total;
  return replaceLeaves<Tree>(total, (x) => {
    if (x.dtype !== 'float32') return x;
    const mean = keep(div(x as Floats, count));
    x.dispose();
    return mean;
  });
}

/** The optimizer's answer, belonging to no scope. */
export function updated(optimizer: Optimizer, grads: Tree, of: Updated, learningRate: number): Updated {
  const [params, state] = optimizer.update<Tree>(grads, of.state, of.params, { learningRate });
  const before = new Set(leaves(of));
  for (const x of leaves([params, state])) if (!before.has(x)) keep(x);
  return { params, state };
}

/** The numbers of these scalars, and of every weight 0 or NaN, in one read. */
export async function readTogether(scalars: readonly Floats[], params: Tree): Promise<ArrayLike<number>> {
  const report = scope(() => {
    const weights = trainable(params).map(({ tensor }) => sum(mul(tensor as Floats, 0)));
    return keep(
      concat(
        [...scalars, ...weights].map((x) => reshape(x, [1])),
        0,
      ),
    );
  });
  try {
    return await report.raw();
  } finally {
    report.dispose();
  }
}

export function trainable(params: unknown): Leaf[] {
  return namedLeaves('fit', 'params', params).filter(({ tensor }) => tensor.dtype === 'float32');
}

/** Why a step failed: looks through everything, slowly, for the first number that is NaN or infinite. */
export async function notFinite(
  at: { readonly epoch: number; readonly step: number; readonly loss: number },
  found: { readonly params: Tree; readonly batch: unknown; readonly grads: Tree; readonly next: Tree },
): Promise<GradientError> {
  const places = [
    ...trainable(found.params).map((leaf) => ['weight', leaf] as const),
    ...batchLeaves(found.batch).map((leaf) => ['input', leaf] as const),
    ...namedLeaves('fit', 'params', found.grads).map((leaf) => ['gradient', leaf] as const),
    ...trainable(found.next).map((leaf) => ['updated weight', leaf] as const),
  ];
  let where: Readonly<Record<string, unknown>> = { path: 'none: weights and gradients are finite' };
  for (const [kind, { path, tensor }] of places) {
    const bad = Array.from(await tensor.raw()).find((x) => !Number.isFinite(x));
    if (bad === undefined) continue;
    where = { path, found: `${kind} ${bad}` };
    break;
  }
  const what = Number.isFinite(at.loss) ? 'an update would make a weight NaN or infinite' : 'the loss is not finite';
  const hint = 'a smaller learningRate, or globalClipnorm: 1; run.params are those before this step';
  return new GradientError('fit', what, { ...at, ...where }, hint, 'NOT_FINITE');
}

function batchLeaves(batch: unknown): Leaf[] {
  // A function that gives batches may have freed this one.
  return leaves(batch).flatMap((tensor, i) =>
    tensor.dtype === 'float32' && !tensor.disposed ? [{ path: `batch, tensor ${i}`, tensor }] : [],
  );
}
