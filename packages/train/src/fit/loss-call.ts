/** One call of the user's loss function: with gradients in training, without in validation; scalars are checked. */
import {
  add,
  ArgumentError,
  isTensor,
  keep,
  reshape,
  scope,
  ShapeError,
  stopGradient,
  valueAndGrad,
} from '@recurra/core';
import type { Tree } from '@recurra/core';
import { isPlain, replaceLeaves, type Floats } from '../trees.js';
import type { How, LossResult } from './progress.js';

export type LossFunction = (params: Tree, batch: unknown, how: How) => LossResult;

/** What one call gave: tensors of nobody's scope, until `free`. */
export interface Called {
  readonly loss: Floats;
  readonly metrics: Readonly<Record<string, Floats>>;
  /** Of the form of the parameters; null in validation. */
  readonly grads: Tree;
  free(): void;
}

/** Calls the loss function and, in training, walks back. */
export function called(loss: LossFunction, params: Tree, batch: unknown, how: How): Called {
  const metrics: Record<string, Floats> = {};
  const run = (weights: Tree): Floats => {
    const result: unknown = loss(weights, batch, how);
    if (result instanceof Promise) {
      result.catch(() => undefined);
      throw new ArgumentError('fit', 'loss gave a promise', {}, 'it is synchronous; await in data');
    }
    const given = isPlain(result) ? result : { loss: result };
    const extra: unknown = given['metrics'] ?? {};
    if (!isPlain(extra) || 'loss' in extra) {
      throw new ArgumentError('fit', 'metrics must be an object without loss', { metrics: extra }, '{ accuracy }');
    }
    for (const [name, x] of Object.entries(extra)) metrics[name] = own(checkedScalar(`metrics.${name}`, x));
    return checkedScalar('loss', given['loss']);
  };
  const free = (x: Floats): void => x.dispose();
  try {
    const [value, grads] = scope(() => {
      const [x, g] = how.training ? valueAndGrad(run)(params) : ([run(params), null] as const);
      return [own(x), g] as const;
    });
    const kept = grads === null ? null : replaceLeaves<Tree>(grads, (x) => keep(x));
    return {
      loss: value,
      metrics,
      grads: kept,
      free: () => {
        [value, ...Object.values(metrics)].forEach(free);
        replaceLeaves(kept, (x) => x.dispose());
      },
    };
  } catch (error) {
    Object.values(metrics).forEach(free);
    throw error;
  }
}

/** The sum of two trees of gradients, leaf by leaf; both are freed. */
export function addedGradients(a: Tree, b: Tree): Tree {
  const others: Floats[] = [];
  replaceLeaves(b, (x) => others.push(x as Floats));
  let i = 0;
  const total = replaceLeaves<Tree>(a, (x) => {
    const y = others[i++]!;
    const sum = x.dtype === 'float32' ? keep(add(x as Floats, y)) : keep(reshape(x, x.shape));
    x.dispose();
    y.dispose();
    return sum;
  });
  return total;
}

/** Out of whichever scope the caller is in, and a tensor of its own: the loss may hand out somebody else's. */
function own(x: Floats): Floats {
  return keep(reshape(stopGradient(x), []));
}

function checkedScalar(role: string, x: unknown): Floats {
  if (isTensor(x) && x.dtype === 'float32' && x.rank === 0) return x as Floats;
  const got = isTensor(x) ? `${x.dtype} [${x.shape.join(', ')}]` : x;
  throw new ShapeError('fit', `${role} must be a float32 scalar`, { got }, 'sum or mean makes one', 'NOT_A_SCALAR');
}
