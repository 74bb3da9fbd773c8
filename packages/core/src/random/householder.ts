/**
 * The orthonormal factor of a tall float32 matrix by Householder reflections I − τ·v·vᵀ, v = (1, tail). Every operation
 * is rounded, and every sum is taken in the order of TensorFlow's kernel (Eigen with AVX), so the bits agree where Eigen
 * works column by column: below 48 columns.
 */
import { dotInChunks, dotInLanes, dotInLanesThenFour, dotInSequence, type Dot } from './float32-dot.js';

/** Columns one after the other, each `rows` long. */
interface Columns {
  readonly data: Float32Array;
  readonly rows: number;
  readonly columns: number;
}

// The smallest normal float32: a column with less below its diagonal counts as reduced.
const FLOAT_MIN = 1.1754943508222875e-38;

/** q and the diagonal of r of the reduced q·r = a, for rows ≥ columns. Overwrites a. */
export function orthonormalFactor(a: Columns): { q: Float32Array; diagonal: Float32Array } {
  const { data, rows, columns } = a;
  const taus = new Float32Array(columns);
  const diagonal = new Float32Array(columns);
  for (let j = 0; j < columns; j++) {
    const pivot = j * rows + j;
    const tail = data.subarray(pivot + 1, (j + 1) * rows);
    const { tau, beta } = makeReflector(data[pivot]!, tail);
    taus[j] = tau;
    diagonal[j] = beta;
    const dot = tail.length >= 128 && columns - j - 1 >= 2 ? dotInChunks : dotInSequence;
    reflect(tail, tau, a, j, j + 1, columns, dot);
  }

  const q = { data: new Float32Array(rows * columns), rows, columns };
  for (let j = 0; j < columns; j++) q.data[j * rows + j] = 1;
  // Eigen takes the columns two or more at a time; one that is left over also gets a step of four lanes.
  const paired = columns - (columns & 1);
  for (let j = columns - 1; j >= 0; j--) {
    const tail = data.subarray(j * rows + j + 1, (j + 1) * rows);
    // The columns before j are still zero from row j down.
    reflect(tail, taus[j]!, q, j, j, paired, dotInLanes);
    reflect(tail, taus[j]!, q, j, paired, columns, columns === 1 ? dotInSequence : dotInLanesThenFour);
  }
  return { q: q.data, diagonal };
}

/** The reflector that takes (pivot, tail) to (beta, 0); leaves the rest of its v in `tail`. */
function makeReflector(pivot: number, tail: Float32Array): { tau: number; beta: number } {
  const below = dotInSequence(tail, tail, 0);
  if (below <= FLOAT_MIN) return { tau: 0, beta: pivot };
  const norm = Math.fround(Math.sqrt(Math.fround(Math.fround(pivot * pivot) + below)));
  const beta = pivot >= 0 ? -norm : norm;
  const divisor = Math.fround(pivot - beta);
  for (let i = 0; i < tail.length; i++) tail[i] = tail[i]! / divisor;
  return { tau: Math.fround(Math.fround(beta - pivot) / beta), beta };
}

/** x ← x − τ·v·(vᵀx) for the columns from `first` to `end`, from row `top` down. */
function reflect(tail: Float32Array, tau: number, x: Columns, top: number, first: number, end: number, dot: Dot): void {
  if (tau === 0) return;
  const { data, rows } = x;
  const scaled = tail.map((v) => v * tau);
  for (let c = first; c < end; c++) {
    const at = c * rows + top;
    const t = Math.fround(dot(tail, data, at + 1) + data[at]!);
    data[at] = data[at]! - Math.fround(tau * t);
    for (let i = 0; i < scaled.length; i++) data[at + 1 + i] = data[at + 1 + i]! - Math.fround(scaled[i]! * t);
  }
}
