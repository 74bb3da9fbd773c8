/** What a backend keeps between calls: weights packed under their handles, and scratch memory. */
import type { CpuBuffer } from './buffer.js';
import { pack, padded } from './panels.js';

/** Scratch beyond this many elements is not kept. */
const KEPT = 1 << 20;

export interface Workspace {
  /** Scratch of at least `n` doubles, of any content; each slot is one array, overwritten by its next taker. */
  doubles(slot: string, n: number): Float64Array;
  /** A matrix [k, groups · n] in panels, with a step for each axis, packed once for each handle. */
  weights(buffer: CpuBuffer, k: number, n: number, groups: number, dk: number, dn: number): Float32Array;
  /** Whether this was asked of this matrix before: weights come again, most other matrices never do. */
  again(buffer: CpuBuffer, k: number, n: number, dk: number): boolean;
  /** Scratch for panels. */
  floats(n: number): Float32Array;
  forget(buffer: CpuBuffer): void;
  clear(): void;
}

export function workspace(): Workspace {
  let packed = new WeakMap<CpuBuffer, Map<string, Float32Array | null>>();
  let slots = new Map<string, Float64Array>();
  let floats = new Float32Array(0);

  /** What is packed of a buffer; a reshape shares its buffer, so that the axes are part of the key. */
  const entries = (buffer: CpuBuffer): Map<string, Float32Array | null> => {
    let of = packed.get(buffer);
    if (of === undefined) packed.set(buffer, (of = new Map()));
    return of;
  };
  return {
    doubles(slot, n) {
      const kept = slots.get(slot);
      if (kept !== undefined && kept.length >= n) return kept;
      const fresh = new Float64Array(n);
      if (n <= KEPT) slots.set(slot, fresh);
      return fresh;
    },
    weights(buffer, k, n, groups, dk, dn) {
      const of = entries(buffer);
      const key = `${k},${n},${groups},${dk}`;
      let panels = of.get(key);
      if (!panels) {
        panels = new Float32Array(k * padded(n) * groups);
        of.set(key, pack(buffer.data as Float32Array, 0, k, n, groups, dk, dn, panels));
      }
      return panels;
    },
    again(buffer, k, n, dk) {
      const of = entries(buffer);
      const key = `${k},${n},1,${dk}`;
      const known = of.has(key);
      if (!known) of.set(key, null);
      return known;
    },
    floats(n) {
      if (n <= floats.length) return floats;
      const fresh = new Float32Array(n);
      if (n <= KEPT) floats = fresh;
      return fresh;
    },
    forget: (buffer) => void packed.delete(buffer),
    clear() {
      packed = new WeakMap();
      slots = new Map();
      floats = new Float32Array(0);
    },
  };
}
