/**
 * A case is a promise with a name: data plus a function that any runner can call. Ids never change, so that lists of
 * known failures and links stay valid.
 */
import { scope, type Backend, type HostArray, type Shape, type Tensor } from '@recurra/core';
import type { Loosened } from './tolerance.js';

/** In the order in which failures should be read: what is broken early breaks what comes after it. */
export const areas = [
  'contract',
  'storage',
  'kernels',
  'ops',
  'gradients',
  'lifecycle',
  'cells',
  'attention',
  'fused',
  'streams',
  'training',
  'random',
  'errors',
] as const;
/** The areas of the suite, in the order in which failures are read. */
export type Area = (typeof areas)[number];

/** One promise: an id, and what it does with a backend to see whether it is kept. */
export interface Case {
  /** `area/subject/what`, for example 'cells/lstm/masked-left'. */
  readonly id: string;
  readonly area: Area;
  /** Why the case says nothing about this backend, in words, read off the backend itself. */
  skip?(backend: Backend): string | undefined;
  run(t: Testing): void | Promise<void>;
}

/**
 * All that a case is given. What it compares is held until it has been read, so a case need not wait: its scope may close
 * and free the rest. The promises are for cases that have to know before they go on.
 */
export interface Testing {
  /** Fresh for this case, and disposed after it. */
  readonly backend: Backend;
  /** Fails unless exact (int32, bool) or within the tolerance of the backend's precision (float32). */
  close(actual: Tensor, expected: Expected, loosened?: Loosened): Promise<void>;
  /** Fails unless both are the same to the bit; NaN is NaN, and the sign of zero does not count. */
  same(a: Sameable, b: Sameable): Promise<void>;
  /** Fails unless `f` throws an error with this code, or gives a promise that rejects with one. */
  throws(code: string, f: () => unknown): Promise<void>;
}

/** Nested lists say a shape too; `{ shape, data }` is for flat numbers, and for what has none. */
export type Expected = Nested | Numbers;
/** Numbers or booleans in nested arrays: expected values as they are written down. */
export type Nested = number | boolean | readonly Nested[];
/** Expected values as a flat list and its shape. */
export interface Numbers {
  readonly shape: Shape;
  readonly data: ArrayLike<number>;
}

/** What a case may compare. */
export type Sameable = Tensor | HostArray | string | number | boolean | null | undefined | readonly Sameable[];

type Skip = NonNullable<Case['skip']>;
/** A function runs in a scope that frees what it makes; `wait` may await, and frees for itself. */
export type CaseEntry =
  | ((t: Testing) => void)
  | { readonly skip?: Skip; readonly run: (t: Testing) => void }
  | { readonly skip?: Skip; readonly wait: (t: Testing) => Promise<void> };

/** Cases of an area by the rest of their id. */
export function defineCases(area: Area, entries: Readonly<Record<string, CaseEntry>>): Case[] {
  return Object.entries(entries).map(([name, entry]) => {
    const { skip, ...how } = typeof entry === 'function' ? { run: entry } : entry;
    return {
      id: `${area}/${name}`,
      area,
      ...(skip && { skip }),
      run: 'wait' in how ? how.wait : (t) => scope(() => how.run(t)),
    };
  });
}
