/** Recurra on backend-wasm with fused multiply-add, where the engine has it. */
import { recurra } from '../engines/recurra/index.js';
import type { Peer } from '../peer.js';

export const recurraWasmRelaxed: Peer = {
  name: 'recurra wasm relaxed',
  against: [],
  does: () => true,
  async absent() {
    const { wasm } = await import('@recurra/backend-wasm');
    return (await wasm({ relaxed: true })).engine.fallback;
  },
  async open() {
    const { wasm } = await import('@recurra/backend-wasm');
    return recurra(wasm({ relaxed: true }));
  },
};
