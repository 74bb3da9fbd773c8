/**
 * A checkpoint is a value as bytes, little-endian:
 *
 *     "RECURRA", version 1 │ length of the header, uint32 │ header, JSON │ tensors, one after the other │ CRC-32 of it all
 *
 * The header has the value, with numbers in place of tensors, and of each tensor its dtype, shape, and how it is stored:
 * as float64 where it came from a device of that precision, so that it comes back bit for bit.
 */
import { ArgumentError, checkOptions, scope, tensor } from '@recurra/core';
import type { Backend, HostArray, Spec } from '@recurra/core';
import { isPlain } from '../trees.js';
import { crc32 } from './crc32.js';
import { fromJson, toJson, type CheckpointValue } from './value.js';

const MAGIC = [0x52, 0x45, 0x43, 0x55, 0x52, 0x52, 0x41];
const VERSION = 1;
const START = 12;

const widths = { float32: 4, float64: 8, int32: 4, bool: 1 } as const;
type Storage = keyof typeof widths;
interface Stored extends Spec {
  readonly storage: Storage;
}
interface Header {
  readonly value: unknown;
  readonly tensors: readonly Stored[];
}

/**
 * The value as bytes, every tensor with all its bits. Nothing is freed. The bytes are the same on every machine.
 *
 *     const bytes = await encodeCheckpoint({ params, state, epoch: 3 });
 *
 * @throws ArgumentError, code NOT_A_VALUE, for anything but tensors, numbers, strings, booleans and null, in arrays and
 * plain objects; DisposedError for a tensor that is gone
 */
export async function encodeCheckpoint(value: CheckpointValue): Promise<Uint8Array> {
  const found: Parameters<typeof toJson>[1] = [];
  const json = toJson(value, found);
  const arrays = await Promise.all(found.map((x) => x.raw()));
  const tensors = found.map(({ shape, dtype }, i): Stored => ({ dtype, shape, storage: storageOf(arrays[i]!) }));
  const header = new TextEncoder().encode(JSON.stringify({ value: json, tensors } satisfies Header));
  const payload = arrays.reduce((bytes, array, i) => bytes + array.length * widths[tensors[i]!.storage], 0);
  const bytes = new Uint8Array(START + header.length + payload + 4);
  const view = new DataView(bytes.buffer);
  bytes.set([...MAGIC, VERSION]);
  view.setUint32(8, header.length, true);
  bytes.set(header, START);
  let at = START + header.length;
  for (const [i, array] of arrays.entries()) at = write(view, at, tensors[i]!.storage, array);
  view.setUint32(at, crc32(bytes, 0, at), true);
  return bytes;
}

/**
 * The value of a checkpoint: what `encodeCheckpoint` was given (undefined in an object is left out), its tensors new ones.
 *
 * @param options the backend of the tensors; default the one that `useBackend` chose
 * @throws ArgumentError, code CHECKPOINT_FOREIGN for bytes that are no checkpoint, CHECKPOINT_VERSION for one of a later
 * version, CHECKPOINT_TORN for one that is not whole or was changed
 */
