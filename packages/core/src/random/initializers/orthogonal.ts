/** Random orthonormal rows or columns (Saxe et al. 2014): the q of a normal matrix, its signs those of r's diagonal. */
import { checkedFinite, checkOptions } from '../../checks.js';
import { ArgumentError } from '../../errors.js';
import { checkShape } from '../check.js';
import { orthonormalFactor } from '../householder.js';
import { normalFloat32 } from '../normal-float32.js';
import { initializerStream, type Initializer, type SeedOptions } from './initializer.js';

/** Options of `orthogonal`. */
export interface OrthogonalOptions extends SeedOptions {
  /** Multiplies every value; 1 by default. */
  gain?: number;
}

/**
 * Keras's Orthogonal. All axes but the last make up the rows. The bits are Keras's when rows or columns are fewer than
 * 48; beyond, where its linear algebra works in blocks, the values agree to about 1e-6.
 *
 * @throws ArgumentError for a gain that is not finite or a seed that is not a whole number; its initializer for a shape
 * of fewer than two axes
 */
export function orthogonal(options: OrthogonalOptions = {}): Initializer {
  checkOptions('orthogonal', options, ['gain', 'seed']);
  const { gain = 1, seed } = options;
  checkedFinite('orthogonal', 'gain', gain);
  const stream = initializerStream('orthogonal', seed);
  return (shape) => {
    const size = checkShape('orthogonal', shape);
    if (shape.length < 2) {
      throw new ArgumentError('orthogonal', 'the shape must have two axes or more', { shape }, 'for example [8, 8]');
    }
    const columns = shape.at(-1)!;
    const rows = columns === 0 ? 0 : size / columns;
    const long = Math.max(rows, columns);
    const short = Math.min(rows, columns);
    const drawn = normalFloat32(stream, size, 0, 1);
    const { q, diagonal } = orthonormalFactor({ data: transpose(drawn, long, short), rows: long, columns: short });
    const factor = Math.fround(gain);
    for (let i = 0; i < size; i++) q[i] = q[i]! * Math.sign(diagonal[Math.trunc(i / long)]!) * factor;
    // Column by column is row by row of the transpose, which is what wide shapes ask for.
    return rows < columns ? q : transpose(q, short, long);
  };
}

function transpose(x: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(x.length);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) out[c * rows + r] = x[r * columns + c]!;
  }
  return out;
}
