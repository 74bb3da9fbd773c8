/** Recurra on backend-cpu: plain TypeScript. */
import { productsOf } from '../cases.js';
import { recurra } from '../engines/recurra/index.js';
import type { Peer } from '../peer.js';

/** About a second. */
const most = 1.2e9;

export const recurraCpu: Peer = {
  name: 'recurra cpu',
  against: ['recurra wasm'],
  does: (task) => productsOf(task) < most,
  async open() {
    const { cpu, gradients } = await import('@recurra/backend-cpu');
    return recurra(cpu({ gradients }));
  },
};
