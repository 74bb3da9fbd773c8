/**
 * Products of packed matrices. The right-hand side [k, n] lies in panels of four columns, k after k, so that the inner
 * loops read it in a straight line; the left-hand side and the sums are doubles. A sum takes its terms in ascending k
 * and never depends on the other rows and columns: one row gives the same bits as that row in a batch.
 */

/** Columns of a panel. Four columns times two rows keep eight sums in registers. */
export const WIDTH = 4;

/** The length with which `n` columns fill whole panels. */
export function padded(n: number): number {
  return Math.ceil(n / WIDTH) * WIDTH;
}

/**
 * Packs [k, groups · n], found at `from` with a step for each of its axes. Each group of n columns (a gate) begins a
 * panel of its own; columns added to fill the last one are zeros.
 */
export function pack(
  source: Float32Array,
  from: number,
  k: number,
  n: number,
  groups: number,
  dk: number,
  dn: number,
  panels: Float32Array,
): Float32Array {
  let at = 0;
  for (let g = 0; g < groups; g++) {
    for (let j = 0; j < n; j += WIDTH) {
      let p = from + (g * n + j) * dn;
      const width = Math.min(WIDTH, n - j);
      if (width === WIDTH) {
        for (const end = (at + k * 4) | 0; at < end; at = (at + 4) | 0, p = (p + dk) | 0) {
          panels[at] = source[p]!;
          panels[at + 1] = source[p + dn]!;
          panels[at + 2] = source[p + 2 * dn]!;
          panels[at + 3] = source[p + 3 * dn]!;
        }
      } else {
        for (let i = 0; i < k; i++, at += WIDTH, p += dk) {
          for (let c = 0; c < WIDTH; c++) panels[at + c] = c < width ? source[p + c * dn]! : 0;
        }
      }
    }
  }
  return panels;
}

/** z += x · panels: `rows` rows of x (at x0, dx apart) and of z (at z0, dz apart), over panels `first` to `last`. */
export function accumulate(
  x: Float64Array,
  x0: number,
  dx: number,
  rows: number,
  k: number,
  panels: Float32Array,
  first: number,
  last: number,
  z: Float64Array,
  z0: number,
  dz: number,
): void {
  const panel = k * WIDTH;
  for (let j = first; j < last; j++) {
    let i = 0;
    for (; i + 1 < rows; i += 2)
      twoRows(x, x0 + i * dx, dx, k, panels, j * panel, z, z0 + i * dz + (j - first) * WIDTH, dz);
  }
  if (rows % 2 === 0) return;
  const xi = x0 + (rows - 1) * dx;
  const zi = z0 + (rows - 1) * dz;
  let j = first;
  for (; j + 1 < last; j += 2) oneRow(x, xi, k, panels, j * panel, panel, z, zi + (j - first) * WIDTH, WIDTH);
  // A panel left alone is taken twice at once, into the same place.
  if (j < last) oneRow(x, xi, k, panels, j * panel, 0, z, zi + (j - first) * WIDTH, 0);
}

/** One row, two panels `panel` apart, into z and dz beyond. */
function oneRow(
  x: Float64Array,
  p: number,
  k: number,
  b: Float32Array,
  q: number,
  panel: number,
  z: Float64Array,
  at: number,
  dz: number,
): void {
  const to = at + dz;
  let s0 = z[at]!;
  let s1 = z[at + 1]!;
  let s2 = z[at + 2]!;
  let s3 = z[at + 3]!;
  let t0 = z[to]!;
  let t1 = z[to + 1]!;
  let t2 = z[to + 2]!;
  let t3 = z[to + 3]!;
  for (const end = (p + k) | 0; p < end; p = (p + 1) | 0, q = (q + 4) | 0) {
    const v = x[p]!;
    const r = (q + panel) | 0;
    s0 += v * b[q]!;
    s1 += v * b[q + 1]!;
    s2 += v * b[q + 2]!;
    s3 += v * b[q + 3]!;
    t0 += v * b[r]!;
    t1 += v * b[r + 1]!;
    t2 += v * b[r + 2]!;
    t3 += v * b[r + 3]!;
  }
  z[at] = s0;
  z[at + 1] = s1;
  z[at + 2] = s2;
  z[at + 3] = s3;
  z[to] = t0;
  z[to + 1] = t1;
  z[to + 2] = t2;
  z[to + 3] = t3;
}

/** Two rows, one panel. */
function twoRows(
  x: Float64Array,
  p: number,
  dx: number,
  k: number,
  b: Float32Array,
  q: number,
  z: Float64Array,
  at: number,
  dz: number,
): void {
  const to = at + dz;
  let s0 = z[at]!;
  let s1 = z[at + 1]!;
  let s2 = z[at + 2]!;
  let s3 = z[at + 3]!;
  let t0 = z[to]!;
  let t1 = z[to + 1]!;
  let t2 = z[to + 2]!;
  let t3 = z[to + 3]!;
  for (const end = (p + k) | 0; p < end; p = (p + 1) | 0, q = (q + 4) | 0) {
    const b0 = b[q]!;
    const b1 = b[q + 1]!;
    const b2 = b[q + 2]!;
    const b3 = b[q + 3]!;
    const v = x[p]!;
    const w = x[p + dx]!;
    s0 += v * b0;
    s1 += v * b1;
    s2 += v * b2;
    s3 += v * b3;
    t0 += w * b0;
    t1 += w * b1;
    t2 += w * b2;
    t3 += w * b3;
  }
  z[at] = s0;
  z[at + 1] = s1;
  z[at + 2] = s2;
  z[at + 3] = s3;
  z[to] = t0;
  z[to + 1] = t1;
  z[to + 2] = t2;
  z[to + 3] = t3;
}
