/**
 * A program for a process of its own: the bytes of heap that a step costs, for each kind of cell and each activation.
 * Run with 'wasteful', every step makes one object more, to show that it would be seen. Run with the name of a kind, it
 * measures that one alone: what the engine compiles depends on what else a process has done.
 */
import { openFused, tensor, type FusedSpecOf, type SessionName, type Tensor } from '@recurra/core';
import { getHeapStatistics } from 'node:v8';
import { cpu } from '../src/index.js';
import { random } from './support.js';

const WINDOW = 4000;
const backend = cpu();
const wasteful = process.argv.includes('wasteful');
const kept: { last?: object } = {};

/** A million steps of these, together, and fewer of the others; run with 'short', fewer of these too. */
const kinds = ['simpleRNN', 'lstm', 'gru after', 'gru before'] as const;
const alone = kinds.find((kind) => process.argv.includes(kind));
const others = [
  ['linear', 'linear'],
  ['relu', 'tanh'],
  ['sigmoid', 'relu'],
  ['relu6', 'leakyRelu'],
  ['leakyRelu', 'relu6'],
  ['elu', 'selu'],
  ['selu', 'elu'],
  ['silu', 'gelu'],
  ['gelu', 'silu'],
  ['mish', 'softplus'],
  ['softplus', 'mish'],
  ['softsign', 'exponential'],
  ['exponential', 'softsign'],
  ['hardSigmoid', 'hardSilu'],
  ['hardSilu', 'hardTanh'],
  ['hardTanh', 'hardSigmoid'],
] as const;

function bytesPerStep(kind: (typeof kinds)[number], batch: number, windows: number, names: readonly string[]): number {
  const [inputs, units] = [3, 5];
  const name = kind.split(' ')[0] as SessionName;
  const gates = { simpleRNN: 1, lstm: 4, gru: 3 }[name];
  const after = kind === 'gru after';
  const floats = (shape: number[], seed: number): Tensor =>
    tensor(random(backend, shape, seed, 0.5).handle.data as Float32Array, shape, { backend });
  const spec = {
    dims: { batch, time: 1, inputs, units },
    activation: names[0]!,
    recurrentActivation: names[1]!,
    resetAfter: after,
    reverse: false,
    returnSequences: false,
    zeroOutputForMask: false,
  } as FusedSpecOf<SessionName>;
  const weights = [floats([inputs, gates * units], 1), floats([units, gates * units], 2)];
  const bias = floats(after ? [2, 3 * units] : [gates * units], 3);
  const states = name === 'lstm' ? [null, null] : [null];
  const session = openFused(name, spec, [null, ...weights, bias, ...states, null])!;
  const frame = Float32Array.from({ length: batch * inputs }, (_, i) => 0.1 * i - 0.2);
  const out = new Float32Array(batch * units);
  const used: number[] = [];
  const most = wasteful ? 4 * windows : Math.max(200, 8 * windows);
  // Code that is not compiled yet makes objects of its own, and on a busy machine compilers take their time: what costs
  // nothing is not asked for long, what costs something has every chance.
  for (let asked = 0; asked < most; asked++) {
    if (used.length >= windows && (wasteful || middle(used.slice(-9)) < WINDOW)) break;
    const before = getHeapStatistics().used_heap_size;
    for (let i = 0; i < WINDOW; i++) {
      session.step(frame, out);
      if (wasteful) kept.last = { i };
    }
    const grown = getHeapStatistics().used_heap_size - before;
    // A heap that shrank was collected meanwhile (a compiler's leftovers, swept little by little): it says nothing of steps.
    if (grown >= 0) used.push(grown);
  }
  if (used.length < windows) throw new Error(`the heap of ${kind} was never left alone`);
  session.close();
  // Looking at the heap costs a few hundred bytes each time.
  return middle(used.slice(-9)) / WINDOW;
}

/** Of nine windows the one in the middle: a compiler or a collection may come between. */
function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

const found: Record<string, number> = {};
const all = ['tanh', 'sigmoid'];
for (const kind of alone ? [alone] : kinds) {
  found[kind] = bytesPerStep(kind, 1, wasteful || process.argv.includes('short') ? 10 : 64, all);
  found[`${kind}, three rows`] = bytesPerStep(kind, 3, 10, all);
}
if (!wasteful && !alone) {
  for (const names of others) {
    found[names.join(' ')] = bytesPerStep('lstm', 1, 10, names);
  }
}
console.log(JSON.stringify(found));
