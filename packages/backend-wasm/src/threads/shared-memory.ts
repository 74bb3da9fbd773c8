/** The same module over a memory that threads share: a module must say in its import that it may be. */

/** Section and kinds of the binary format. */
const IMPORTS = 2;
const MEMORY = 2;
/** Limits with a maximum, shared. */
const SHARED = 3;

/** Pages that 32-bit offsets reach: a module that imports a shared memory must name the most that it may have. */
const MOST_PAGES = 65536;

/** A copy of a module's bytes whose imported memory is shared; its other imports are functions. */
export function withSharedMemory(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  let at = 8;
  const number = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]!;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  const name = (): void => {
    const length = number();
    at += length;
  };
  while (at < bytes.length) {
    const from = at;
    const section = bytes[at++];
    const length = number();
    const body = at;
    if (section !== IMPORTS) {
      at = body + length;
      continue;
    }
    for (let left = number(); left > 0; left--) {
      name();
      name();
      if (bytes[at++] !== MEMORY) {
        number();
        continue;
      }
      const limits = at;
      const hasMost = (bytes[at++]! & 1) === 1;
      const least = number();
      if (hasMost) number();
      const memory = [SHARED, ...leb(least), ...leb(MOST_PAGES)];
      const size = leb(length + memory.length - (at - limits));
      return concat([bytes.subarray(0, from + 1), size, bytes.subarray(body, limits), memory, bytes.subarray(at)]);
    }
  }
  throw new TypeError('the module imports no memory');
}

function leb(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  return [...bytes, rest];
}

function concat(parts: readonly ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
