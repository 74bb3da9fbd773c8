/** η(t) = η₀ */
import { checkedNonNegative, checkedStep, type Schedule } from './schedule.js';

/** The same learning rate for ever. @throws ArgumentError unless it is a finite number, not negative */
export function constantRate(learningRate: number): Schedule {
  const rate = checkedNonNegative('constantRate', 'learningRate', learningRate);
  return (step) => {
    checkedStep('constantRate', step);
    return rate;
  };
}
