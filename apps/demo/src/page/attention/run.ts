/** What page and worker tell each other of a training run. */
import type { Look } from './network.js';

export interface TrainAsk {
  readonly look: Look;
  /** Of this run: `leave` names it. */
  readonly run: number;
  /** Goes on where the kept run was, if there is one. */
  readonly resume: boolean;
  /** The run to go on with, where storage did not take it and the worker that had it is gone. */
  readonly from: Kept | null;
  readonly epochs: number;
}

/** Leaves off after the step that is being made: to go on later, or for good. */
export interface LeaveAsk {
  readonly run: number;
  readonly how: 'pause' | 'stop';
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
  /** The run itself, when it could not be kept: then the page has it. */
  readonly unkept: Kept | null;
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
  /** Whether somebody stopped it for good. */
  readonly stopped: boolean;
  /** The weights alone. */
  readonly weights: Uint8Array;
  /** All of the run, to go on from. */
  readonly checkpoint: Uint8Array;
}

export interface Ended {
  readonly why: 'done' | 'paused' | 'stopped';
  readonly kept: Kept;
  /** Why storage did not take it, if so. */
  readonly problem: string | null;
}
