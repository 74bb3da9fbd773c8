/** The parts of examples/pronounce.ts: the words, the measures, and that a small network learns a few words. */
import { cpu, gradients } from '@recurra/backend-cpu';
import { leaves, setRandomSeed, useBackend, type Tensor } from '@recurra/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { lessonOf, lessons, PHONEMES, STOP } from '../batches.js';
import { split, type Entry } from '../dictionary.js';
import { editDistance, nearDiagonal, pronounced, scored } from '../evaluation.js';
import { network } from '../network.js';
import { training } from '../training.js';

const backend = cpu({ gradients });
beforeAll(() => useBackend(backend));

const names = (entries: readonly Entry[]): string[] => entries.map(({ word }) => word);

describe('the dictionary', () => {
  const few = split({ words: 50, heldOut: 20, shortest: 1, longest: 6, seed: 3 });
  const more = split({ words: 500, heldOut: 20, shortest: 1, longest: 6, seed: 3 });
  const all = split({ words: 1e6, heldOut: 0, shortest: 1, longest: 99, seed: 3 }).train;

  it('holds out the same words, however many are learnt', () => {
    expect(names(more.heldOut)).toEqual(names(few.heldOut));
    expect(names(more.train).slice(0, 50)).toEqual(names(few.train));
    expect(names(more.train).filter((word) => names(more.heldOut).includes(word))).toEqual([]);
    expect(names(split({ words: 50, heldOut: 20, shortest: 1, longest: 6, seed: 4 }).train)).not.toEqual(
      names(few.train),
    );
  });

  it('knows second pronunciations, without stress', () => {
    expect(all.find(({ word }) => word === 'read')!.pronunciations).toEqual([
      ['R', 'EH', 'D'],
      ['R', 'IY', 'D'],
    ]);
    expect(new Set(names(all)).size).toBe(all.length);
    expect(all.length).toBeGreaterThan(100_000);
  });

  it('has no phoneme without a number, and every number but those of start and stop', () => {
    const said = new Set(all.flatMap(({ pronunciations }) => pronunciations.flat()));
    expect([...said].sort()).toEqual(PHONEMES.slice(2).sort());
  });
});

describe('lessons', () => {
  const { train } = split({ words: 70, heldOut: 0, shortest: 1, longest: 9, seed: 1 });

  it('are the same for the same seed and epoch, and have every word once', async () => {
    const read = async (epoch: number): Promise<string[][]> => {
      const batches: string[][] = [];
      for (const { letters, lettersMask } of lessons(train, { batchSize: 16, seed: 5, epoch })) {
        const [numbers, mask, L] = [letters.dataSync(), lettersMask.dataSync(), letters.shape[1]!];
        const rows = Array.from({ length: letters.shape[0]! }, (_, b) => numbers.slice(b * L, (b + 1) * L).join(' '));
        batches.push(rows);
        expect(Array.from(mask, Boolean)).toEqual(Array.from(numbers, (n) => n > 0));
      }
      return batches;
    };
    expect(await read(2)).toEqual(await read(2));
    expect(await read(2)).not.toEqual(await read(3));
    expect(new Set((await read(2)).flat().map((row) => row.replace(/( 0)+$/, ''))).size).toBe(70);
    expect(backend.live?.()).toBe(0);
  });

  it('say each phoneme one step before it is told', async () => {
    const lesson = lessonOf([{ word: 'hello', pronunciations: [['HH', 'AH', 'L', 'OW']] }]);
    const [before, after] = [Array.from(lesson.before.dataSync()), Array.from(lesson.after.dataSync())];
    expect(after.map((n) => PHONEMES[n])).toEqual(['HH', 'AH', 'L', 'OW', '<stop>']);
    expect(before.slice(1)).toEqual(after.slice(0, -1));
    for (const x of Object.values(lesson) as Tensor[]) x.dispose();
  });
});

describe('the measures', () => {
  it('count insertions, deletions and substitutions', () => {
    const distance = (a: string, b: string): number => editDistance(Array.from(a), Array.from(b));
    expect(distance('kitten', 'sitting')).toBe(3);
    expect(distance('', 'abc')).toBe(3);
    expect(distance('abc', '')).toBe(3);
    expect(distance('abcd', 'acbd')).toBe(2);
    expect(distance('same', 'same')).toBe(0);
  });

  it('take the nearest pronunciation, and divide by its length', () => {
    const entry = {
      word: 'read',
      pronunciations: [
        ['R', 'EH', 'D'],
        ['R', 'IY', 'D', 'Z'],
      ],
    };
    const alignment = [[1, 0, 0, 0]];
    const score = scored([
      { entry, phonemes: ['R', 'IY', 'D'], alignment },
      { entry, phonemes: ['R', 'EH', 'D'], alignment },
    ]);
    expect(score.phonemeErrorRate).toBe(1 / 6);
    expect(score.wordErrorRate).toBe(0.5);
  });

  it('know a diagonal from a column', () => {
    const diagonal = Array.from({ length: 8 }, (_, i) => Array.from({ length: 8 }, (__, j) => Number(i === j)));
    expect(nearDiagonal(diagonal)).toBe(8);
    expect(nearDiagonal(diagonal.map(() => [0, 0, 0, 1, 0, 0, 0, 0]))).toBe(3);
    expect(nearDiagonal(diagonal.toReversed())).toBe(2);
  });
});

describe('a small network', () => {
  const { train } = split({ words: 12, heldOut: 0, shortest: 1, longest: 4, seed: 8 });
  const words = { train, heldOut: train };
  const how = { epochs: 60, batchSize: 6, rate: 0.02, seed: 1 };
  const net = network({ units: 12, features: 8 });

  it('learns twelve words by heart, and frees what it held', { timeout: 60_000 }, async () => {
    setRandomSeed(1);
    const params = net.init();
    const run = training(net, params, words, how);
    const before = backend.live!();
    const losses: number[] = [];
    for await (const { loss } of run) losses.push(loss);
    expect(losses.at(-1)!).toBeLessThan(0.2 * losses[0]!);
    const said = await pronounced(net, run.params, train, 5);
    expect(scored(said).phonemeErrorRate).toBeLessThan(0.1);
    for (const { phonemes, alignment, entry } of said) {
      expect(phonemes).not.toContain(PHONEMES[STOP]);
      expect(alignment.map((row) => row.length)).toEqual(phonemes.map(() => entry.word.length));
      for (const row of alignment) expect(row.reduce((sum, a) => sum + a, 0)).toBeCloseTo(1, 5);
    }
    run.dispose();
    expect(backend.live!()).toBeLessThanOrEqual(before);
    for (const x of [...leaves(params), ...leaves(run.params)]) x.dispose();
    expect(backend.live!()).toBe(0);
  });

  it('goes on from a checkpoint to the same bits', async () => {
    const params = net.init();
    const short = { ...how, epochs: 3 };
    const whole = training(net, params, words, short);
    await whole.finish();
    const first = training(net, params, words, short);
    for await (const { step } of first) if (step === 3) break; // in the middle of the second epoch
    const second = training(net, params, words, { ...short, resume: await first.checkpoint() });
    await second.finish();
    const bits = (tree: unknown): number[][] => leaves(tree).map((x) => Array.from(x.dataSync()));
    expect(bits(second.params)).toEqual(bits(whole.params));
    expect(bits(second.params)).not.toEqual(bits(first.params));
    first.dispose();
  });
});
