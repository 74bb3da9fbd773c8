/** Parameter trees as lists: every tensor with the path that errors call it by. */
import { ArgumentError, DTypeError, isTensor, mapTree, requireTensor, sameShape, ShapeError } from '@recurra/core';
import type { Tensor } from '@recurra/core';

/** A float32 tensor. */
export type Floats = Tensor<'float32'>;

/** A tensor of a tree and where it stands: `params.cell.kernel`. */
export interface Leaf {
  readonly path: string;
  readonly tensor: Tensor;
}

/** An object literal, or one without a prototype: what trees are made of, beside arrays. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  if (value === null || typeof value !== 'object') return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The tensors of a tree, depth first, none of them disposed. Throws for anything that is no tree: it would be overlooked. */
export function namedLeaves(op: string, role: string, tree: unknown, around: readonly unknown[] = []): Leaf[] {
  if (isTensor(tree)) {
    requireTensor(op, role, tree);
    return [{ path: role, tensor: tree }];
  }
  if (tree === null || tree === undefined) return [];
  const entries = Array.isArray(tree) ? [...tree.entries()] : isPlain(tree) ? Object.entries(tree) : null;
  if (entries === null || around.includes(tree)) {
    const what = entries === null ? 'is neither a tensor nor an array or plain object of tensors' : 'contains itself';
    throw new ArgumentError(
      op,
      `${role} ${what}`,
      { [role]: tree },
      'a tree of tensors, such as { kernel, bias }',
      'NOT_A_TREE',
    );
  }
  const inner = [...around, tree];
  return entries.flatMap(([key, value]) => namedLeaves(op, `${role}.${key}`, value, inner));
}

/** The leaves of `tree` in the order of `like`'s, each float32 and of the same shape as the one it belongs to. */
export function matchingLeaves(op: string, role: string, tree: unknown, like: readonly Leaf[], of: string): Floats[] {
  const found = new Map(namedLeaves(op, role, tree).map(({ path, tensor }) => [path, tensor]));
  return like.map(({ path, tensor }) => {
    const at = role + path.slice(of.length);
    const leaf = found.get(at);
    if (leaf === undefined) {
      throw new ArgumentError(op, `there is no ${at}`, {}, `a tree of the same form as ${of}`, 'NOT_A_TREE');
    }
    if (leaf.dtype !== 'float32') {
      throw new DTypeError(op, `${at} must be float32`, { [at]: leaf.dtype }, 'as valueAndGrad and init make it');
    }
    if (!sameShape(leaf.shape, tensor.shape)) {
      throw new ShapeError(
        op,
        `${at} is not of the shape of ${path}`,
        { [at]: leaf.shape, [path]: tensor.shape },
        'as valueAndGrad and init make it',
      );
    }
    return leaf as Floats;
  });
}

/** `mapTree` for any tree, whose general type would take the compiler too deep: the caller says what comes out. */
export function replaceLeaves<R>(tree: unknown, f: (leaf: Tensor) => unknown): R {
  return mapTree(tree as Tensor, f as (leaf: Tensor) => Tensor) as unknown as R;
}
