/** What the factory of the CPU backend answers to bad input. */
import * as exports from '@recurra/backend-cpu';
import { entry, flagAt, optionsAt, type Catalogue } from './row.js';

export const backendCpu: Catalogue = {
  exports,
  entries: {
    cpu: entry(
      (options?: object) => exports.cpu(options).name,
      () => [{ fused: false }],
      [optionsAt(0, 'fuse'), flagAt(0, 'fused')],
    ),
  },
};
