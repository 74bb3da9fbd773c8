/** Files that come with the page: networks as checkpoints, words as text. They are fetched once, when they are needed. */
import { decodeCheckpoint, type CheckpointValue } from '@recurra/train';
import type { Backend } from '@recurra/core';

const files = {
  bahdanau: new URL('../../../data/bahdanau.ckpt', import.meta.url),
  luong: new URL('../../../data/luong.ckpt', import.meta.url),
  letters: new URL('../../../data/letters.ckpt', import.meta.url),
  words: new URL('../../../data/words.txt', import.meta.url),
} as const;
type Name = keyof typeof files;

const fetched = new Map<Name, Promise<ArrayBuffer>>();

export function asset(name: Name): Promise<ArrayBuffer> {
  let bytes = fetched.get(name);
  if (bytes === undefined) {
    bytes = load(name);
    fetched.set(name, bytes);
    bytes.catch(() => fetched.delete(name));
  }
  return bytes;
}

/** The network in a checkpoint, its tensors on this backend; and what was written about its training. */
export async function trained(name: Exclude<Name, 'words'>, backend: Backend): Promise<CheckpointValue> {
  return decodeCheckpoint(new Uint8Array(await asset(name)), { backend });
}

async function load(name: Name): Promise<ArrayBuffer> {
  const response = await fetch(files[name]).catch(() => null);
  if (response?.ok) return response.arrayBuffer();
  throw new Error(
    `The file ${files[name].pathname.split('/').at(-1)} could not be loaded. Is the connection still there?`,
  );
}
