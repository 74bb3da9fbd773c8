/**
 * Who frees what. `scope(f)` frees what `f` made but its result; library functions open their own, a user needs one
 * around a loop of their own. What belongs to no scope is freed by `dispose`, and, as a safety net only, when the
 * garbage collector finds it (it never runs inside a synchronous loop).
 */
import { ArgumentError, checkFunction } from './errors.js';
import { requireTensor } from './is-tensor.js';
import { Tensor, watchForCollector } from './tensor.js';
import { leaves } from './tree.js';

interface Scope {
  readonly owned: Set<Tensor>;
  readonly outer: Scope | null;
}

let current: Scope | null = null;

/**
 * Runs `f` and frees every tensor made inside but those it returns, in arrays, plain objects, Maps and Sets at any depth.
 * What `f` returns belongs to the scope around this one.
 *
 * @throws ArgumentError when `f` returns a promise, or what else has `then`: a scope is one synchronous piece of work;
 * DisposedError when it returns a tensor that is gone
 */
export function scope<T>(f: () => T): T {
  checkFunction('scope', f, 'scope(() => …)');
  const outer = current;
  const mine: Scope = { owned: new Set(), outer };
  current = mine;
  let result: T;
  let kept: Set<Tensor>;
  try {
    result = f();
    if (isThenable(result)) throw waiting(result);
    kept = new Set(leaves(result));
    for (const tensor of kept) Tensor.bufferOf(tensor, 'scope');
  } catch (error) {
    current = outer;
    for (const tensor of mine.owned) tensor.dispose();
    throw error;
  }
  current = outer;
  for (const tensor of mine.owned) {
    if (kept.has(tensor)) own(tensor);
    else tensor.dispose();
  }
  return result;
}

/** Takes a tensor out of its scope, however far out: from now on only `dispose` (or the collector) frees it. */
export function keep<T extends Tensor>(tensor: T): T {
  requireTensor('keep', 'tensor', tensor);
  for (let at = current; at !== null; at = at.outer) if (at.owned.delete(tensor)) watchForCollector(tensor);
  return tensor;
}

/** Whether the innermost scope made this tensor and would free it. */
export function owns(tensor: Tensor): boolean {
  return current !== null && current.owned.has(tensor);
}

/**
 * Frees a tensor before its scope ends, if it belongs to the innermost scope; else nothing happens. For loops that
 * would hold more and more: what belongs to somebody else is left alone.
 */
export function discard(tensor: Tensor): void {
  if (current !== null && current.owned.delete(tensor)) tensor.dispose();
}

/** For core alone: a fresh tensor joins the scope it was made in. */
export function own(tensor: Tensor): void {
  if (current !== null) current.owned.add(tensor);
  else watchForCollector(tensor);
}

/** Not `instanceof`: a promise may be of another realm. */
function isThenable(result: unknown): result is { readonly then: unknown; readonly catch?: unknown } {
  return typeof (result as { then?: unknown } | null | undefined)?.then === 'function';
}

function waiting(promise: { readonly catch?: unknown }): ArgumentError {
  if (typeof promise.catch === 'function') promise.catch(() => undefined);
  return new ArgumentError('scope', 'a scope cannot wait for a promise', {}, 'one scope per step, then await the read');
}
