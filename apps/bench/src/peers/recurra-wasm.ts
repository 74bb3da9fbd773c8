/** Recurra on backend-wasm, with the same bits everywhere. */
import { recurra } from '../engines/recurra/index.js';
import type { Peer } from '../peer.js';

export const recurraWasm: Peer = {
  name: 'recurra wasm',
  against: ['recurra wasm relaxed', 'recurra wasm 2 threads'],
  does: () => true,
  async open() {
    const { wasm } = await import('@recurra/backend-wasm');
    return recurra(wasm());
  },
};
