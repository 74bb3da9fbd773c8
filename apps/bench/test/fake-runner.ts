/** A runner without a process, whose clock says what the test wants. */
import type { First, Sampling } from '../src/protocol.js';
import type { Runner } from '../src/runner.js';

export interface Fake {
  /** What prepare answers; no numbers by default. */
  readonly first?: First | string;
  /** Milliseconds of a run in the first call of time, in the second, …; the last one repeats. */
  readonly ms?: readonly number[];
  /** Or every sample of each call. */
  readonly samples?: readonly number[];
  readonly onTime?: (sampling: Sampling) => unknown;
  readonly onClose?: () => unknown;
}

export function fakeRunner(name: string, { first, ms = [30], samples, onTime, onClose }: Fake = {}): Runner {
  let calls = 0;
  return {
    name,
    prepare: async () => first ?? { output: new Float32Array(), ms: 30 },
    async time(sampling) {
      onTime?.(sampling);
      const now = ms[Math.min(calls++, ms.length - 1)]!;
      return samples ?? new Array<number>(sampling.samples).fill(now);
    },
    close: () => onClose?.(),
  };
}
