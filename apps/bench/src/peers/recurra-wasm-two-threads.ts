/** Recurra on backend-wasm, the bits of one thread from two: what is long enough for them to share it. */
import { productsOf } from '../cases.js';
import { recurra } from '../engines/recurra/index.js';
import type { Peer } from '../peer.js';

export const recurraWasmTwoThreads: Peer = {
  name: 'recurra wasm 2 threads',
  against: [],
  does: (task) => (task.kind === 'recurrent' || task.kind === 'training') && productsOf(task) > 2_000_000,
  async absent() {
    const { wasm } = await import('@recurra/backend-wasm');
    const { engine, dispose } = await wasm({ threads: 2 });
    dispose?.();
    return engine.fallback;
  },
  async open() {
    const { wasm } = await import('@recurra/backend-wasm');
    return recurra(wasm({ threads: 2 }));
  },
};
