/** What a training loop tells and is told: one record a step, and how a loss function is called. */
import type { Floats } from '../trees.js';

/** Numbers of an epoch by Keras's names in camelCase: loss, accuracy, valLoss, valAccuracy … */
export type Logs = Readonly<Record<string, number>>;

/** What `fit` yields after each update. */
export interface Progress {
  /** The epoch of this update, from 0. */
  readonly epoch: number;
  /** Updates so far, this one included: 1 for the first. */
  readonly step: number;
  /** The loss of this update's batches, before the update. */
  readonly loss: number;
  /** What else the loss function gave, of the same batches. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Milliseconds since the run began, those before a resumed one included. */
  readonly elapsed: number;
  /** The learning rate of this update. */
  readonly learningRate: number;
  /** After the last update of an epoch: its means over rows, and those of the validation. Else null. */
  readonly logs: Logs | null;
}

/** How a loss function is called. */
export interface How {
  /** False in validation. */
  readonly training: boolean;
  /**
   * Calls of the loss function before this one, in training or not: what `rnn` and everything made of cells takes as
   * `dropoutCounter`.
   */
  readonly dropoutCounter: number;
  /** Calls in training before this one: the count of layers that draw in training only, as those of attention. */
  readonly trainingCalls: number;
  readonly epoch: number;
  /** Updates so far. */
  readonly step: number;
}

/** What a loss function may give: the loss, a scalar, alone or with other scalars to look at. */
export type LossResult = Floats | { readonly loss: Floats; readonly metrics: Readonly<Record<string, Floats>> };

/** Why a run ended; null while it may go on. */
export type Outcome = 'completed' | 'stoppedEarly' | 'aborted' | 'failed' | null;
