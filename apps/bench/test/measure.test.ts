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
  const started = (name: string) => fakeRunner(name, { ...fakes[name], onClose: () => closed.push(name) });
  return { measured: measure(task, Object.keys(fakes), effort, started, () => {}), closed };
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

it('measures all in the same rounds, each in a process of its own', async () => {
  const first = { output: values, ms: 40 };
  const { measured, closed } = run({ ours: { first, ms: [2] }, a: { first, ms: [10] }, b: { first, ms: [14] } });
  expect(await measured).toEqual({
    task,
    wanted: 3,
    lanes: [
      { peer: 'ours', apart: 0, ms: [2, 2, 2] },
      { peer: 'a', apart: 0, ms: [10, 10, 10] },
      { peer: 'b', apart: 0, ms: [14, 14, 14] },
    ],
    left: [],
  });
  expect(closed).toEqual(['ours', 'a', 'b']);
});

it('gives a slow peer fewer rounds, and the others all of theirs', async () => {
  const fast = { output: values, ms: 40 };
  const { measured } = run({ ours: { first: fast, ms: [2] }, a: { first: { output: values, ms: 6000 }, ms: [6000] } });
  expect((await measured).lanes.map(({ ms }) => ms)).toEqual([
    [2, 2, 2],
    [6000, 6000],
  ]);
});

it('does not time a peer whose outputs differ, says so, and goes on with the others', async () => {
  const first = { output: values, ms: 1 };
  const near = { output: values.map((v) => v + 1e-6), ms: 1 };
  const { measured, closed } = run({
    ours: { first },
    a: { first: { output: values.map((v) => v + 0.1), ms: 1 }, onTime: () => expect.unreachable('timed') },
    b: { first: near },
  });
  const { lanes, left } = await measured;
  const reason = expect.stringContaining('at number 0, ours gives 0.25 and a 0.3499');
  expect(left).toEqual([{ peer: 'a', refused: true, reason }]);
  expect(lanes.map(({ peer }) => peer)).toEqual(['ours', 'b']);
  expect(lanes[1]!.apart).toBeCloseTo(1e-6, 7);
  expect(closed).toEqual(['ours', 'a', 'b']);
});

it('hands on why a peer cannot; ours has to', async () => {
  const first = { output: values, ms: 1 };
  const { measured } = run({ ours: { first }, a: { first: 'has no LSTM' } });
  expect((await measured).left).toEqual([{ peer: 'a', refused: false, reason: 'has no LSTM' }]);
  await expect(run({ ours: { first: 'has none' }, a: { first } }).measured).rejects.toThrow(
    'ours cannot do LSTM 32,16',
  );
});

it('closes the processes when one breaks', async () => {
  const broken: Fake = {
    first: { output: values, ms: 1 },
    onTime: () => {
      throw new Error('the process of a ended (1)');
    },
  };
  const { measured, closed } = run({ ours: { first: { output: values, ms: 1 } }, a: broken });
  await expect(measured).rejects.toThrow('the process of a ended (1)');
  expect(closed).toEqual(['ours', 'a']);
});
