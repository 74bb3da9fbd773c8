import { describe, expect, it } from 'vitest';
import { cases, gatesOf, type Case } from '../src/cases.js';
import { difference, Refusal } from '../src/compare.js';
import { numbersOf, type Numbers } from '../src/numbers.js';
import type { Engine, Peer } from '../src/peer.js';
import { peerNamed, peers } from '../src/peers/index.js';
import type { Answer, First } from '../src/protocol.js';
import { answering } from '../src/worker.js';

const sizes = { batch: 2, time: 3, inputs: 5, units: 4, quick: false };
const cells = ['SimpleRNN', 'LSTM', 'GRU', 'GRU reset before'] as const;
const forms = ['additive', 'dot', 'multi-head'] as const;
const small: readonly Case[] = [
  ...cells.map((cell): Case => ({ kind: 'recurrent', id: cell, cell, ...sizes })),
  ...cells.map((cell): Case => ({ kind: 'stream', id: `stream ${cell}`, cell, ...sizes, batch: 1, time: 1 })),
  ...cells.map((cell): Case => ({ kind: 'training', id: `training ${cell}`, cell, rate: 0.5, ...sizes })),
  ...forms.map((form): Case => {
    return { kind: 'attention', id: form, form, batch: 2, memory: 3, width: 16, quick: false };
  }),
  { kind: 'gate', id: 'gate', adds: 100, quick: false },
];
/** How many numbers are compared. */
function outputsOf(task: Case): number {
  if (task.kind === 'gate') return 1;
  if (task.kind === 'attention') return 2 * (task.form === 'multi-head' ? 3 : 1) * 16;
  const { batch, time, inputs, units, cell } = task;
  if (task.kind === 'recurrent') return batch * time * units;
  if (task.kind === 'stream') return 3 * units;
  return 4 + gatesOf[cell] * units * (inputs + units + (cell === 'GRU' ? 2 : 1));
}

/** Those that npm has to fetch compare their outputs whenever they are measured. */
const here = peers.filter(({ name }) => !name.startsWith('onnxruntime'));
const fresh = (peer: Peer): Promise<Engine> => peer.open();

function expectPrepared(answer: Answer): First {
  if (answer.kind !== 'prepared') throw new Error(JSON.stringify(answer));
  return answer;
}

// One that shares what is long has nothing to do at these sizes.
const others = here.slice(1).filter((peer) => small.some((task) => peer.does(task)));

// One after the other: engines of one library share their default backend.
describe.each(others)('$name', (peer) => {
  it.each(small.filter((task) => peer.does(task)))('$id: computes what ours computes', async (task) => {
    const numbers = numbersOf(task);
    const [ours, theirs] = [[], []] as Float32Array[][] as [Float32Array[], Float32Array[]];
    for (const [one, outputs] of [[here[0]!, ours] as const, [peer, theirs] as const]) {
      const answer = answering(await fresh(one));
      outputs.push(expectPrepared(await answer({ kind: 'prepare', task, numbers })).output);
      outputs.push(expectPrepared(await answer({ kind: 'prepare', task, numbers })).output);
      expect(await answer({ kind: 'time', samples: 3, repetitions: 2 })).toEqual({
        kind: 'timed',
        ms: [expect.any(Number), expect.any(Number), expect.any(Number)],
      });
    }
    expect(ours[1]).toEqual(ours[0]);
    expect(theirs[1]).toEqual(theirs[0]);
    expect(ours[0]).toHaveLength(outputsOf(task));
    expect(new Set(ours[0]).size).toBeGreaterThan(ours[0]!.length * 0.95);
    const apart = difference({ name: 'ours', output: ours[0]! }, { name: peer.name, output: theirs[0]! });
    expect(apart).toBeLessThan(1e-5);
  });
});

it('refuses a peer whose gates are in another order', async () => {
  const task = small[1]!;
  const numbers = numbersOf(task);
  const bias = numbers.bias!;
  const swapped = Float32Array.of(...bias.slice(12), ...bias.slice(4, 12), ...bias.slice(0, 4));
  const ask = async (given: Numbers) =>
    expectPrepared(await answering(await fresh(here[0]!))({ kind: 'prepare', task, numbers: given }));
  const [right, wrong] = [await ask(numbers), await ask({ ...numbers, bias: swapped })];
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
  const [recurrent, gate] = [small[0]!, small.at(-1)!];
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

it('compares every peer but ours with one of ours that does each of its cases', () => {
  for (const peer of peers) for (const name of peer.against) expect(peerNamed(name).name).toBe(name);
  for (const task of cases)
    for (const peer of peers.slice(3).filter((one) => one.does(task)))
      expect(peer.against.some((name) => peerNamed(name).does(task))).toBe(true);
});

it('names the peers there are', () => {
  expect(peerNamed('tfjs cpu').name).toBe('tfjs cpu');
  expect(() => peerNamed('keras')).toThrow(/^no peer is called keras; there are recurra wasm, .*onnxruntime-node/);
});
