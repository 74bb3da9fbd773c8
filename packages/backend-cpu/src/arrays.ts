/**
 * The arrays of freed buffers, for the next kernels to write: a new typed array costs as much as a hundred additions.
 * A handle is still a fresh object each time, and its array is written by one kernel only while the handle lives.
 */
import type { DType } from '@recurra/core';
import type { Data } from './buffer.js';

interface ArrayOf {
  float32: Float32Array;
  int32: Int32Array;
  bool: Uint8Array;
}

export interface Arrays {
  /** `n` elements of any content. */
  take<D extends DType>(dtype: D, n: number): ArrayOf[D];
  give(data: Data): void;
  clear(): void;
}

/** Elements that are held back, all arrays together: 16 MB. */
const LIMIT = 1 << 22;

export function arrays(): Arrays {
  const spare = { float32: new Map(), int32: new Map(), bool: new Map() } as Record<DType, Map<number, Data[]>>;
  let held = 0;
  const clear = (): void => {
    for (const ofLength of Object.values(spare)) ofLength.clear();
    held = 0;
  };
  return {
    take<D extends DType>(dtype: D, n: number) {
      let data = spare[dtype].get(n)?.pop();
      if (data === undefined) {
        data = dtype === 'float32' ? new Float32Array(n) : dtype === 'int32' ? new Int32Array(n) : new Uint8Array(n);
      } else held -= n;
      return data as ArrayOf[D];
    },
    give(data) {
      const n = data.length;
      if (n > LIMIT) return;
      // Lengths that no longer come would fill it for good.
      if (held + n > LIMIT) clear();
      held += n;
      const ofLength = spare[data instanceof Float32Array ? 'float32' : data instanceof Int32Array ? 'int32' : 'bool'];
      const list = ofLength.get(n);
      if (list === undefined) ofLength.set(n, [data]);
      else list.push(data);
    },
    clear,
  };
}
