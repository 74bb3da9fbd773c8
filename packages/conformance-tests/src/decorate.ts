/**
 * Backends around a backend. Every method is bound to the original: an object spread would lose the methods of a class,
 * and `this` with them.
 */
import { checkOptions, type Backend, type HostArray, type Kernels, type Operand } from '@recurra/core';
import { checkBackend } from './checks.js';

/** The fourteen kernels by name. */
export const kernelNames = [
  'fill',
  'cast',
  'unary',
  'binary',
  'compare',
  'where',
  'reduce',
  'argReduce',
  'matmul',
  'transpose',
  'slice',
  'concat',
  'gather',
  'scatterAdd',
] as const satisfies readonly (keyof Kernels)[];

/** Members of a backend to put in the place of its own; `undefined` takes an optional one away. */
export type Replacements<H extends object> = { readonly [K in keyof Backend<H>]?: Backend<H>[K] | undefined };

const methods = [...kernelNames, 'upload', 'read', 'free', 'readSync', 'live', 'dispose'] as const;

/**
 * The same backend, every method bound, with some members replaced; `undefined` takes an optional one away.
 *
 * @throws ArgumentError for what is no backend, and for replacements of what backends do not have
 */
export function decorated<H extends object>(backend: Backend<H>, replaced: Replacements<H> = {}): Backend<H> {
  checkBackend('decorated', backend);
  checkOptions('decorated', replaced, ['name', 'precision', 'fused', ...methods]);
  const members: Record<string, unknown> = { name: backend.name, precision: backend.precision };
  for (const name of methods) {
    const method = backend[name] as ((...args: never[]) => unknown) | undefined;
    if (method !== undefined) members[name] = method.bind(backend);
  }
  if (backend.fused !== undefined) members['fused'] = backend.fused;
  for (const [name, member] of Object.entries(replaced)) {
    if (member === undefined) delete members[name];
    else members[name] = member;
  }
  return members as unknown as Backend<H>;
}

/** The backend as if it had no fused kernels: everything composes. */
export function withoutFused<H extends object>(backend: Backend<H>): Backend<H> {
  checkBackend('withoutFused', backend);
  return decorated(backend, { fused: undefined });
}

/** A turn of the event loop: where there is nothing for it, a timer, which is late by a millisecond or more. */
const turn = (): Promise<void> =>
  new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else setTimeout(resolve, 0);
  });

/** The backend as if its numbers took their time: `read` answers a turn of the event loop later, and nothing can block. */
export function delayedRead<H extends object>(backend: Backend<H>): Backend<H> {
  checkBackend('delayedRead', backend);
  return decorated(backend, {
    readSync: undefined,
    async read(x: Operand<H>): Promise<HostArray> {
      const [numbers] = await Promise.all([backend.read(x), turn()]);
      return numbers;
    },
  });
}
