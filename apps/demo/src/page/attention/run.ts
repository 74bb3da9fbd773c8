/** What page and worker tell each other of a training run. */
import type { Look } from './network.js';

export interface TrainAsk {
  readonly look: Look;
  /** Goes on where the kept run was, if there is one. */
  readonly resume: boolean;
  readonly epochs: number;
}

/** After each step. */
export interface Progress {
  readonly step: number;
  readonly steps: number;
  readonly epoch: number;
  readonly loss: number;
  /** Milliseconds that are left, by the steps so far. */
  readonly left: number;
  /** After an epoch: the share of wrong phonemes in words it was not trained on, and the weights as a checkpoint. */
  readonly measured: { readonly error: number; readonly weights: Uint8Array } | null;
  /** Why the run could not be kept in the browser's storage; it goes on all the same. */
  readonly problem: string | null;
}

/** How a run stands. */
export interface Kept {
  readonly look: Look;
  readonly step: number;
  readonly steps: number;
  readonly epochs: number;
  /** The loss of each step. */
  readonly losses: readonly number[];
  /** Steps, and the share of wrong phonemes after them. */
  readonly errors: readonly (readonly [step: number, error: number])[];
  /** Whether it was running when this was written: then the page was left. */
  readonly running: boolean;
  /** The weights alone. */
  readonly weights: Uint8Array;
  /** All of the run, to go on from. */
  readonly checkpoint: Uint8Array;
}

export interface Ended {
  readonly why: 'done' | 'paused' | 'stopped';
  readonly kept: Kept;
}
