/** η(t) = ηᵢ for boundaryᵢ₋₁ < t ≤ boundaryᵢ */
import { ArgumentError, checkOptions } from '@recurra/core';
import { checkedNonNegative, checkedStep, type Schedule } from './schedule.js';

/** Options of `piecewiseConstantDecay`. */
export interface PiecewiseConstantDecayOptions {
  /** Steps, ascending: the last ones of the pieces. */
  readonly boundaries: readonly number[];
  /** The learning rate of each piece: one more than there are boundaries. */
  readonly values: readonly number[];
}

/**
 * A learning rate that jumps. `piecewiseConstantDecay({ boundaries: [100], values: [0.1, 0.01] })` is 0.1 up to and with
 * step 100, then 0.01.
 *
 * Source: keras.optimizers.schedules.PiecewiseConstantDecay, Keras 3.15.
 * @throws ArgumentError for boundaries that do not ascend, or a number of values that does not fit
 */
export function piecewiseConstantDecay(options: PiecewiseConstantDecayOptions): Schedule {
  const op = 'piecewiseConstantDecay';
  checkOptions(op, options, ['boundaries', 'values']);
  const [boundaries, values] = [list(op, 'boundaries', options.boundaries), list(op, 'values', options.values)];
  if (boundaries.length === 0 || values.length !== boundaries.length + 1) {
    const facts = { boundaries, values };
    throw new ArgumentError(op, 'there must be one more value than boundaries', facts, 'boundaries: [100], two values');
  }
  if (boundaries.some((b, i) => i > 0 && b <= boundaries[i - 1]!)) {
    throw new ArgumentError(op, 'boundaries must ascend', { boundaries }, 'for example [100, 200]');
  }
  return (step) => {
    const at = checkedStep(op, step);
    const piece = boundaries.findIndex((boundary) => at <= boundary);
    return values[piece < 0 ? boundaries.length : piece]!;
  };
}

function list(op: string, role: string, value: unknown): readonly number[] {
  if (!Array.isArray(value)) throw new ArgumentError(op, `${role} must be a list`, { [role]: value }, `${role}: [100]`);
  // Array.from looks into holes, which map passes over.
  return Array.from(value as unknown[], (x) => checkedNonNegative(op, role, x));
}
