/**
 * A checkpoint in a file. The bytes go to a file beside it, reach the disk, and only then take the name: whoever reads
 * finds the old one or the new one, and never a part. The one before stays under `path.previous`.
 */
import { copyFile, link, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ArgumentError } from '@recurra/core';
import { checkBytes } from '../checkpoint/checkpoint.js';

let count = 0;

/**
 * Writes a checkpoint: to a temporary file beside `path`, flushed to the disk, then renamed. What was at `path` before
 * is at `${path}.previous` afterwards. Two writers of one path do not disturb each other's files; the last one wins.
 *
 * @param path a file in a folder that exists
 * @param bytes of `encodeCheckpoint` or `run.checkpoint()`
 * @throws ArgumentError for bytes that are no checkpoint (see `decodeCheckpoint`); code FILE when the system refuses, with
 * its error as the cause; then `path` is as it was
 */
export async function writeCheckpoint(path: string, bytes: Uint8Array): Promise<void> {
  checkPath('writeCheckpoint', path);
  checkBytes('writeCheckpoint', bytes);
  const own = `${path}.${process.pid}-${++count}`;
  const [temporary, previous] = [`${own}.tmp`, `${own}.old`];
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    // A second name for the old one first, so that `path` is never without a file.
    if (await named(path, previous)) await rename(previous, `${path}.previous`);
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    throw refused('writeCheckpoint', path, error);
  } finally {
    // Renaming one name of a file to another of the same file leaves both: two writers may meet so.
    await Promise.all([rm(temporary, { force: true }), rm(previous, { force: true })]);
  }
}

/**
 * The bytes of a checkpoint, whole ones only.
 *
 *     fit({ …, resume: await readCheckpoint('run.ckpt') })
 *
 * @throws ArgumentError, code FILE when there is no file or the system refuses; CHECKPOINT_TORN, CHECKPOINT_FOREIGN,
 * CHECKPOINT_VERSION as `decodeCheckpoint`; then `${path}.previous` may be whole
 */
export async function readCheckpoint(path: string): Promise<Uint8Array> {
  checkPath('readCheckpoint', path);
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await readFile(path));
  } catch (error) {
    throw refused('readCheckpoint', path, error);
  }
  checkBytes('readCheckpoint', bytes);
  return bytes;
}

/** Gives the file at `path`, if there is one, another name too; a copy where the system has no links. */
async function named(path: string, other: string): Promise<boolean> {
  try {
    await link(path, other);
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return false;
    await copyFile(path, other);
    return true;
  }
}

/** The new name has to reach the disk as well. Windows cannot open folders, and needs it not. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function checkPath(op: string, path: unknown): void {
  if (typeof path === 'string' && path !== '') return;
  throw new ArgumentError(op, 'needs a path', { path }, "for example 'run.ckpt'");
}

function refused(op: string, path: string, cause: unknown): ArgumentError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const hint = op === 'readCheckpoint' ? 'a file that writeCheckpoint wrote' : 'the folder must exist';
  return new ArgumentError(op, `the file system refused: ${reason}`, { path }, hint, 'FILE', cause);
}
