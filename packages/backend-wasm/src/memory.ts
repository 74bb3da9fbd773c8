/**
 * The allocator of linear memory: two-level segregated fit. Blocks lie side by side, each behind a header of 16 bytes
 * (so that what follows stays aligned for vectors); free ones of about one size are in a list, bitmaps find the first
 * list that will do, and neighbours that are both free become one. Taking and giving back take constant time.
 *
 *     header   size of the block with its header, lowest bit 1 when free
 *              offset of the block before it (0: there is none)
 *              next and previous free block of its list (0: none; read only while it is free)
 *
 * Memory grows when nothing fits; views of it end then, so nobody keeps one: `floats`, `ints`, `bytes` are made anew.
 */
import { BackendError } from '@recurra/core';

export interface Heap {
  /** The offset of `bytes` bytes of any content, aligned to 16. Throws a BackendError where there is no room. */
  alloc(bytes: number): number;
  free(offset: number): void;
  /** All of memory as it is now. Never keep one over an `alloc`. */
  readonly floats: Float32Array;
  readonly ints: Int32Array;
  readonly bytes: Uint8Array;
  /** Bytes in blocks that are taken, headers included. */
  readonly used: number;
  /** Bytes of memory, free ones included. */
  readonly size: number;
  /** The blocks in order; throws where the lists, the bitmaps and the headers do not agree. For tests. */
  check(): { offset: number; size: number; free: boolean }[];
}

const PAGE = 65536;
const HEADER = 16;
/** A free block must hold its own header and 16 bytes. */
const LEAST = 32;
/** Lists for each power of two: sizes in steps of an eighth. */
const STEPS = 8;

/** What the space of 32-bit offsets can hold. */
export const LIMIT = 4294967296;

