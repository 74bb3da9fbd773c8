/** The visitor's letters, one step of a streaming GRU each; the state stays between the calls. */
import { stream, type Stream } from '@recurra/cells';
import type { Backend } from '@recurra/core';
import { trained } from '../worker/asset.js';
import type { Handler } from '../worker/handler.js';
import { cell, type Params } from './letters.js';
import { plainLetter } from '../shell/plain-letters.js';
import { ALPHABET, units } from './sizes.js';

export interface SpellAsk {
  /** All that was typed so far. */
  readonly text: string;
}
export interface Spelled {
  /** The state after each letter, the blank before the first one included: [letters + 1, units]. */
  readonly states: Float32Array;
  /** What each letter's probability was, just before it was typed. */
  readonly expected: readonly number[];
  /** Of every letter to be the next. */
  readonly next: readonly number[];
  /** Of one step: the mean over `timed` steps. */
  readonly microseconds: number;
  readonly timed: number;
  readonly about: { readonly words: number; readonly epochs: number; readonly letters: number };
}

interface Speller {
  readonly live: Stream<unknown>;
  /** A second stream of the same cell, to be timed. */
  readonly timed: Stream<unknown>;
  /** [units, letters], row after row, and the bias. */
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
  readonly about: Spelled['about'];
  typed: string;
  states: Float32Array[];
  expected: number[];
}

const spellers = new Map<Backend, Speller>();
const enough = 20; // ms of timing

export const spell: Handler<'spell'> = async ({ text }, { backend }) => {
  let speller = spellers.get(backend);
  if (speller === undefined) {
    speller = await open(backend);
    spellers.set(backend, speller);
  }
  const letters = Array.from(text, (sign) => plainLetter(sign) ?? ' ');
  const all = letters.join('');
  if (speller.states.length === 0 || !all.startsWith(speller.typed)) begin(speller);
  for (const letter of letters.slice(speller.typed.length)) type(speller, letter);

  const { microseconds, timed } = time(speller.timed);
  const states = new Float32Array(speller.states.length * units);
  for (const [i, state] of speller.states.entries()) states.set(state, i * units);
  return { states, expected: [...speller.expected], next: guess(speller), microseconds, timed, about: speller.about };
};

async function open(backend: Backend): Promise<Speller> {
  const { about, params } = (await trained('letters', backend)) as unknown as {
    about: Spelled['about'];
    params: Params;
  };
  const [kernel, bias] = [await params.out.kernel.data(), await params.out.bias.data()];
  const [live, timed] = [stream(cell, params.gru), stream(cell, params.gru)];
  return { live, timed, kernel, bias, about, typed: '', states: [], expected: [] };
}

/** A word begins with a blank. */
function begin(speller: Speller): void {
  speller.live.reset();
  speller.typed = '';
  speller.states = [];
  speller.expected = [];
  step(speller, ' ');
}

function type(speller: Speller, letter: string): void {
  speller.expected.push(guess(speller)[ALPHABET.indexOf(letter)]!);
  speller.typed += letter;
  // After a blank the next word begins, and the network has only learnt words: it forgets.
  if (letter === ' ') speller.live.reset();
  step(speller, letter);
}

function step({ live, states }: Speller, letter: string): void {
  states.push(live.step(frame(letter), new Float32Array(units)));
}

function frame(letter: string): Float32Array {
  const x = new Float32Array(ALPHABET.length);
  x[ALPHABET.indexOf(letter)] = 1;
  return x;
}

/** softmax(h·W + b): 27 numbers, which the host computes. */
function guess({ states, kernel, bias }: Speller): number[] {
  const h = states.at(-1)!;
  const logits = Array.from(bias, (b, j) => h.reduce((sum, v, i) => sum + v * kernel[i * bias.length + j]!, b));
  const most = Math.max(...logits);
  const powers = logits.map((z) => Math.exp(z - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((p) => p / sum);
}

/** One step is shorter than a browser's clock can tell: many are timed together. */
function time(timed: Stream<unknown>): { microseconds: number; timed: number } {
  const [x, out] = [frame('e'), new Float32Array(units)];
  timed.step(x, out);
  const began = performance.now();
  let steps = 0;
  let elapsed = 0;
  while (elapsed < enough && steps < 2000) {
    for (const end = steps + (elapsed === 0 ? 1 : 50); steps < end; steps++) timed.step(x, out);
    elapsed = Math.max(performance.now() - began, 1e-3);
  }
  return { microseconds: (1000 * elapsed) / steps, timed: steps };
}
