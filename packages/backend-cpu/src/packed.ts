/** Matrices in panels, kept under their handles: they go when the handle is freed, or collected. */
import type { CpuBuffer } from './buffer.js';
import { pack, padded } from './panels.js';

export interface Packed {
  /** [k, groups · n] in panels, with a step for each axis; packed once. */
  weights(buffer: CpuBuffer, k: number, n: number, groups: number, dk: number, dn: number): Float32Array;
  /** Whether this was asked of this [k, n] before: weights come again, most other matrices never do. */
  again(buffer: CpuBuffer, k: number, n: number, dk: number): boolean;
  forget(buffer: CpuBuffer): void;
  clear(): void;
}

/** A way in which a buffer was read (a reshape shares its buffer); without panels it was only seen. */
interface Reading {
  readonly k: number;
  readonly n: number;
  readonly groups: number;
  readonly dk: number;
  panels: Float32Array | null;
}

export function packed(): Packed {
  let readings = new WeakMap<CpuBuffer, Reading[]>();
  /** The reading, and whether it is there for the first time. */
  const find = (buffer: CpuBuffer, k: number, n: number, groups: number, dk: number): readonly [Reading, boolean] => {
    let all = readings.get(buffer);
    if (all === undefined) readings.set(buffer, (all = []));
    for (const r of all) if (r.k === k && r.n === n && r.groups === groups && r.dk === dk) return [r, false];
    const first: Reading = { k, n, groups, dk, panels: null };
    all.push(first);
    return [first, true];
  };
  return {
    weights(buffer, k, n, groups, dk, dn) {
      const [r] = find(buffer, k, n, groups, dk);
      const source = buffer.data as Float32Array;
      return (r.panels ??= pack(source, 0, k, n, groups, dk, dn, new Float32Array(k * padded(n) * groups)));
    },
    again: (buffer, k, n, dk) => !find(buffer, k, n, 1, dk)[1],
    forget: (buffer) => void readings.delete(buffer),
    clear: () => void (readings = new WeakMap()),
  };
}
