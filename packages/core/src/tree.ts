/** Plain typed trees of tensors: parameters, states, gradients. They type, save and cross workers as they are. */
import { Tensor } from './tensor.js';

export type Tree = Tensor | null | undefined | readonly Tree[] | { readonly [key: string]: Tree };

/** Every tensor in a value, depth first, looking into arrays and plain objects only. */
export function leaves(value: unknown): Tensor[] {
  const found: Tensor[] = [];
  collect(value, found);
  return found;
}

function collect(value: unknown, found: Tensor[]): void {
  if (value instanceof Tensor) found.push(value);
  else if (Array.isArray(value)) for (const v of value) collect(v, found);
  else if (isPlain(value)) for (const key in value) collect(value[key], found);
}

/** The same tree with every tensor replaced. */
export function mapTree<T>(tree: T, f: (leaf: Tensor) => unknown): T {
  if (tree instanceof Tensor) return f(tree) as T;
  if (Array.isArray(tree)) return tree.map((v) => mapTree(v, f)) as T;
  if (isPlain(tree)) return Object.fromEntries(Object.entries(tree).map(([k, v]) => [k, mapTree(v, f)])) as T;
  return tree;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (value === null || typeof value !== 'object') return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
