/**
 * Who frees what. `scope(f)` frees what `f` made but its result; library functions open their own, a user needs one
 * around a loop of their own. What belongs to no scope is freed by `dispose`, and, as a safety net only, when the
 * garbage collector finds it (it never runs inside a synchronous loop).
 */
import { ArgumentError } from './errors.js';
import type { Tensor } from './tensor.js';
import { watchForCollector } from './tensor.js';
import { leaves } from './tree.js';

let current: Tensor[] | null = null;

/**
 * Runs `f` and frees every tensor made inside but those it returns, in arrays and plain objects at any depth. What `f`
 * returns belongs to the scope around this one.
 *
 * @throws ArgumentError when `f` returns a promise: a scope is one synchronous piece of work.
 */
export function scope<T>(f: () => T): T {
  const outer = current;
  const mine: Tensor[] = [];
  current = mine;
  let result: T;
  try {
    result = f();
  } catch (error) {
    current = outer;
    for (const tensor of mine) tensor.dispose();
    throw error;
  }
  current = outer;
  if (result instanceof Promise) {
    for (const tensor of mine) tensor.dispose();
    result.catch(() => undefined);
    throw new ArgumentError('scope', 'a scope cannot wait for a promise', {}, 'one scope per step, then await the read');
  }
  const kept = new Set(leaves(result));
  for (const tensor of mine) {
    if (kept.has(tensor)) own(tensor);
    else tensor.dispose();
  }
  return result;
}

/** Takes a tensor out of its scope: from now on only `dispose` (or the collector) frees it. */
export function keep<T extends Tensor>(tensor: T): T {
  if (current !== null) {
    const at = current.lastIndexOf(tensor);
    if (at >= 0) {
      current.splice(at, 1);
      watchForCollector(tensor);
    }
  }
  return tensor;
}

/** For core alone: a fresh tensor joins the scope it was made in. */
export function own(tensor: Tensor): void {
  if (current !== null) current.push(tensor);
  else watchForCollector(tensor);
}
