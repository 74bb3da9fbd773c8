/**
 * A program for a process of its own: the bytes of heap that a step costs, for each kind of cell, and whether linear
 * memory grew. Run with 'wasteful', every step makes one object more, to show that it would be seen.
 */
import { openFused, tensor, useBackend, type FusedSpecOf, type SessionName, type Tensor } from '@recurra/core';
import { getHeapStatistics } from 'node:v8';
import { wasm } from '../src/index.js';

const WINDOW = 4000;
const wasteful = process.argv.includes('wasteful');
const kept: { last?: object } = {};
const kinds = ['simpleRNN', 'lstm', 'gru after', 'gru before'] as const;
const backend = await useBackend(wasm());

function floats(shape: readonly number[], seed: number): Tensor<'float32'> {
  const n = shape.reduce((size, k) => size * k, 1);
  return tensor(
    Float32Array.from({ length: n }, (_, i) => Math.sin(seed + i * 1.7) / 2),
    shape,
  );
}

function bytesPerStep(kind: (typeof kinds)[number], batch: number, windows: number): number {
  const [inputs, units] = [3, 5];
  const name = kind.split(' ')[0] as SessionName;
  const gates = { simpleRNN: 1, lstm: 4, gru: 3 }[name];
  const after = kind === 'gru after';
  const spec = {
    dims: { batch, time: 1, inputs, units },
    activation: 'tanh',
    recurrentActivation: 'sigmoid',
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
  // Code that is not compiled yet makes objects of its own: what costs nothing is not asked for long.
  for (let asked = 0; asked < most; asked++) {
    if (used.length >= windows && (wasteful || middle(used.slice(-9)) < WINDOW)) break;
    const before = getHeapStatistics().used_heap_size;
    for (let i = 0; i < WINDOW; i++) {
      session.step(frame, out);
      if (wasteful) kept.last = { i };
    }
    const grown = getHeapStatistics().used_heap_size - before;
    // A heap that shrank was collected meanwhile: it says nothing of steps.
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
for (const kind of kinds) {
  found[kind] = bytesPerStep(kind, 1, wasteful ? 10 : 64);
  found[`${kind}, three rows`] = bytesPerStep(kind, 3, 10);
}
console.log(JSON.stringify({ found, live: backend.live!() }));
