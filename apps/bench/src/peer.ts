/** A peer: an implementation that can do the cases. One file in `peers`, one line in `peers/index.ts`. */
import type { Case } from './cases.js';
import type { Numbers } from './numbers.js';

export interface Peer {
  readonly name: string;
  /** Which of ours its time is divided by. */
  readonly against: readonly string[];
  /** Packages and versions that make it. */
  versions?(): readonly string[];
  /** Whether it knows such a case and is done with it in a minute. */
  does(task: Case): boolean;
  /** Asked once before anything runs, to fetch what is missing: why it cannot run here, or undefined. */
  absent?(say: (progress: string) => void): Promise<string | undefined>;
  /** Loads the implementation: called once, in a process that runs no other. */
  open(): Promise<Engine>;
}

export interface Engine {
  /** Brings the weights in, which is not timed. A text says why the peer cannot do this case. */
  prepare(task: Case, numbers: Numbers): Prepared | string | Promise<Prepared | string>;
}

export interface Prepared {
  /**
   * What is timed. Recurrences and attention go from host numbers to host numbers, a training step from host numbers to
   * its loss; additions stay where they are.
   */
  run(): unknown;
  /**
   * The outputs, row-major, to be compared with those of the others before anything is timed: of a stream the first three
   * steps, of training the first losses and the weights after them.
   */
  output(): Float32Array | Promise<Float32Array>;
}

/** Steps of a stream that are compared: a state that is not handed on shows in the second. */
export const comparedSteps = 3;

/** Training steps whose losses are compared. */
export const comparedLosses = 4;
