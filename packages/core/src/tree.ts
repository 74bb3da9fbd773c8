/** Plain typed trees of tensors: parameters, states, gradients. */
import { ArgumentError, checkFunction } from './errors.js';
import { Tensor } from './tensor.js';

/** Tensors in arrays and plain objects, at any depth: parameters, states, gradients. */
export type Tree = Tensor | null | undefined | readonly Tree[] | { readonly [key: string]: Tree };

/** Every tensor in a value, depth first, looking into arrays, plain objects, Maps and Sets only. */
export function leaves(value: unknown): Tensor[] {
  const found: Tensor[] = [];
  collect(value, found, new Set());
  return found;
}

/** `around` are the arrays and objects that hold this value: one of them again would be a circle. */
function collect(value: unknown, found: Tensor[], around: Set<unknown>): void {
  if (Tensor.is(value)) {
    found.push(value);
    return;
  }
  const list =
    Array.isArray(value) || value instanceof Map || value instanceof Set
      ? [...value.values()]
      : isPlain(value)
        ? Object.values(value)
        : null;
  if (list === null || around.has(value)) return;
  checkDepth('leaves', around.size);
  around.add(value);
  for (const inner of list) collect(inner, found, around);
  around.delete(value);
}

/**
 * Throws unless a value is a tree: tensors, null or undefined, in arrays and plain objects. In anything else tensors
 * would be overlooked.
 */
export function checkTree(op: string, role: string, value: unknown, around: readonly unknown[] = []): void {
  if (Tensor.is(value) || value === null || value === undefined) return;
  checkDepth(op, around.length);
  const entries = Array.isArray(value) ? [...value.entries()] : isPlain(value) ? Object.entries(value) : null;
  if (entries === null || around.includes(value)) {
    const what = entries === null ? 'is neither a tensor nor an array or plain object of tensors' : 'contains itself';
    throw new ArgumentError(
      op,
      `${role} ${what}`,
      { [role]: value },
      'a tree of tensors, such as { kernel, bias }',
      'NOT_A_TREE',
    );
  }
  for (const [key, inner] of entries) checkTree(op, `${role}.${key}`, inner, [...around, value]);
}

/** A tree of the form of `T` with `R` in place of every tensor. */
type Mapped<T, R> = T extends Tensor ? R : { [K in keyof T]: Mapped<T[K], R> };

/**
 * The same tree with every tensor replaced by what `f` makes of it. Where that is a tensor too, of whichever dtype, the
 * type of the tree stays.
 *
 *     mapTree(params, (x) => mul(x, 0.5)); // as params
 *     mapTree(params, (x) => x.shape); //     { kernel: Shape, … }
 */
export function mapTree<T, R>(tree: T, f: (leaf: Tensor) => R): Tensor extends R ? T : Mapped<T, R> {
  checkFunction('mapTree', f, 'mapTree(tree, (x) => …)');
  return replaced(tree, f, []) as Tensor extends R ? T : Mapped<T, R>;
}

/** `around`: see `collect`. */
function replaced(tree: unknown, f: (leaf: Tensor) => unknown, around: readonly unknown[]): unknown {
  if (Tensor.is(tree)) return f(tree);
  if (around.includes(tree))
    throw new ArgumentError('mapTree', 'the tree contains itself', {}, 'a tree has leaves', 'NOT_A_TREE');
  checkDepth('mapTree', around.length);
  const inner = [...around, tree];
  if (Array.isArray(tree)) return tree.map((v) => replaced(v, f, inner));
  if (isPlain(tree)) return Object.fromEntries(Object.entries(tree).map(([k, v]) => [k, replaced(v, f, inner)]));
  return tree;
}

/** Deeper than any tree of parameters, and well within every engine's stack. */
function checkDepth(op: string, depth: number): void {
  if (depth > 999) throw new ArgumentError(op, 'nested too deeply', {}, 'at most 1000 levels', 'NOT_A_TREE');
}

/** Of any realm: another frame, or a `vm` context, has an Object.prototype of its own, above which there is nothing. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  if (value === null || typeof value !== 'object') return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
