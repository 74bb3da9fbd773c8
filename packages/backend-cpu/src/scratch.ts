/** Memory for the length of one kernel call, kept for the next. */

export interface Scratch {
  /** At least `n` doubles of any content; each slot is one array, overwritten by its next taker. */
  doubles(slot: 'x' | 'z' | 'h' | 's' | 'bias', n: number): Float64Array;
  /** For panels. */
  floats(n: number): Float32Array;
  clear(): void;
}

/** Elements of an array that is kept. */
const LIMIT = 1 << 20;

export function scratch(): Scratch {
  let slots: Record<string, Float64Array> = {};
  let panels = new Float32Array(0);
  return {
    doubles(slot, n) {
      const kept = slots[slot];
      if (kept !== undefined && kept.length >= n) return kept;
      const fresh = new Float64Array(n);
      if (n <= LIMIT) slots[slot] = fresh;
      return fresh;
    },
    floats(n) {
      if (n <= panels.length) return panels;
      const fresh = new Float32Array(n);
      if (n <= LIMIT) panels = fresh;
      return fresh;
    },
    clear() {
      slots = {};
      panels = new Float32Array(0);
    },
  };
}
