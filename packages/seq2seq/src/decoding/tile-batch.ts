/** Each row n times, side by side: [a, b] → [a, a, b, b]. What a search with n beams does to a batch; tf.addons' tile_batch. */
import { ArgumentError, checkedCount, gather, leaves, mapTree, scope, ShapeError, tensor } from '@recurra/core';
import type { Tensor, Tree } from '@recurra/core';

/**
 * Repeats the rows of every tensor of a tree, such as the memory for `beamSearch`.
 *
 *     const cell = decoder.with(tileBatch(encoded, 4), tileBatch(mask, 4));
 *
 * @throws ArgumentError for n below 1, ShapeError for a scalar
 */
export function tileBatch<T extends Tree>(tree: T, n: number): T {
  const op = 'tileBatch';
  checkedCount(op, 'n', n, 'tileBatch(memory, 4)');
  if (leaves(tree).length === 0) throw new ArgumentError(op, 'needs a tensor', { tree }, 'tileBatch(memory, 4)');
  return scope(() => {
    const rows = batchOf(op, tree);
    return takeRows(
      tree,
      Int32Array.from({ length: rows * n }, (_, i) => Math.floor(i / n)),
    );
  });
}

/** The rows of every tensor, in this order. */
export function takeRows<T extends Tree>(tree: T, rows: Int32Array): T {
  const indices = new Map<object, Tensor<'int32'>>();
  return mapTree(tree, (x) => {
    const on = { dtype: 'int32', backend: x.backend } as const;
    const of = indices.get(x.backend) ?? tensor(rows, [rows.length], on);
    indices.set(x.backend, of);
    return gather(x, of, 0);
  }) as T;
}

/** The rows that all tensors have in common; 0 where there are none. */
export function batchOf(op: string, tree: Tree): number {
  const [first, ...rest] = leaves(tree);
  if (first === undefined) return 0;
  for (const { shape } of [first, ...rest]) {
    if (shape.length > 0 && shape[0] === first.shape[0]) continue;
    const facts = { found: shape, rows: first.shape[0] };
    throw new ShapeError(op, 'every tensor must have as many rows', facts, 'the first axis is the batch');
  }
  return first.shape[0]!;
}
