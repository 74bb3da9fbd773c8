/**
 * Where the axes of the inputs go. Inputs are [B, …, E]; attention runs over some of the axes in the middle, the others
 * are as many batches more. Scores are [batches, N heads, attended axes of the query, attended axes of the key].
 */
import { ArgumentError, checkedFloats, reshape, ShapeError, sizeOf, transpose } from '@recurra/core';
import type { Shape } from '@recurra/core';
import { checkBatch, empty } from '../checks.js';
import { checkedList } from '../keras/keras-inputs.js';
import type { Floats } from '../score.js';

export interface Layout {
  /** B and the axes that are not attended: [B] for inputs of rank 3. */
  readonly batches: Shape;
  readonly queries: Shape;
  readonly keys: Shape;
  /** The axes of [B, …] in the order batches, attended. */
  readonly order: readonly number[];
}

export interface Laid {
  readonly query: Floats;
  readonly value: Floats;
  readonly key: Floats;
  readonly layout: Layout;
}

/** @param attended axes of the inputs, or null for all in the middle */
export function layOut(op: string, inputs: unknown, attended: readonly number[] | null, rank: number | null): Laid {
  const list = checkedList(op, inputs);
  const [query, value, key] = list.map((x, i) => checkedFloats(op, ['query', 'value', 'key'][i]!, x)) as [
    Floats,
    Floats,
    Floats,
  ];
  const shapes = { query: query.shape, value: value.shape, key: key.shape };
  for (const [role, shape] of Object.entries(shapes)) checkShape(op, role, shape, rank);
  if (query.rank !== value.rank || query.rank !== key.rank) {
    throw new ShapeError(op, 'query, value and key must have one rank', shapes, 'expandDims adds an axis', 'RANK');
  }
  checkBatch(op, shapes);
  if (value.shape.slice(1, -1).some((n, i) => n !== key.shape[i + 1])) {
    throw new ShapeError(op, 'every key has one value', shapes, 'the order is [query, value, key]');
  }
  const axes = attendedAxes(op, attended, query);
  const others = query.shape.map((_, axis) => axis).filter((axis) => axis < query.rank - 1 && !axes.includes(axis));
  if (others.some((axis) => query.shape[axis] !== value.shape[axis])) {
    throw new ShapeError(op, 'axes that are not attended must be equally long', { ...shapes, attended: axes });
  }
  const at = (shape: Shape, chosen: readonly number[]): Shape => chosen.map((axis) => shape[axis]!);
  const layout = {
    batches: at(query.shape, others),
    queries: at(query.shape, axes),
    keys: at(value.shape, axes),
    order: [...others, ...axes],
  };
  if (layout.keys.includes(0)) throw empty(op, 'value', value.shape);
  return { query, value, key, layout };
}

function checkShape(op: string, role: string, shape: Shape, rank: number | null): void {
  if (rank === null ? shape.length < 3 : shape.length !== rank) {
    const wanted = rank === null ? 'rank 3 or more' : `rank ${rank}`;
    const hint = `${role} is [B, T, E]; ${shape.length < 3 ? 'expandDims adds an axis' : 'reshape merges axes'}`;
    throw new ShapeError(op, `${role} must have ${wanted}`, { [role]: shape }, hint, 'RANK');
  }
  if (shape.at(-1) === 0)
    throw new ShapeError(op, `${role} has no features`, { [role]: shape }, 'the last axis needs at least 1', 'EMPTY');
}

function attendedAxes(op: string, attended: readonly number[] | null, { rank, shape }: Floats): readonly number[] {
  if (attended === null) return shape.map((_, axis) => axis).slice(1, -1);
  const axes = attended.map((axis) => (axis < 0 ? rank + axis : axis));
  if (axes.some((axis) => axis < 1 || axis > rank - 2) || new Set(axes).size !== axes.length) {
    throw new ArgumentError(
      op,
      'attentionAxes must be axes between the batch and the features, each once',
      { attentionAxes: attended, query: shape },
      rank === 3 ? 'inputs of rank 3 have axis 1 alone' : `from 1 to ${rank - 2}`,
    );
  }
  return axes;
}

/** x [B, …, n heads, D] → [batches, heads, T, D], T the product of the attended axes; `heads` may split n into groups. */
export function intoHeads(x: Floats, layout: Layout, attended: Shape, heads: readonly number[]): Floats {
  return reshape(transpose(x, headsFirst(layout)), [...layout.batches, ...heads, sizeOf(attended), x.shape.at(-1)!]);
}

/** And back, for the queries: [batches, heads, T, D] → [B, …, n, D]. */
export function outOfHeads(x: Floats, layout: Layout, heads: number): Floats {
  const apart = reshape(x, [...layout.batches, heads, ...layout.queries, x.shape.at(-1)!]);
  const order = headsFirst(layout);
  return transpose(
    apart,
    order.map((_, axis) => order.indexOf(axis)),
  );
}

/** The axes of [B, …, n, D] in the order batches, heads, attended, features. */
function headsFirst({ batches, order }: Layout): number[] {
  const heads = order.length;
  return [...order.slice(0, batches.length), heads, ...order.slice(batches.length), heads + 1];
}
