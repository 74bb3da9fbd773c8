/** reduce, argReduce and matmul, against one multi-index at a time. */
import '@tensorflow/tfjs-backend-cpu';
import { describe, it } from 'vitest';
import { tfjs } from '../src/index.js';
import { at, each, expectClose, expectSame, float, put, random, take, type X } from './support.js';

const on = await tfjs({ engine: 'cpu' });
const shapes = [[5], [3, 4], [2, 3, 5], [1, 4, 1], [2, 1, 3, 2, 2, 3], [3, 0, 2]];

/** Every choice of at least one axis. */
const choices = (rank: number): number[][] =>
  Array.from({ length: 2 ** rank - 1 }, (_, bits) =>
    Array.from({ length: rank }, (_x, i) => i).filter((i) => ((bits + 1) >> i) & 1),
  );

/** The elements of x that are reduced to one: `kept` is its index, with 0 at the axes. */
function group(x: X, kept: readonly number[], axes: readonly number[]): number[] {
  const lengths = x.shape.map((n, axis) => (axes.includes(axis) ? n : 1));
  return each(lengths, (index) =>
    at(
      x,
      index.map((i, axis) => (axes.includes(axis) ? i : kept[axis]!)),
    ),
  );
}

const f = {
  sum: (v: number[]) => v.reduce((p, q) => p + q, 0),
  max: (v: number[]) => Math.max(...v),
  min: (v: number[]) => Math.min(...v),
};

describe('reduce', () => {
  it.each(['sum', 'max', 'min'] as const)('%s over any axes, which go or stay', (op) => {
    for (const dtype of ['float32', 'int32'] as const) {
      for (const shape of shapes) {
        for (const axes of choices(shape.length)) {
          if (op !== 'sum' && axes.some((axis) => shape[axis] === 0)) continue;
          const x = random(on, shape, 7, dtype);
          const kept = shape.map((n, axis) => (axes.includes(axis) ? 1 : n));
          const e = each(kept, (index) => f[op](group(x, index, axes)));
          const out = { shape: kept, dtype };
          const gone = { shape: shape.filter((_, axis) => !axes.includes(axis)), dtype };
          expectClose(take(on, on.reduce(op, x, axes, out), out), e);
          expectClose(take(on, on.reduce(op, x, axes, gone), gone), e);
        }
      }
    }
  });

  it('hands NaN and infinities on', () => {
    const x = put(on, [5, 3], [1, 2, 3, NaN, 1, 2, 1, NaN, 2, 1, Infinity, NaN, -Infinity, -Infinity, -Infinity]);
    const out = float([5]);
    expectSame(take(on, on.reduce('max', x, [1], out), out), [3, NaN, NaN, NaN, -Infinity]);
    expectSame(take(on, on.reduce('min', x, [1], out), out), [1, NaN, NaN, NaN, -Infinity]);
    expectSame(take(on, on.reduce('sum', x, [1], out), out), [6, NaN, NaN, NaN, -Infinity]);
  });
});

describe('argReduce', () => {
  const best = (v: number[], op: 'argMax' | 'argMin'): number => {
    const nan = v.findIndex(Number.isNaN);
    return nan >= 0 ? nan : v.indexOf(op === 'argMax' ? Math.max(...v) : Math.min(...v));
  };

  it.each(['argMax', 'argMin'] as const)('%s: the lowest among equals, along every axis', (op) => {
    for (const dtype of ['float32', 'int32'] as const) {
      for (const shape of shapes) {
        shape.forEach((n, axis) => {
          if (n === 0) return;
          const drawn = random(on, shape, 11, 'int32');
          const x = dtype === 'int32' ? drawn : put(on, shape, drawn.data);
          const kept = shape.with(axis, 1);
          const out = { shape: shape.toSpliced(axis, 1), dtype: 'int32' } as const;
          const e = each(kept, (index) => best(group(x, index, [axis]), op));
          expectSame(take(on, on.argReduce(op, x, axis, out), out), e);
        });
      }
    }
  });

  it.each(['argMax', 'argMin'] as const)('%s: the first NaN, before infinities too', (op) => {
    const rows = [
      [1, NaN, 3, NaN],
      [NaN, 1, 2, 3],
      [Infinity, -Infinity, 5, NaN],
      [NaN, NaN, NaN, NaN],
      [4, 4, -1, -1],
      [-Infinity, -Infinity, Infinity, Infinity],
    ];
    const x = put(on, [6, 4], rows.flat());
    const out = { shape: [6], dtype: 'int32' } as const;
    expectSame(
      take(on, on.argReduce(op, x, 1, out), out),
      rows.map((row) => best(row, op)),
    );
    const y = put(
      on,
      [4, 6],
      each([4, 6], ([i, j]) => rows[j!]![i!]!),
    );
    expectSame(
      take(on, on.argReduce(op, y, 0, out), out),
      rows.map((row) => best(row, op)),
    );
  });
});

describe('matmul', () => {
  it('transposed or not, leading axes broadcast', () => {
    const leads: readonly [number[], number[], number[]][] = [
      [[], [], []],
      [[4], [], [4]],
      [[], [4], [4]],
      [[3], [3], [3]],
      [
        [2, 1],
        [1, 3],
        [2, 3],
      ],
      [[2, 1], [3], [2, 3]],
      [
        [2, 1],
        [2, 3],
        [2, 3],
      ],
      [
        [2, 3],
        [2, 1],
        [2, 3],
      ],
      [
        [2, 1, 3, 1],
        [4, 1, 2],
        [2, 4, 3, 2],
      ],
      [[0], [1], [0]],
    ];
    const sizes = [
      [2, 3, 4],
      [1, 1, 1],
      [5, 1, 3],
      [1, 17, 1],
      [3, 0, 2],
      [50, 100, 2],
      [0, 2, 3],
    ] as const;
    for (const [p, q, lead] of leads) {
      for (const [m, k, n] of sizes) {
        for (const [transposeA, transposeB] of [
          [false, false],
          [true, false],
          [false, true],
          [true, true],
        ] as const) {
          const a = random(on, [...p, ...(transposeA ? [k, m] : [m, k])], 1);
          const b = random(on, [...q, ...(transposeB ? [n, k] : [k, n])], 2);
          const out = float([...lead, m, n]);
          const e = each(out.shape, (index) => {
            const [i, j] = index.slice(-2) as [number, number];
            const outer = index.slice(0, -2);
            let sum = 0;
            for (let l = 0; l < k; l++) {
              sum +=
                at(a, [...outer, ...(transposeA ? [l, i] : [i, l])]) *
                at(b, [...outer, ...(transposeB ? [j, l] : [l, j])]);
            }
            return sum;
          });
          expectClose(take(on, on.matmul(a, b, { transposeA, transposeB }, out), out), e);
          on.free(a.handle);
          on.free(b.handle);
        }
      }
    }
  });
});
