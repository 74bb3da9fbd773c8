/** Cases by chance: the same from the same seed, others from another one, and hardly a problem is drawn in vain. */
import { referenceBackend, runSuite } from '@recurra/conformance-tests';
import { add, sub, tensor } from '@recurra/core';
import { describe, expect, it } from 'vitest';
import { choose, type Problem } from '../src/cases/drawn/beside-reference.js';
import { drawFrom, type Draw } from '../src/cases/drawn/draw.js';
import { drawnCases, problems } from '../src/cases/drawn/index.js';
import { casesFrom } from '../src/cases/index.js';
import { runCase } from '../src/run-case.js';

describe('a seed', () => {
  it('decides the numbers and not the ids', async () => {
    const ids = (seed?: number): string[] => casesFrom(seed).map(({ id }) => id);
    expect(ids(7)).toEqual(ids());
    const inputs = async (seed?: number): Promise<unknown[]> => {
      const broken = { ...referenceBackend(), name: 'broken', matmul: () => ({ data: new Float64Array(0) }) };
      const [c] = drawnCases(seed).filter(({ id }) => id === 'random/matmul/0');
      const { failure } = await runCase(c!, () => broken as never);
      return failure!.inputs.map(({ shape, data }) => [shape, ...Array.from(data)]);
    };
    expect(await inputs(7)).toEqual(await inputs(7));
    expect(await inputs(7)).not.toEqual(await inputs(8));
    expect(await inputs()).not.toEqual(await inputs(7));
  });

  it('is taken by the suite, which passes on others too', async () => {
    for (const seed of [0, 1, 424242]) {
      const { ok, results } = await runSuite(referenceBackend, { only: 'random', seed });
      expect(results.filter(({ status }) => status !== 'passed')).toEqual([]);
      expect(ok).toBe(true);
    }
  }, 30_000);

  it.each([-1, 1.5, NaN, Infinity, '7', null, {}])('is no %j', async (seed) => {
    const options = { only: 'random', seed: seed as number };
    await expect(runSuite(referenceBackend, options)).rejects.toMatchObject({ code: 'ARGUMENT' });
  });

  it('draws whole numbers between both ends, and both of them', () => {
    const draw = drawFrom(3, 'ends');
    const found = new Set(Array.from({ length: 200 }, () => draw.whole(-1, 2)));
    expect([...found].toSorted((a, b) => a - b)).toEqual([-1, 0, 1, 2]);
  });
});

it('hardly a problem is too chaotic to say anything', async () => {
  let [drawn, redrawn] = [0, 0];
  for (const seed of [20261123, 5]) {
    for (const [name, [, problem]] of Object.entries(problems)) {
      for (let i = 0; i < 3; i++) {
        redrawn += (await choose(seed, `${name}/${i}`, problem, 32)).redrawn;
        drawn++;
      }
    }
  }
  expect(redrawn).toBeLessThan(drawn / 20);
}, 30_000);

/** (n + big) − big: exact where big is small, and where it is not, whatever rounding leaves of n. */
const cancelling =
  (big: (draw: Draw) => number): Problem =>
  (draw) => {
    const [n, held] = [draw.whole(1, 1000) / 64, big(draw)];
    return (backend) => [sub(add(tensor([n], [1], { backend }), held), held)];
  };

it('a chaotic problem is drawn anew, and one that always is, refused', async () => {
  let redrawn = 0;
  for (let i = 0; i < 10; i++)
    redrawn += (await choose(i, 'now and then', cancelling((draw) => (draw.coin() ? 1e8 : 1)), 32)).redrawn; // prettier-ignore
  expect(redrawn).toBeGreaterThan(1);
  await expect(choose(1, 'always', cancelling(() => 1e8), 32)).rejects.toThrow('chaotic'); // prettier-ignore
});
