/** Words as tensors: numbers of letters and phonemes, padded to the longest of their batch. */
import { tensor, type Tensor } from '@recurra/core';
import { randint } from '@recurra/core/random';
import { LETTERS, PHONEMES, START, STOP, type Entry } from './alphabet.js';

/** Words to read. */
export interface Words {
  /** [B, L], numbers of letters */
  readonly letters: Tensor<'int32'>;
  /** [B, L], false at padding */
  readonly lettersMask: Tensor<'bool'>;
}

/** Words with what to say. */
export interface Lesson extends Words {
  /** [B, P], what was said before each step: <start> and the phonemes */
  readonly before: Tensor<'int32'>;
  /** [B, P], what is to be said: the phonemes and <stop> */
  readonly after: Tensor<'int32'>;
  /** [B, P], false at padding */
  readonly phonemesMask: Tensor<'bool'>;
}

export function wordsOf(words: readonly string[]): Words {
  const numbers = words.map((word) => Array.from(word, (letter) => LETTERS.indexOf(letter)));
  return { letters: padded(numbers), lettersMask: shown(numbers) };
}

export function lessonOf(entries: readonly Entry[]): Lesson {
  const said = entries.map(({ phonemes }) => phonemes.map((phoneme) => PHONEMES.indexOf(phoneme)));
  const after = said.map((phonemes) => [...phonemes, STOP]);
  return {
    ...wordsOf(entries.map(({ word }) => word)),
    before: padded(said.map((phonemes) => [START, ...phonemes])),
    after: padded(after),
    phonemesMask: shown(after),
  };
}

/**
 * The lessons of an epoch. Words of about the same length share a batch, so that little is padding; which ones, and the
 * order of the batches, follows from seed and epoch, so that an interrupted run finds the same ones again.
 */
export function* lessons(
  entries: readonly Entry[],
  { batchSize, seed, epoch }: { readonly batchSize: number; readonly seed: number; readonly epoch: number },
): Generator<Lesson> {
  const draws = randint([entries.length], 0, 2147483647, { seed: [seed, epoch] });
  const size = ({ word, phonemes }: Entry): number => 100 * word.length + phonemes.length;
  const order = entries.map((entry, i) => ({ entry, draw: draws[i]! }));
  order.sort((a, b) => size(a.entry) - size(b.entry) || a.draw - b.draw);
  const batches = Array.from({ length: Math.ceil(order.length / batchSize) }, (_, i) =>
    order.slice(i * batchSize, (i + 1) * batchSize),
  );
  for (const batch of batches.sort((a, b) => a[0]!.draw - b[0]!.draw)) {
    const lesson = lessonOf(batch.map(({ entry }) => entry));
    try {
      yield lesson;
    } finally {
      dispose(lesson);
    }
  }
}

export function dispose(words: Words | Lesson): void {
  for (const x of Object.values(words) as Tensor[]) x.dispose();
}

/** Rows of different lengths as [B, longest], 0 behind their ends. */
function padded(rows: readonly (readonly number[])[]): Tensor<'int32'> {
  const longest = longestOf(rows);
  const numbers = rows.flatMap((row) => Array.from({ length: longest }, (_, i) => row[i] ?? 0));
  return tensor(Int32Array.from(numbers), [rows.length, longest]);
}

/** Where they are not padding. */
function shown(rows: readonly (readonly number[])[]): Tensor<'bool'> {
  const longest = longestOf(rows);
  return tensor(rows.map((row) => Array.from({ length: longest }, (_, i) => i < row.length)));
}

function longestOf(rows: readonly (readonly number[])[]): number {
  return Math.max(...rows.map((row) => row.length));
}
