/** What is said between the process that measures and the processes that run. One answer to every request. */
import type { Case } from './cases.js';
import type { Numbers } from './numbers.js';

export type Request =
  { readonly kind: 'prepare'; readonly task: Case; readonly numbers: Numbers } | ({ readonly kind: 'time' } & Sampling);

/** Each sample is the mean over so many runs in a row. */
export interface Sampling {
  readonly samples: number;
  readonly repetitions: number;
}

/** The outputs of a first run, and how long it took in milliseconds, compilation included. */
export interface First {
  readonly output: Float32Array;
  readonly ms: number;
}

export type Answer =
  | ({ readonly kind: 'prepared' } & First)
  | { readonly kind: 'timed'; readonly ms: readonly number[] }
  | { readonly kind: 'cannot'; readonly reason: string }
  | { readonly kind: 'failed'; readonly message: string };
