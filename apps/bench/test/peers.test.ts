import { expect, it } from 'vitest';
import { cases, type Case } from '../src/cases.js';
import { difference, Refusal } from '../src/compare.js';
import { numbersOf } from '../src/numbers.js';
import { peerNamed, peers } from '../src/peers/index.js';
import type { Answer, First } from '../src/protocol.js';
import { answering } from '../src/worker.js';

const one = <T>(found: T | undefined): T => found!;
const small: readonly Case[] = [
  ...(['SimpleRNN', 'LSTM', 'GRU'] as const).map((cell): Case => ({
    kind: 'recurrent',
    id: cell,
    cell,
    batch: 2,
    time: 3,
    inputs: 5,
    units: 4,
    slow: false,
  })),
  one(cases.find(({ id }) => id === 'gate 100')),
];

/** Opened once: the implementations stay in this process. */
const open = peers.map(async (peer) => ({ peer, engine: await peer.open() }));

function expectPrepared(answer: Answer): First {
  if (answer.kind !== 'prepared') throw new Error(JSON.stringify(answer));
  return answer;
}

it.each(small)('$id: every peer computes what ours computes', async (task) => {
  const numbers = numbersOf(task);
  const outputs: { name: string; output: Float32Array }[] = [];
  for (const { peer, engine } of await Promise.all(open)) {
    const answer = answering(engine);
    const { output } = expectPrepared(await answer({ kind: 'prepare', task, numbers }));
    const again = expectPrepared(await answer({ kind: 'prepare', task, numbers })).output;
    expect(again).toEqual(output);
    outputs.push({ name: peer.name, output });
    expect(await answer({ kind: 'time', samples: 3, repetitions: 2 })).toEqual({
      kind: 'timed',
      ms: [expect.any(Number), expect.any(Number), expect.any(Number)],
    });
  }
  const [ours, ...others] = outputs;
  expect(ours!.output).toHaveLength(task.kind === 'gate' ? 1 : 2 * 3 * 4);
  expect(new Set(ours!.output).size).toBe(ours!.output.length);
  for (const other of others) expect(difference(ours!, other)).toBeLessThan(1e-5);
});

it('refuses a peer whose gates are in another order', async () => {
  const task = small[1]!;
  const numbers = numbersOf(task);
  const [{ engine: ours }, { engine: theirs }] = (await Promise.all(open)) as [
    Awaited<(typeof open)[number]>,
    Awaited<(typeof open)[number]>,
  ];
  const bias = numbers.bias!;
  const swapped = Float32Array.of(...bias.slice(12), ...bias.slice(4, 12), ...bias.slice(0, 4));
  const right = expectPrepared(await answering(ours)({ kind: 'prepare', task, numbers }));
  const wrong = expectPrepared(
    await answering(theirs)({ kind: 'prepare', task, numbers: { ...numbers, bias: swapped } }),
  );
  expect(() => difference({ name: 'a', ...right }, { name: 'b', ...wrong })).toThrow(Refusal);
});

it('draws the same numbers every time, and no two weights alike', () => {
  const task = small[1]!;
  const { kernel, recurrentKernel, bias } = numbersOf(task);
  expect(numbersOf(task)).toEqual(numbersOf(task));
  expect([kernel, recurrentKernel, bias].map((w) => w!.length)).toEqual([5 * 16, 4 * 16, 16]);
  for (const weights of [kernel!, recurrentKernel!, bias!]) expect(new Set(weights).size).toBe(weights.length);
});

it('answers with the reason or the failure, and goes on', async () => {
  const answer = answering({
    prepare: (task) => {
      if (task.kind === 'gate') return 'has no ops';
      throw new Error('no such layer');
    },
  });
  const [recurrent, gate] = [small[0]!, small[3]!];
  expect(await answer({ kind: 'time', samples: 1, repetitions: 1 })).toMatchObject({ kind: 'failed' });
  expect(await answer({ kind: 'prepare', task: gate, numbers: {} })).toEqual({ kind: 'cannot', reason: 'has no ops' });
  expect(await answer({ kind: 'prepare', task: recurrent, numbers: {} })).toMatchObject({
    kind: 'failed',
    message: expect.stringContaining('no such layer'),
  });
});

it('runs as often as it is asked, and waits for what is asynchronous', async () => {
  let begun = 0;
  let done = 0;
  const run = async () => {
    expect(begun++).toBe(done);
    await Promise.resolve();
    done++;
  };
  const answer = answering({ prepare: () => ({ run, output: async () => new Float32Array(2) }) });
  expect(await answer({ kind: 'prepare', task: small[0]!, numbers: {} })).toMatchObject({ kind: 'prepared' });
  expect(await answer({ kind: 'time', samples: 2, repetitions: 3 })).toMatchObject({ kind: 'timed' });
  expect([begun, done]).toEqual([6, 6]);
});

it('names the peers there are', () => {
  expect(peerNamed('tfjs cpu').name).toBe('tfjs cpu');
  expect(() => peerNamed('keras')).toThrow('no peer is called keras; there are recurra cpu, tfjs cpu');
});