export function decodeCheckpoint(
  bytes: Uint8Array,
  options: { readonly backend?: Backend | undefined } = {},
): CheckpointValue {
  checkOptions('decodeCheckpoint', options, ['backend']);
  checkBytes('decodeCheckpoint', bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const { value, tensors } = headerOf('decodeCheckpoint', bytes, view);
  const { backend } = options;
  return scope(() => {
    let at = START + view.getUint32(8, true);
    const made = tensors.map(({ shape, dtype, storage }) => {
      const size = shape.reduce((n, m) => n * m, 1);
      const array = read(view, at, storage, size);
      at += size * widths[storage];
      return tensor(array, shape, backend === undefined ? { dtype } : { dtype, backend });
    });
    return fromJson(value, made) as CheckpointValue;
  });
}

/** Throws as `decodeCheckpoint` does, without making tensors: are these bytes a whole checkpoint? */
export function checkCheckpoint(bytes: Uint8Array): void {
  checkBytes('checkCheckpoint', bytes);
}

/** The same for another function. */
export function checkBytes(op: string, bytes: Uint8Array): void {
  if (!(bytes instanceof Uint8Array) || MAGIC.some((byte, i) => i < bytes.length && bytes[i] !== byte)) {
    throw refusal(op, 'that is not a checkpoint', 'FOREIGN', bytes, 'bytes of encodeCheckpoint or run.checkpoint()');
  }
  const torn = (): ArgumentError =>
    refusal(op, 'the checkpoint is torn or was changed', 'TORN', bytes, 'take an older one');
  if (bytes.length < START + 4) throw torn();
  if (bytes[7] !== VERSION) {
    throw refusal(op, `a checkpoint of version ${bytes[7]!}`, 'VERSION', bytes, 'a newer @recurra/train reads it');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = bytes.length - 4;
  if (view.getUint32(end, true) !== crc32(bytes, 0, end)) throw torn();
  // Whole, but is it ours? A program may have written anything and its checksum.
  const { tensors } = headerOf(op, bytes, view);
  const sizes = tensors.map(({ shape, storage }) => shape.reduce((n, m) => n * m, 1) * widths[storage]);
  if (sizes.reduce((n, m) => n + m, START + view.getUint32(8, true)) !== end) throw torn();
}

function headerOf(op: string, bytes: Uint8Array, view: DataView): Header {
  const length = view.getUint32(8, true);
  try {
    const header: unknown = JSON.parse(
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(START, START + length)),
    );
    if (isPlain(header) && Array.isArray(header['tensors']) && header['tensors'].every(isStored)) {
      return header as unknown as Header;
    }
  } catch {
    // What cannot be parsed is refused below.
  }
  throw refusal(
    op,
    'its header is not one of a checkpoint',
    'FOREIGN',
    bytes,
    'bytes of encodeCheckpoint or run.checkpoint()',
  );
}

function isStored(x: unknown): boolean {
  return (
    isPlain(x) &&
    typeof x['storage'] === 'string' &&
    Object.hasOwn(widths, x['storage']) &&
    ['float32', 'int32', 'bool'].includes(x['dtype'] as string) &&
    Array.isArray(x['shape']) &&
    x['shape'].every((n) => Number.isSafeInteger(n) && (n as number) >= 0)
  );
}

function refusal(op: string, message: string, code: string, bytes: unknown, hint: string): ArgumentError {
  const facts = bytes instanceof Uint8Array ? { bytes: bytes.length } : { given: bytes };
  return new ArgumentError(op, message, facts, hint, `CHECKPOINT_${code}`);
}

function storageOf(array: HostArray): Storage {
  if (array instanceof Float32Array) return 'float32';
  if (array instanceof Float64Array) return 'float64';
  return array instanceof Int32Array ? 'int32' : 'bool';
}

function write(view: DataView, from: number, storage: Storage, array: HostArray): number {
  const width = widths[storage];
  let at = from;
  for (let i = 0; i < array.length; i++, at += width) {
    const x = array[i]!;
    if (storage === 'float32') view.setFloat32(at, x, true);
    else if (storage === 'float64') view.setFloat64(at, x, true);
    else if (storage === 'int32') view.setInt32(at, x, true);
    else view.setUint8(at, x);
  }
  return at;
}

function read(view: DataView, from: number, storage: Storage, size: number): HostArray {
  if (storage === 'float32') return new Float32Array(size).map((_, i) => view.getFloat32(from + 4 * i, true));
  if (storage === 'float64') return new Float64Array(size).map((_, i) => view.getFloat64(from + 8 * i, true));
  if (storage === 'int32') return new Int32Array(size).map((_, i) => view.getInt32(from + 4 * i, true));
  return new Uint8Array(size).map((_, i) => view.getUint8(from + i));
}
