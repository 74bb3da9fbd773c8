/** What @recurra/core/debug answers to bad input. */
import { cpu } from '@recurra/backend-cpu';
import * as debug from '@recurra/core/debug';
import { entry, refuses, strange, type Catalogue } from './row.js';

export const coreDebug: Catalogue = {
  exports: debug,
  entries: {
    traced: entry(debug.traced, () => [cpu()], [
      refuses(0, 'what is no backend, a promise of one, a name', 'ARGUMENT', [
        ...strange,
        undefined,
        {},
        Promise.resolve(cpu()),
      ]),
    ]),
  },
};
