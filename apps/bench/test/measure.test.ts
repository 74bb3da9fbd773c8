import { expect, it } from 'vitest';
import { select } from '../src/cases.js';
import { difference, tolerance } from '../src/compare.js';
import { measure } from '../src/measure.js';
import { fakeRunner, type Fake } from './fake-runner.js';

const [task] = select(['LSTM 32,16'], false) as [ReturnType<typeof select>[number]];
const effort = { rounds: 3, roundMs: 100, warmUpMs: 50, capMs: 10_000 };
const values = Float32Array.of(0.25, -0.5, 0.75);
const named = (name: string, output: Float32Array) => ({ name, output });

function run(fakes: Record<string, Fake>) {
  const closed: string[] = [];
  const rows = measure(
    task,
    'ours',
    Object.keys(fakes).filter((name) => name !== 'ours'),
    effort,
    (name) => fakeRunner(name, { ...fakes[name], onClose: () => closed.push(name) }),
    () => {},
  );
  return { rows, closed };
}

it('finds the largest difference', () => {
  const near = values.map((v, i) => v + [0, 2e-6, -3e-6][i]!);
  expect(difference(named('a', values), named('b', near))).toBeCloseTo(3e-6, 7);
  expect(difference(named('a', values), named('b', values))).toBe(0);
});

it('refuses another count, another number and NaN, in words', () => {
  const far = Float32Array.of(0.25, -0.5 + 3 * tolerance, 0.75);
  expect(() => difference(named('a', values), named('b', values.slice(1)))).toThrow('a gives 3 numbers, b 2');
  expect(() => difference(named('a', values), named('b', far))).toThrow(/^at number 1, a gives -0.5 and b -0.4999/);
  expect(() => difference(named('a', Float32Array.of(NaN)), named('b', Float32Array.of(0)))).toThrow('gives NaN');
  expect(() => difference(named('a', Float32Array.of(NaN)), named('b', Float32Array.of(NaN)))).toThrow('gives NaN');
  expect(() => difference(named('a', Float32Array.of(0)), named('b', Float32Array.of(Infinity)))).toThrow('Infinity');
});

it('measures each of the others against ours', async () => {
  const first = { output: values, ms: 40 };
  const { rows, closed } = run({ ours: { first, ms: [2] }, a: { first, ms: [10] }, b: { first, ms: [14] } });
  expect(await rows).toEqual([
    { task, result: { peer: 'a', apart: 0, ours: [2, 2, 2], theirs: [10, 10, 10], wanted: 3 } },
    { task, result: { peer: 'b', apart: 0, ours: [2, 2, 2], theirs: [14, 14, 14], wanted: 3 } },
  ]);
  expect(closed).toEqual(['ours', 'a', 'ours', 'b']);
});

it('times nothing when the outputs differ, and says so', async () => {
  const onTime = () => expect.unreachable('timed');
  const wrong = values.map((v) => v + 0.1);
  const { rows, closed } = run({
    ours: { first: { output: values, ms: 1 }, onTime },
    a: { first: { output: wrong, ms: 1 }, onTime },
  });
  const reason = expect.stringContaining('at number 0, ours gives 0.25 and a 0.3499');
  expect(await rows).toEqual([{ task, result: { peer: 'a', refused: true, reason } }]);
  expect(closed).toEqual(['ours', 'a']);
});

it('hands on why a peer cannot', async () => {
  const { rows } = run({ ours: { first: { output: values, ms: 1 } }, a: { first: 'has no LSTM' } });
  expect(await rows).toEqual([{ task, result: { peer: 'a', refused: false, reason: 'a: has no LSTM' } }]);
});

it('closes the processes when one breaks', async () => {
  const broken: Fake = {
    first: { output: values, ms: 1 },
    onTime: () => {
      throw new Error('the process of a ended (1)');
    },
  };
  const { rows, closed } = run({ ours: { first: { output: values, ms: 1 } }, a: broken });
  await expect(rows).rejects.toThrow('the process of a ended (1)');
  expect(closed).toEqual(['ours', 'a']);
});
