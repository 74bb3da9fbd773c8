/** What one backend keeps between calls; nothing of it can be seen in the numbers. */
import { arrays, type Arrays } from './arrays.js';
import { packed, type Packed } from './packed.js';
import { scratch, type Scratch } from './scratch.js';

export interface Workspace {
  readonly arrays: Arrays;
  readonly packed: Packed;
  readonly scratch: Scratch;
}

export const workspace = (): Workspace => ({ arrays: arrays(), packed: packed(), scratch: scratch() });
