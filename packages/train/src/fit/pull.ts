/** Batches one after the other, one ahead: at its last batch a step knows that the epoch ends with it. */
import { abortable, aborted } from './abortable.js';
import type { Loaded } from './data.js';

/** The place in an epoch's batches. */
export interface Pull {
  /** The batch to use next; null at the end. */
  readonly current: Loaded | null;
  /** To the next one; false when the signal came first. The batch before stays until the next call. */
  advance(): Promise<boolean>;
  /** Frees what is held and lets the data go. */
  close(): Promise<void>;
}

export function pull(batches: AsyncGenerator<Loaded, void>, signal: AbortSignal | undefined): Pull {
  let [last, current]: [Loaded | null, Loaded | null] = [null, null];
  let waiting = false;
  return {
    get current() {
      return current;
    },
    async advance() {
      last?.free();
      [last, current] = [current, null];
      waiting = true;
      const pulled = await abortable(batches.next(), signal, (late) => late.value?.free());
      if (pulled === aborted) return false;
      waiting = false;
      current = pulled.value ?? null;
      return true;
    },
    async close() {
      last?.free();
      current?.free();
      [last, current] = [null, null];
      const closing = batches.return();
      // Data that never answers would never let go either.
      if (waiting) closing.catch(() => undefined);
      else await closing;
    },
  };
}