/** @param base the first byte that is free to use @param maximum bytes that memory may have, at most `LIMIT` */
export function heap(memory: WebAssembly.Memory, base: number, maximum: number): Heap {
  const first = Math.ceil(base / 16) * 16;
  const heads = new Uint32Array(32 * STEPS);
  const lists = new Uint8Array(32);
  let powers = 0;
  let used = 0;
  let last = 0;
  let end = first;
  let words = new Uint32Array(memory.buffer);
  let floats = new Float32Array(memory.buffer);
  let ints = new Int32Array(memory.buffer);
  let bytes = new Uint8Array(memory.buffer);

  const sizeAt = (block: number): number => (words[block >>> 2]! & ~1) >>> 0;
  const isFree = (block: number): boolean => (words[block >>> 2]! & 1) === 1;
  const before = (block: number): number => words[(block >>> 2) + 1]!;

  /** The list a block of `size` belongs to. */
  const listOf = (size: number): number => {
    const power = 31 - Math.clz32(size);
    return power * STEPS + ((size >>> (power - 3)) & 7);
  };
  const put = (block: number): void => {
    const list = listOf(sizeAt(block));
    const head = heads[list]!;
    words[(block >>> 2) + 2] = head;
    words[(block >>> 2) + 3] = 0;
    if (head !== 0) words[(head >>> 2) + 3] = block;
    heads[list] = block;
    lists[list >>> 3]! |= 1 << (list & 7);
    powers |= 1 << (list >>> 3);
    words[block >>> 2]! |= 1;
  };
  const take = (block: number): void => {
    const list = listOf(sizeAt(block));
    const next = words[(block >>> 2) + 2]!;
    const previous = words[(block >>> 2) + 3]!;
    if (next !== 0) words[(next >>> 2) + 3] = previous;
    if (previous !== 0) words[(previous >>> 2) + 2] = next;
    else {
      heads[list] = next;
      if (next === 0) {
        lists[list >>> 3]! &= ~(1 << (list & 7));
        if (lists[list >>> 3] === 0) powers &= ~(1 << (list >>> 3));
      }
    }
    words[block >>> 2]! &= ~1;
  };
  /** A free block of at least `size`, or 0: the first of the first list of which every block is large enough. */
  const find = (size: number): number => {
    const power = 31 - Math.clz32(size);
    // Up to the next step: what rounds down into that list is never too small.
    const rounded = size + (1 << (power - 3)) - 1;
    if (rounded >= LIMIT) return 0;
    const list = listOf(rounded);
    const inPower = lists[list >>> 3]! & (-1 << (list & 7));
    if (inPower !== 0) return heads[(list & ~7) + 31 - Math.clz32(inPower & -inPower)]!;
    const above = list >>> 3 === 31 ? 0 : powers & (-2 << (list >>> 3));
    if (above === 0) return 0;
    const row = 31 - Math.clz32(above & -above);
    const bits = lists[row]!;
    return heads[row * STEPS + 31 - Math.clz32(bits & -bits)]!;
  };
  /** A free block of at least `size` among those of nearly that size, or 0: slow, for when memory runs out. */
  const search = (size: number): number => {
    let block = heads[listOf(size)]!;
    while (block !== 0 && sizeAt(block) < size) block = words[(block >>> 2) + 2]!;
    return block;
  };
  /** Makes [block, block + size) one free block, joined with free neighbours. */
  const release = (block: number, size: number): void => {
    let from = block;
    let to = block + size;
    let previous = before(block);
    if (previous !== 0 && isFree(previous)) {
      take(previous);
      from = previous;
      previous = before(previous);
    }
    if (to < end && isFree(to)) {
      const length = sizeAt(to);
      take(to);
      to += length;
    }
    words[from >>> 2] = to - from;
    words[(from >>> 2) + 1] = previous;
    if (to < end) words[(to >>> 2) + 1] = from;
    else last = from;
    put(from);
  };
  /** Grows memory so that a block of `size` fits at the end; false where it cannot. */
  const grow = (size: number): boolean => {
    const tail = last !== 0 && isFree(last) ? sizeAt(last) : 0;
    // What is in memory but not yet in blocks: at first, and after a growth.
    const missing = size - tail - (memory.buffer.byteLength - end);
    if (missing > 0) {
      const now = memory.buffer.byteLength;
      const allowed = Math.floor((maximum - now) / PAGE);
      const least = Math.ceil(missing / PAGE);
      if (least > allowed) return false;
      // A quarter more each time, so that it happens seldom.
      const pages = Math.min(allowed, Math.max(least, Math.ceil(now / 4 / PAGE)));
      if (!grown(memory, pages) && !(pages > least && grown(memory, least))) return false;
      words = new Uint32Array(memory.buffer);
      floats = new Float32Array(memory.buffer);
      ints = new Int32Array(memory.buffer);
      bytes = new Uint8Array(memory.buffer);
    }
    // The last bytes of 2³² stay unused: the end itself must be an offset.
    const top = Math.min(memory.buffer.byteLength, LIMIT - PAGE);
    if (top - end < LEAST) return false;
    const block = end;
    words[(block >>> 2) + 1] = last;
    end = top;
    release(block, top - block);
    return true;
  };

  return {
    alloc(count) {
      const size = Math.max(LEAST, HEADER + Math.ceil(count / 16) * 16);
      let block = size < LIMIT ? find(size) : 0;
      if (block === 0 && size < LIMIT) block = grow(size) ? last : search(size);
      if (block === 0) {
        throw new BackendError(
          'wasm',
          'no memory left for a tensor',
          { bytes: count, used, maximum },
          'dispose() tensors, open a scope() around a loop, or allow more: wasm({ memory: { maximum } })',
          'OUT_OF_MEMORY',
        );
      }
      take(block);
      const rest = sizeAt(block) - size;
      if (rest >= LEAST) {
        words[block >>> 2] = size;
        const other = block + size;
        words[other >>> 2] = rest;
        words[(other >>> 2) + 1] = block;
        if (other + rest < end) words[((other + rest) >>> 2) + 1] = other;
        else last = other;
        put(other);
      }
      used += sizeAt(block);
      return block + HEADER;
    },
    free(offset) {
      const block = offset - HEADER;
      const size = sizeAt(block);
      used -= size;
      release(block, size);
    },
    get floats() {
      return floats;
    },
    get ints() {
      return ints;
    },
    get bytes() {
      return bytes;
    },
    get used() {
      return used;
    },
    get size() {
      return memory.buffer.byteLength;
    },
    check() {
      const all: { offset: number; size: number; free: boolean }[] = [];
      let previous = 0;
      let taken = 0;
      let freed = 0;
      for (let block = first; block < end; previous = block, block += sizeAt(block)) {
        const wrong = (what: string): never => {
          throw new Error(`block at ${block}: ${what}`);
        };
        const size = sizeAt(block);
        const free = isFree(block);
        if (size < LEAST || size % 16 !== 0 || block + size > end) wrong(`its size is ${size}`);
        if (before(block) !== previous) wrong(`the block before it is ${previous}, not ${before(block)}`);
        if (free && all.at(-1)?.free) wrong('it and the one before it are both free');
        if (free) freed++;
        else taken += size;
        all.push({ offset: block + HEADER, size, free });
      }
      if (previous !== last) throw new Error(`the last block is ${previous}, not ${last}`);
      if (taken !== used) throw new Error(`${taken} bytes are taken, not ${used}`);
      for (let list = 0; list < heads.length; list++) {
        const marked = (lists[list >>> 3]! >>> (list & 7)) & 1;
        if (marked !== Number(heads[list] !== 0)) throw new Error(`list ${list} is marked ${marked}`);
        for (let block = heads[list]!; block !== 0; block = words[(block >>> 2) + 2]!, freed--)
          if (!isFree(block) || listOf(sizeAt(block)) !== list) throw new Error(`${block} is not of list ${list}`);
      }
      lists.forEach((bits, power) => {
        if ((powers >>> power) % 2 !== Number(bits !== 0)) throw new Error(`power ${power} is marked wrongly`);
      });
      if (freed !== 0) throw new Error(`${freed} free blocks are in no list`);
      return all;
    },
  };
}

function grown(memory: WebAssembly.Memory, pages: number): boolean {
  try {
    memory.grow(pages);
    return true;
  } catch {
    // The engine has no more to give, whatever the maximum says.
    return false;
  }
}
