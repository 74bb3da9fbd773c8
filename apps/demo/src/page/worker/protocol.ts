/** What page and worker say to each other: a call has a name, a question and an answer, and events on the way. */
import type { PronounceAsk, Pronounced } from '../attention/pronounce.js';
import type { Ended, Kept, LeaveAsk, Progress, TrainAsk } from '../attention/run.js';
import type { Look } from '../attention/network.js';
import type { Measured } from '../backends/measure.js';
import type { Forecast, ForecastAsk } from '../forecast/forecast.js';
import type { TraceAsk, Traced } from '../notebook/trace.js';
import type { Row } from '../../questions.js';
import type { SpellAsk, Spelled } from '../stream/spell.js';
import type { BackendId } from './backend-choices.js';

/** Every call by name. */
export interface Calls {
  /** Loads the backend and says its name. */
  load: { ask: null; answer: string; event: never };
  /** A cell, step by step. */
  trace: { ask: TraceAsk; answer: Traced; event: never };
  /** The notebook's question of every cell and attention. */
  verdicts: { ask: null; answer: readonly Row[]; event: never };
  /** The time of a step. */
  measure: { ask: null; answer: Measured; event: never };
  forecast: { ask: ForecastAsk; answer: Forecast; event: never };
  spell: { ask: SpellAsk; answer: Spelled; event: never };
  /** A word, and where two networks looked. */
  pronounce: { ask: PronounceAsk; answer: Pronounced; event: never };
  /** Trains until it is done or told to leave off. */
  train: { ask: TrainAsk; answer: Ended; event: Progress };
  /** Tells a training to leave off after its next step; answered at once. */
  leave: { ask: LeaveAsk; answer: boolean; event: never };
  /** What the browser's storage has of a training. */
  kept: { ask: Look; answer: Kept | null; event: never };
  forget: { ask: Look; answer: null; event: never };
}

export type Name = keyof Calls;

/** From the page. */
export interface Question<N extends Name = Name> {
  readonly id: number;
  readonly name: N;
  readonly backend: BackendId;
  readonly ask: Calls[N]['ask'];
}

/** From the worker: any number of events, then an answer or an error in words. */
export type Reply =
  | { readonly id: number; readonly event: unknown }
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly error: string };
