/** Plain typed trees of tensors: parameters, states, gradients. */
import { ArgumentError } from './errors.js';
import { Tensor } from './tensor.js';

export type Tree = Tensor | null | undefined | readonly Tree[] | { readonly [key: string]: Tree };

/** Every tensor in a value, depth first, looking into arrays and plain objects only. */
export function leaves(value: unknown): Tensor[] {
  const found: Tensor[] = [];
  collect(value, found, new Set());
  return found;
}

/** `around` are the arrays and objects that hold this value: one of them again would be a circle. */
function collect(value: unknown, found: Tensor[], around: Set<unknown>): void {
  if (value instanceof Tensor) {
    found.push(value);
    return;
  }
  const list = Array.isArray(value) ? value : isPlain(value) ? Object.values(value) : null;
  if (list === null || around.has(value)) return;
  around.add(value);
  for (const inner of list) collect(inner, found, around);
  around.delete(value);
}

/**
 * Throws unless a value is a tree: tensors, null or undefined, in arrays and plain objects. In anything else tensors
 * would be overlooked.
 */
export function checkTree(op: string, role: string, value: unknown, around: readonly unknown[] = []): void {
  if (value instanceof Tensor || value === null || value === undefined) return;
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

/** The same tree with every tensor replaced. */
export function mapTree<T>(tree: T, f: (leaf: Tensor) => unknown): T {
  if (tree instanceof Tensor) return f(tree) as T;
  if (Array.isArray(tree)) return tree.map((v) => mapTree(v, f)) as T;
  if (isPlain(tree)) return Object.fromEntries(Object.entries(tree).map(([k, v]) => [k, mapTree(v, f)])) as T;
  return tree;
}

export function isPlain(value: unknown): value is Record<string, unknown> {
  if (value === null || typeof value !== 'object') return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
