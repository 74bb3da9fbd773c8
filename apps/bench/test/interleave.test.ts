import { expect, it } from 'vitest';
import { interleave, order, roundsFor, samplingFor, warmUp } from '../src/interleave.js';
import { fakeRunner } from './fake-runner.js';

const effort = { rounds: 7, roundMs: 150, warmUpMs: 500, capMs: 12_000 };

it('goes backwards every second round', () => {
  expect([0, 1, 2].flatMap((round) => order(['ours', 'theirs'], round))).toEqual([
    'ours',
    'theirs',
    'theirs',
    'ours',
    'ours',
    'theirs',
  ]);
});

it('runs one at a time in that order, and hands the times out by runner', async () => {
  const calls: string[] = [];
  const ours = fakeRunner('ours', { ms: [2, 3, 4], onTime: () => calls.push('ours') });
  const theirs = fakeRunner('theirs', { ms: [20, 60, 100], onTime: () => calls.push('theirs') });
  const rounds: number[] = [];
  const times = await interleave([ours, theirs], [30, 30], [3, 3], 150, (round) => rounds.push(round));
  expect(times).toEqual([
    [2, 3, 4],
    [20, 60, 100],
  ]);
  expect(calls).toEqual(['ours', 'theirs', 'theirs', 'ours', 'ours', 'theirs']);
  expect(rounds).toEqual([0, 1, 2]);
});

it('has the slow ones in the first rounds only', async () => {
  const calls: string[] = [];
  const runner = (name: string) => fakeRunner(name, { onTime: () => calls.push(name) });
  const times = await interleave([runner('ours'), runner('theirs')], [30, 30], [3, 2], 150);
  expect(times.map(({ length }) => length)).toEqual([3, 2]);
  expect(calls).toEqual(['ours', 'theirs', 'theirs', 'ours', 'ours']);
});

it('takes the median of the samples in a round', async () => {
  const [times] = await interleave([fakeRunner('ours', { samples: [3, 1, 90, 2, 4] })], [30], [1], 150);
  expect(times).toEqual([3]);
});

it('cuts a round into samples, and makes a slow run a sample of its own', () => {
  expect(samplingFor(0.01, 150)).toEqual({ samples: 5, repetitions: 3000 });
  expect(samplingFor(30, 150)).toEqual({ samples: 5, repetitions: 1 });
  expect(samplingFor(70, 150)).toEqual({ samples: 2, repetitions: 1 });
  expect(samplingFor(11_000, 150)).toEqual({ samples: 1, repetitions: 1 });
});

it('has fewer rounds when a run is slow, and at least two', () => {
  expect(roundsFor(1, effort)).toBe(7);
  expect(roundsFor(3000, effort)).toBe(4);
  expect(roundsFor(11_000, effort)).toBe(2);
});

it('warms up until the time is spent, and times again after the compiler', async () => {
  const asked: number[] = [];
  const runner = fakeRunner('ours', { ms: [100, 50], onTime: ({ repetitions }) => asked.push(repetitions) });
  // 120 ms cold: 1 run of 100 ms; 1 run of 50 ms, and again, until 500 ms have passed.
  expect(await warmUp(runner, 120, effort)).toBe(50);
  expect(asked).toEqual(new Array(9).fill(1));
});

it('takes a very slow first run as warm-up', async () => {
  const runner = fakeRunner('theirs', { onTime: () => expect.unreachable('timed') });
  expect(await warmUp(runner, 11_000, effort)).toBe(11_000);
});
