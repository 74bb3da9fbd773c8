/** No op without a proof: a new one fails here until it has its rows. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { grad, scope, tensor, useBackend, type Tensor } from '../../src/index.js';
import * as ops from '../../src/ops/index.js';
import { float64Backend } from '../float64-backend.js';
import { catalog, type OpCase } from '../ops/catalog.js';
import { listed, numbersOf } from '../ops/oracle.js';
import { randomTensors } from '../ops/random-tensors.js';
import { alongGradient, weighted, type ScalarFunction } from './central-differences.js';

await useBackend(float64Backend());

const goldens = JSON.parse(readFileSync(new URL('tensorflow.json', import.meta.url), 'utf8')) as Record<
  'unary' | 'binary' | 'reductions' | 'along',
  Readonly<Record<string, unknown>>
>;
const nameOf = (label: string): string => label.split(/[: ]/)[0]!;
const opOf = ({ name }: OpCase): string => nameOf(name);
const run = (c: OpCase, inputs: readonly Tensor[]): Tensor[] =>
  listed((c.run as (...xs: readonly Tensor[]) => Tensor | Tensor[])(...inputs));

/** Rows that differences see: float32 in, float32 out. */
const differentiable = catalog.filter((c) =>
  scope(() => {
    const inputs = c.inputs(randomTensors(c.name));
    return inputs.some((x) => x.dtype === 'float32') && run(c, inputs).every((y) => y.dtype === 'float32');
  }),
);

/** Held against TensorFlow at kinks, ends, NaN and infinity. */
const atExtremes = ['unary', 'binary', 'reductions', 'along'] as const;
/** They compute nothing: their gradient knows no value, which is tested below. */
const moving = (
  'broadcastTo cast concat expandDims gather pad reshape reverse scatterAdd slice ' +
  'split squeeze stack stopGradient tile transpose unstack where'
).split(' ');
/** NaN and infinity go through sums of products as IEEE has it, which is a case of every backend. */
const multiplying = ['matmul'];

describe('every differentiable op', () => {
  const names = [...new Set(differentiable.map(opOf))].toSorted();

  it('is an op, and none is missing', () => {
    const others = ['all', 'any', 'argMax', 'argMin', 'equal', 'greater', 'greaterEqual', 'less', 'lessEqual'];
    others.push('logicalAnd', 'logicalNot', 'logicalOr', 'notEqual', 'oneHot');
    expect(names).toEqual(
      Object.keys(ops)
        .filter((name) => !others.includes(name))
        .toSorted(),
    );
  });

  it('is held against extreme values, or moves them', () => {
    const rows = atExtremes.flatMap((kind) => Object.keys(goldens[kind]).map(nameOf));
    expect([...new Set([...rows, ...moving, ...multiplying])].toSorted()).toEqual(names);
    expect(rows.filter((name) => moving.includes(name))).toEqual([]);
  });

  it('that broadcasts does so on both sides, and from a scalar', () => {
    for (const name of ['add', 'sub', 'mul', 'div', 'pow', 'maximum', 'minimum']) {
      const labels = differentiable.map((c) => c.name);
      expect(labels).toEqual(expect.arrayContaining([`${name}: both broadcast`, `${name}: scalar`, `${name}: rank 5`]));
    }
  });
});

/** The second order along random directions, as plain numbers. */
const secondOf = (c: OpCase): number[] =>
  scope(() => {
    const f: ScalarFunction = weighted(c.name, (xs) => run(c, xs) as Tensor[]);
    const second = grad((xs: readonly Tensor[]) => alongGradient(c.name, f)(xs))(c.inputs(randomTensors(c.name)));
    return second.flatMap((g) => numbersOf(g));
  });

it('what is not held against second differences has none', () => {
  const flat = differentiable.filter((c) => !c.curved);
  for (const c of flat) expect([c.name, secondOf(c).filter((v) => v !== 0)]).toEqual([c.name, []]);
  expect(flat.length).toBeGreaterThan(20);
});

describe('what moves values has a gradient that does not look at them', () => {
  for (const c of differentiable.filter((one) => moving.includes(opOf(one)))) {
    it(c.name, () => {
      const gradients = (strange: boolean): number[][] =>
        scope(() => {
          const random = randomTensors(c.name);
          const inputs = c.inputs(random).map((x) => {
            if (x.dtype !== 'float32' || !strange) return x;
            const values = [NaN, Infinity, -Infinity, -0, Number.MIN_VALUE, 1e300];
            return tensor(
              Float64Array.from({ length: x.size }, (_, i) => values[i % values.length]!),
              x.shape,
            );
          });
          const found = grad((xs: readonly Tensor[]) => weighted(c.name, (ys) => run(c, ys) as Tensor[])(xs))(inputs);
          return found.map((g) => numbersOf(g));
        });
      expect(gradients(true)).toEqual(gradients(false));
    });
  }
});
