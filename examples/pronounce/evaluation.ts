/** How well a network pronounces words that it never saw, and whether its attention walks along them. */
import type { Tensor } from '@recurra/core';
import { PHONEMES, STOP, wordsOf } from './batches.js';
import type { Entry } from './dictionary.js';
import type { Network, Params } from './network.js';

/** One word, as the network says it. */
export interface Said {
  readonly entry: Entry;
  readonly phonemes: readonly string[];
  /** Where it looked at each phoneme: [phonemes, letters] */
  readonly alignment: readonly (readonly number[])[];
}

export interface Score {
  /** Insertions, deletions and substitutions, by the phonemes of the nearest pronunciation: 0 is perfect. */
  readonly phonemeErrorRate: number;
  /** Words with any error. */
  readonly wordErrorRate: number;
  /** The share of attention near the diagonal, see `nearDiagonal`; and the share that looking everywhere would have. */
  readonly diagonal: number;
  readonly diagonalOfUniform: number;
}

export async function pronounced(
  network: Network,
  params: Params,
  entries: readonly Entry[],
  batchSize = 100,
): Promise<Said[]> {
  const all: Said[] = [];
  for (let at = 0; at < entries.length; at += batchSize) {
    const batch = entries.slice(at, at + batchSize);
    const words = wordsOf(batch.map(({ word }) => word));
    for (const [i, { tokens, alignments }] of (await network.said(params, words)).entries()) {
      const entry = batch[i]!;
      const phonemes = tokens.filter((token) => token !== STOP).map((token) => PHONEMES[token]!);
      const rows = (alignments ?? []).slice(0, phonemes.length).map((row) => row.slice(0, entry.word.length));
      all.push({ entry, phonemes, alignment: rows });
    }
    for (const x of Object.values(words) as Tensor[]) x.dispose();
  }
  return all;
}

export function scored(all: readonly Said[]): Score {
  let [errors, length, wrong, near, uniform, rows] = [0, 0, 0, 0, 0, 0];
  for (const { entry, phonemes, alignment } of all) {
    const found = entry.pronunciations
      .map((right) => ({ right, distance: editDistance(phonemes, right) }))
      .reduce((best, other) => (other.distance < best.distance ? other : best));
    errors += found.distance;
    length += found.right.length;
    if (found.distance > 0) wrong++;
    const everywhere = alignment.map((row) => row.map(() => 1 / row.length));
    near += nearDiagonal(alignment);
    uniform += nearDiagonal(everywhere);
    rows += alignment.length;
  }
  return {
    phonemeErrorRate: errors / length,
    wordErrorRate: wrong / all.length,
    diagonal: near / rows,
    diagonalOfUniform: uniform / rows,
  };
}

/**
 * The attention that lies at most one and a half letters beside the straight line from the first phoneme at the first
 * letter to the last phoneme at the last letter, summed over phonemes: the number of phonemes, at best.
 */
export function nearDiagonal(alignment: readonly (readonly number[])[]): number {
  let sum = 0;
  for (const [i, row] of alignment.entries()) {
    const middle = alignment.length < 2 ? (row.length - 1) / 2 : (i * (row.length - 1)) / (alignment.length - 1);
    for (const [j, a] of row.entries()) if (Math.abs(j - middle) <= 1.5) sum += a;
  }
  return sum;
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
