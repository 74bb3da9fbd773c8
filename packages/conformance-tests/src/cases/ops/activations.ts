/** Activations beside their formulas, and softmax where it is easily wrong. */
import * as core from '@recurra/core';
import { logSoftmax, logSumExp, softmax } from '@recurra/core';
import { defineCases, type CaseEntry } from '../../case.js';
import { functions } from '../../vectors.js';
import { on, type Floats } from '../on.js';
import { random } from '../random.js';

const activations = Object.fromEntries(
  Object.entries(functions.activations).map(([name, { x, y }]): [string, CaseEntry] => [
    `activation/${name}`,
    ({ backend, close }) => {
      const held = x.flatMap((_, i) => (backend.precision > 16 || Math.abs(y[i]!) < 60000 ? [i] : []));
      const f = core[name as 'tanh'] as (x: Floats) => Floats;
      void close(
        f(on(backend).floats(held.map((i) => x[i]!))),
        held.map((i) => y[i]!),
      );
    },
  ]),
);

function softmaxOf(row: readonly number[]): number[] {
  const exps = row.map((v) => Math.exp(v - Math.max(...row)));
  const total = exps.reduce((a, b) => a + b, 0);
  return exps.map((v) => v / total);
}

const rows = [
  [1, -2, 0.5],
  [3, 3.5, -4],
];

export const activationCases = defineCases('ops', {
  ...activations,

  'softmax/last-axis': ({ backend, close }) => void close(softmax(on(backend).floats(rows)), rows.map(softmaxOf)),
  'softmax/first-axis': ({ backend, close }) => {
    const columns = [0, 1, 2].map((j) => softmaxOf(rows.map((row) => row[j]!)));
    void close(
      softmax(on(backend).floats(rows), 0),
      [0, 1].map((i) => columns.map((column) => column[i]!)),
    );
  },
  // Without taking the maximum off first, these overflow.
  'softmax/large': ({ backend, close }) => {
    const x = [
      [1000, 1001, 999],
      [-2000, -2000, -2002],
    ];
    void close(softmax(on(backend).floats(x)), x.map(softmaxOf));
  },
  'softmax/infinities': ({ backend, close }) => {
    const x = on(backend).floats([
      [-Infinity, 0, 1],
      [-Infinity, -Infinity, -Infinity],
      [1, NaN, 2],
    ]);
    const [a, b] = softmaxOf([0, 1]) as [number, number];
    void close(softmax(x), [
      [0, a, b],
      [NaN, NaN, NaN],
      [NaN, NaN, NaN],
    ]);
  },
  'softmax/sizes': ({ backend, close }) => {
    for (const n of [1, 3, 17, 65, 300]) {
      const x = random(n, [2, n], 3);
      const wide = [x.data.slice(0, n), x.data.slice(n)].map((row) => softmaxOf(Array.from(row)));
      void close(softmax(on(backend).floats(x)), wide);
    }
  },
  'logSoftmax/small-probabilities': ({ backend, close }) => {
    const x = [
      [0, -200, 3],
      [500, 0, 499],
    ];
    const expected = x.map((row) => {
      const most = Math.max(...row);
      const total = Math.log(row.reduce((all, v) => all + Math.exp(v - most), 0));
      return row.map((v) => v - most - total);
    });
    void close(logSoftmax(on(backend).floats(x)), expected);
  },
  'logSumExp/large': ({ backend, close }) => {
    const y = logSumExp(
      on(backend).floats([
        [1000, 1000],
        [-Infinity, 2],
        [-1, 1],
      ]),
      { axis: -1 },
    );
    void close(y, [1000 + Math.LN2, 2, Math.log(Math.exp(-1) + Math.exp(1))]);
  },
});
