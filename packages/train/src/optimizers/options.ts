/** The options that all optimizers share, Keras's names in camelCase. */
import { ArgumentError, checkedFinite, checkOptions } from '@recurra/core';
import { checkedNonNegative, checkedPositive, type Schedule } from '../schedules/schedule.js';

/** What every optimizer can be told. Of the three ways to clip, at most one. */
export interface OptimizerOptions {
  /** A number, or a function of the number of updates so far. */
  readonly learningRate?: number | Schedule;
  /** λ: before an update, every weight loses λ·learningRate of itself. Default null: none. */
  readonly weightDecay?: number | null;
  /** Weights whose path in the tree, `hidden.bias`, has one of these texts in it are not decayed. Default: all are. */
  readonly excludeFromWeightDecay?: readonly string[];
  /** The greatest norm of each gradient. Default null: no limit. */
  readonly clipnorm?: number | null;
  /** The greatest norm of all gradients together. Default null: no limit. */
  readonly globalClipnorm?: number | null;
  /** The greatest number in a gradient, up to its sign. Default null: no limit. */
  readonly clipvalue?: number | null;
}

/** The options with all filled in. */
export interface Common {
  readonly learningRate: number | Schedule;
  readonly weightDecay: number | null;
  /** By the path of errors, `params.hidden.bias`. */
  readonly decays: (path: string) => boolean;
  readonly clipnorm: number | null;
  readonly globalClipnorm: number | null;
  readonly clipvalue: number | null;
}

const shared = ['learningRate', 'weightDecay', 'excludeFromWeightDecay', 'clipnorm', 'globalClipnorm', 'clipvalue'];

/** Reads what all optimizers share; `own` are the names of the others. */
export function commonOptions(
  op: string,
  options: OptimizerOptions,
  own: readonly string[],
  defaults: { readonly learningRate: number; readonly weightDecay?: number },
): Common {
  checkOptions(op, options, [...shared, ...own]);
  const { learningRate = defaults.learningRate, excludeFromWeightDecay = [] } = options;
  const clips = ['clipnorm', 'globalClipnorm', 'clipvalue'] as const;
  const [clipnorm, globalClipnorm, clipvalue] = clips.map((name) =>
    options[name] == null ? null : checkedPositive(op, name, options[name]),
  );
  const given = clips.filter((name) => options[name] != null);
  if (given.length > 1) {
    throw new ArgumentError(op, 'gradients are clipped in one way only', { given }, `leave out ${given[1]!}`);
  }
  const list: unknown = excludeFromWeightDecay;
  if (!Array.isArray(list) || !list.every((part) => typeof part === 'string')) {
    const facts = { excludeFromWeightDecay: list };
    throw new ArgumentError(op, 'excludeFromWeightDecay must be a list of parts of paths', facts, "['bias']");
  }
  const decay = options.weightDecay === undefined ? (defaults.weightDecay ?? null) : options.weightDecay;
  const weightDecay = decay === null ? null : checkedNonNegative(op, 'weightDecay', decay);
  return {
    learningRate:
      typeof learningRate === 'function' ? learningRate : checkedNonNegative(op, 'learningRate', learningRate),
    weightDecay,
    // Without the word before the first point: it names the argument, no weight, and 'a' is in it.
    decays: (path) => weightDecay !== null && !excludeFromWeightDecay.some((part) => ownPath(path).includes(part)),
    clipnorm: clipnorm!,
    globalClipnorm: globalClipnorm!,
    clipvalue: clipvalue!,
  };
}

const ownPath = (path: string): string => path.replace(/^params\.?/, '');

/** A number from 0 to below 1, or to 1 with it: how much of the past is kept. */
export function checkedFraction(op: string, role: string, value: unknown, withOne = false): number {
  const x = checkedFinite(op, role, value);
  if (x >= 0 && (x < 1 || (withOne && x === 1))) return x;
  throw new ArgumentError(op, `${role} must be from 0 to 1`, { [role]: value }, `for example ${role}: 0.9`);
}
