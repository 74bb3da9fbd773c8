/** What the files of checkpoints answer to bad input. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeCheckpoint } from '@recurra/train';
import * as exports from '@recurra/train/node';
import { entry, refuses, refusesCalls, strange, type Catalogue } from './row.js';

const whole = await encodeCheckpoint({ epoch: 3 });
const changed = (byte: number): Uint8Array => whole.map((b, i) => (i === byte ? b ^ 1 : b));
const notPaths = [undefined, ...strange.filter((v) => v !== 'text'), {}, [], 3, ''];

/** Calls with the path of a file that holds these bytes, or of none; the folder is gone afterwards. */
async function inFolder<T>(bytes: Uint8Array | null, name: string, call: (path: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'recurra-bad-input-'));
  const path = join(folder, 'run.ckpt');
  try {
    if (bytes !== null) writeFileSync(path, bytes);
    return await call(name === 'run.ckpt' ? path : join(folder, name));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A path is the name of a file in a folder of its own; anything else is passed on as it is. */
const at =
  <T>(call: (path: string, more: Uint8Array) => Promise<T>) =>
  async (name: unknown, there: Uint8Array | null, more: Uint8Array): Promise<T> =>
    typeof name === 'string' && name !== ''
      ? inFolder(there, name, async (path) => call(path, more))
      : call(name as string, more);

/** What was there is there still when the new one is refused. */
async function written(path: string, bytes: Uint8Array): Promise<readonly number[]> {
  try {
    await exports.writeCheckpoint(path, bytes);
  } catch (error) {
    if (typeof path === 'string' && path.endsWith('run.ckpt') && !readFileSync(path).equals(whole))
      throw new Error('the file has changed', { cause: error });
    throw error;
  }
  return [...readFileSync(path)];
}

export const trainNodeCatalogue: Catalogue = {
  exports,
  entries: {
    readCheckpoint: entry(at(exports.readCheckpoint), () => ['run.ckpt', whole], [
      refuses(0, 'path is no text, or empty', 'ARGUMENT', notPaths),
      refuses(0, 'path of no file, or of a folder', 'FILE', ['none.ckpt', 'no/run.ckpt', '.']),
      (good) =>
        [
          [
            'a file that is torn, changed or empty',
            'CHECKPOINT_TORN',
            [whole.slice(0, 9), whole.slice(0, -1), changed(20), new Uint8Array(0)],
          ],
          ['a file of something else', 'CHECKPOINT_FOREIGN', [changed(0), new TextEncoder().encode('PK and so on')]],
          ['a file of a later version', 'CHECKPOINT_VERSION', [changed(7)]],
        ].flatMap(([given, gives, values]) =>
          refuses(1, given as string, gives as string, values as Uint8Array[])(good, 'readCheckpoint'),
        ),
    ]),
    writeCheckpoint: entry(at(written), () => ['run.ckpt', whole, whole], [
      refuses(0, 'path is no text, or empty', 'ARGUMENT', notPaths),
      refusesCalls('path in a folder that does not exist, or of a folder', 'FILE', () => [
        ['no/other.ckpt', null, whole],
        ['.', null, whole],
      ]),
      (good) => [
        ...refuses(2, 'bytes are torn or changed', 'CHECKPOINT_TORN', [whole.slice(0, -1), changed(20)])(
          good,
          'writeCheckpoint',
        ),
        ...refuses(2, 'bytes are none of a checkpoint', 'CHECKPOINT_FOREIGN', [
          undefined,
          ...strange,
          {},
          [1],
          3,
          changed(0),
        ])(good, 'writeCheckpoint'),
      ],
    ]),
  },
};
