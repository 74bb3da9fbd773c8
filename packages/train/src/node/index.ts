/** @recurra/train/node: checkpoints as files, written so that a crash at any moment leaves a whole one. */
export { readCheckpoint, writeCheckpoint } from './checkpoint-file.js';
