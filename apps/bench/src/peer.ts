/** A peer: an implementation that can do the cases. One file in `peers`, one line in `peers/index.ts`. */
import type { Case } from './cases.js';
import type { Numbers } from './numbers.js';

export interface Peer {
  readonly name: string;
  /** Loads the implementation: called once, in a process that runs no other. */
  open(): Promise<Engine>;
}

export interface Engine {
  /** Brings the weights in, which is not timed. A text says why the peer cannot do this case. */
  prepare(task: Case, numbers: Numbers): Prepared | string;
}

export interface Prepared {
  /** What is timed. A recurrence goes from host numbers to host numbers, a training step from host numbers to its loss; additions stay where they are. */
  run(): unknown;
  /** The outputs, or the losses of first training steps and the weights after them, row-major, to be compared with those of the others before anything is timed. */
  output(): Float32Array | Promise<Float32Array>;
}
