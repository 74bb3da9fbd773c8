/** Stopping when a number no longer improves, with Keras's rules. Pure: what it remembers is handed in and out. */
import { ArgumentError, checkedFinite, checkedFlag, checkedName, checkOptions } from '@recurra/core';
import type { Logs } from './progress.js';

/** Options of early stopping, Keras's. */
export interface EarlyStoppingOptions {
  /** The name of a number in `logs`: 'loss', 'valLoss', 'accuracy', 'valAccuracy' … Default 'valLoss'. */
  readonly monitor?: string;
  /** Less than this is no improvement. Default 0. */
  readonly minDelta?: number;
  /** Epochs without improvement before it stops. Default 0. */
  readonly patience?: number;
  /** Whether less or more is better; 'auto' knows losses and accuracies. Default 'auto'. */
  readonly mode?: 'auto' | 'min' | 'max';
  /** Patience also runs out while the number is not better than this. Default null. */
  readonly baseline?: number | null;
  /** At the end, go back to the parameters of the best epoch. Default false. */
  readonly restoreBest?: boolean;
  /** Epochs before this one, counted from 0, are not looked at. Default 0. */
  readonly startFromEpoch?: number;
}

/** The options with all filled in. */
export interface EarlyStopping extends Required<Omit<EarlyStoppingOptions, 'mode'>> {
  readonly better: (value: number, than: number) => boolean;
}

/** What it remembers from epoch to epoch. */
export interface Patience {
  readonly best: number | null;
  readonly bestEpoch: number;
  readonly wait: number;
}

export const freshPatience: Patience = { best: null, bestEpoch: 0, wait: 0 };

/** @throws ArgumentError for an option that is unknown or out of range, or a direction that nobody can guess */
export function checkedEarlyStopping(options: EarlyStoppingOptions, validates: boolean): EarlyStopping {
  const op = 'fit';
  const names = ['monitor', 'minDelta', 'patience', 'mode', 'baseline', 'restoreBest', 'startFromEpoch'];
  checkOptions(op, options, names);
  const { monitor = 'valLoss', minDelta = 0, patience = 0, baseline = null, startFromEpoch = 0 } = options;
  if (typeof monitor !== 'string' || (/^val[A-Z]/.test(monitor) && !validates)) {
    throw new ArgumentError(
      op,
      'monitor is not a number that there will be',
      { monitor },
      "validation, or monitor: 'loss'",
    );
  }
  const here = monitor.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  if (here !== monitor) throw new ArgumentError(op, 'there is no such number', { monitor }, `did you mean '${here}'?`);
  for (const [role, value] of Object.entries({ patience, startFromEpoch })) {
    if (Number.isSafeInteger(value) && value >= 0) continue;
    throw new ArgumentError(op, `${role} must be a whole number of at least 0`, { [role]: value }, `${role}: 3`);
  }
  const delta = Math.abs(checkedFinite(op, 'minDelta', minDelta));
  const more = checkedName(op, 'mode', options.mode ?? 'auto', ['auto', 'min', 'max']);
  const up = more === 'auto' ? guessed(monitor) : more === 'max';
  return {
    monitor,
    minDelta: delta,
    patience,
    baseline: baseline === null ? null : checkedFinite(op, 'baseline', baseline),
    restoreBest: checkedFlag(op, 'restoreBest', options.restoreBest ?? false),
    startFromEpoch,
    better: (value, than) => (up ? value - delta > than : value + delta < than),
  };
}

/** What an epoch means: what to remember, whether these parameters are the best so far, and whether to stop. */
export function observed(
  { monitor, baseline, patience, startFromEpoch, restoreBest, better }: EarlyStopping,
  before: Patience,
  epoch: number,
  logs: Logs,
  hasBest: boolean,
): { readonly patience: Patience; readonly best: boolean; readonly stop: boolean } {
  const value = logs[monitor];
  if (value === undefined) {
    throw new ArgumentError('fit', 'there is no number to monitor', { monitor, logs: Object.keys(logs) }, 'see logs');
  }
  if (epoch < startFromEpoch) return { patience: before, best: false, stop: false };
  const wait = before.wait + 1;
  if (before.best === null || better(value, before.best)) {
    const reset = baseline === null || better(value, baseline);
    return { patience: { best: value, bestEpoch: epoch, wait: reset ? 0 : wait }, best: true, stop: false };
  }
  const first = restoreBest && !hasBest;
  return { patience: { ...before, wait }, best: first, stop: wait >= patience && epoch > 0 };
}

function guessed(monitor: string): boolean {
  const name = monitor.replace(/^val(?=[A-Z])/, '').toLowerCase();
  if (name === 'loss' || name === 'perplexity') return false;
  if (name.endsWith('accuracy')) return true;
  throw new ArgumentError('fit', 'whether less or more of it is better', { monitor }, "mode: 'min' or mode: 'max'");
}
