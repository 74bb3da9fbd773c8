/** What Recurra wants to reach against TensorFlow.js's cpu engine. Every other row is measured without a promise. */
import type { Case } from './cases.js';

export interface Target {
  /** At least so many times as fast. */
  readonly atLeast: number;
}

export function targetOf(task: Case, peer: string): Target | undefined {
  if (peer === 'tfjs cpu' && task.kind === 'training') return { atLeast: 5 };
  if (peer !== 'tfjs cpu' || task.kind !== 'recurrent' || task.cell !== 'LSTM') return undefined;
  return { atLeast: task.batch === 32 && task.units === 8 ? 20 : 4 };
}
