/** What kernels share: the module's functions, memory, and the buffers in it. */
import type { Operand, Spec } from '@recurra/core';
import { shiftOf, sizeOf, type WasmBuffer } from './buffer.js';
import type { WasmKernels } from './generated/kernels.js';
import type { Heap } from './memory.js';
import type { Team, TeamKernel } from './threads/team.js';

export interface Space {
  readonly kernels: WasmKernels;
  readonly heap: Heap;
  /** A fresh buffer of any content. It counts in `live` until it is freed: take it after all that may throw. */
  make(out: Spec): WasmBuffer;
  /** The same with shape and dtype beside it, as fused kernels give it. */
  operand(shape: readonly number[], dtype?: Spec['dtype']): Operand<WasmBuffer>;
  /** Memory for the length of one kernel call, kept for the next: one area, overwritten by its next taker. */
  scratch(bytes: number): number;
  /**
   * What `build` made of this buffer at this key, made once: packed weights. `bytes` of memory that are freed with the
   * buffer and do not count in `live`. `build` writes it and must not allocate.
   */
  derived(buffer: WasmBuffer, key: string, bytes: number, build: (offset: number) => void): number;
  /** Whether this was asked of the buffer before: weights come again, most other matrices never do. */
  again(buffer: WasmBuffer, key: string): boolean;
  /** A recurrent kernel of this many steps of this many multiplications: by the team, where there is one and it pays. */
  run(kernel: TeamKernel, call: number, steps: number, work: number): void;
  free(buffer: WasmBuffer): void;
  readonly live: number;
  /** Frees what is kept between calls. */
  clear(): void;
}

/** Scratch beyond this is given back when the next kernel asks for less. */
const KEPT = 16777216;

/**
 * Whether a team is faster than one thread, measured: what it saves in a step must outweigh that all meet twice in it, and
 * what it saves in a call that the others may have to wake up.
 */
const pays = (steps: number, work: number): boolean => work >= 98304 && steps * work >= 2097152;

export function space(kernels: WasmKernels, heap: Heap, team: Team | null = null, shares = pays): Space {
  let alive = 0;
  let area = 0;
  let areaBytes = 0;
  /** Offsets by key; 0 where a key was only seen. */
  let made = new Map<WasmBuffer, Map<string, number>>();
  const make = (out: Spec): WasmBuffer => {
    const size = sizeOf(out.shape);
    const buffer = { offset: heap.alloc(size * (1 << shiftOf(out.dtype))), size };
    alive++;
    return buffer;
  };
  const keysOf = (buffer: WasmBuffer): Map<string, number> => {
    let keys = made.get(buffer);
    if (keys === undefined) made.set(buffer, (keys = new Map()));
    return keys;
  };
  const forget = (buffer: WasmBuffer): void => {
    const keys = made.get(buffer);
    if (keys === undefined) return;
    for (const offset of keys.values()) if (offset !== 0) heap.free(offset);
    made.delete(buffer);
  };
  const drop = (): void => {
    if (area !== 0) heap.free(area);
    area = areaBytes = 0;
  };
  return {
    kernels,
    heap,
    make,
    operand: (shape, dtype = 'float32') => ({ handle: make({ shape, dtype }), shape, dtype }),
    scratch(bytes) {
      if (bytes > areaBytes || areaBytes > KEPT) {
        drop();
        area = heap.alloc(bytes);
        areaBytes = bytes;
      }
      return area;
    },
    derived(buffer, key, bytes, build) {
      const keys = keysOf(buffer);
      let offset = keys.get(key) ?? 0;
      if (offset === 0) {
        offset = heap.alloc(bytes);
        keys.set(key, offset);
        build(offset);
      }
      return offset;
    },
    again(buffer, key) {
      const keys = keysOf(buffer);
      const seen = keys.has(key);
      if (!seen) keys.set(key, 0);
      return seen;
    },
    run(kernel, call, steps, work) {
      if (team !== null && shares(steps, work)) team.run(kernel, call);
      else kernels[kernel](call);
    },
    free(buffer) {
      alive--;
      forget(buffer);
      heap.free(buffer.offset);
    },
    get live() {
      return alive;
    },
    clear() {
      drop();
      for (const buffer of made.keys()) forget(buffer);
      made = new Map();
    },
  };
}
