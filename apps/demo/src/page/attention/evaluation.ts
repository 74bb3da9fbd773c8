/** What a network says of words, with where it looked, and how far that is from the dictionary. */
import { PHONEMES, STOP, type Entry } from './alphabet.js';
import { dispose, wordsOf } from './batches.js';
import type { Network, Params } from './network.js';

/** One word, as a network says it. */
export interface Said {
  readonly word: string;
  readonly phonemes: readonly string[];
  /** Where it looked at each phoneme: [phonemes, letters]; the rows sum to 1. */
  readonly looked: readonly (readonly number[])[];
  /** Whether it came to an end by itself. */
  readonly stopped: boolean;
}

export async function say(
  network: Network,
  params: Params,
  words: readonly string[],
  batchSize = 100,
): Promise<Said[]> {
  const all: Said[] = [];
  for (let at = 0; at < words.length; at += batchSize) {
    const batch = words.slice(at, at + batchSize);
    const asked = wordsOf(batch);
    const decoded = await network.said(params, asked);
    dispose(asked);
    for (const [i, { tokens, alignments, stopped }] of decoded.entries()) {
      const word = batch[i]!;
      const phonemes = tokens.filter((token) => token !== STOP).map((token) => PHONEMES[token]!);
      const looked = (alignments ?? []).slice(0, phonemes.length).map((row) => row.slice(0, word.length));
      all.push({ word, phonemes, looked, stopped });
    }
  }
  return all;
}

/** Insertions, deletions and substitutions by the dictionary's phonemes: 0 is perfect. And the words with any. */
export async function errorRates(
  network: Network,
  params: Params,
  entries: readonly Entry[],
): Promise<{ readonly phonemes: number; readonly words: number }> {
  const said = await say(
    network,
    params,
    entries.map(({ word }) => word),
  );
  const distances = entries.map(({ phonemes }, i) => editDistance(said[i]!.phonemes, phonemes));
  const length = entries.reduce((sum, { phonemes }) => sum + phonemes.length, 0);
  return {
    phonemes: distances.reduce((sum, d) => sum + d, 0) / length,
    words: distances.filter((d) => d > 0).length / entries.length,
  };
}

/** Levenshtein's distance: the fewest insertions, deletions and substitutions from one list to the other. */
export function editDistance(from: readonly string[], to: readonly string[]): number {
  let row = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (const [i, a] of from.entries()) {
    const next = [i + 1];
    for (const [j, b] of to.entries()) {
      next.push(Math.min(row[j]! + (a === b ? 0 : 1), row[j + 1]! + 1, next[j]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}
