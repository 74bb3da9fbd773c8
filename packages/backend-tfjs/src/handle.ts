/** What a handle of this backend is, and the ledger of those that are alive. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { drop, type Engine } from './engine.js';

export interface TfHandle {
  /** Data of the tfjs backend, under the shape it was made with: core may pass the handle under another. */
  readonly info: TensorInfo;
}

export interface Ledger {
  hold(info: TensorInfo): TfHandle;
  free(handle: TfHandle): void;
  live(): number;
  /** Frees what is left. */
  close(): void;
}

export function ledger(engine: Engine): Ledger {
  const alive = new Set<TfHandle>();
  const free = (handle: TfHandle): void => {
    if (alive.delete(handle)) drop(engine, handle.info);
  };
  return {
    hold(info) {
      const handle = { info };
      alive.add(handle);
      return handle;
    },
    free,
    live: () => alive.size,
    close: () => alive.forEach(free),
  };
}
