/**
 * Greedy decoding and beam search over models small enough to try out every sequence, and over a real decoder. The models
 * are tables: the logits after each sequence of tokens are random, drawn from the sequence itself.
 */
import { additiveScore, generalScore } from '@recurra/attention';
import { cpu } from '@recurra/backend-cpu';
import { gruCell, lstmCell } from '@recurra/cells';
import { referenceBackend, withoutFused } from '@recurra/conformance-tests';
import {
  concat,
  expandDims,
  gather,
  leaves,
  logSoftmax,
  matmul,
  setRandomSeed,
  tensor,
  type Backend,
  type Tensor,
} from '@recurra/core';
import { describe, expect, it } from 'vitest';
import {
  attentionCell,
  bahdanau,
  beamSearch,
  decoderStep,
  greedyDecode,
  luong,
  teacherForced,
  tileBatch,
  type DecodeStep,
  type Hypothesis,
} from '../src/index.js';
import { draw } from './numbers.js';

type Floats = Tensor<'float32'>;
const engines: readonly [name: string, make: () => Backend][] = [
  ['reference, float64', referenceBackend],
  ['cpu', () => cpu()],
  ['cpu, composed', () => withoutFused(cpu())],
];

/** Logits after a sequence, the same in every run: multiples of 1/16, so that ties happen. */
function logitsAfter(seed: number, sequence: readonly number[], V: number): number[] {
  let h = seed | 0;
  for (const token of [...sequence, 99]) h = Math.imul(h ^ (token + 0x9e3779b9), 0x85ebca6b) ^ (h >>> 13);
  return Array.from({ length: V }, () => {
    h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d) + 0x6d2b79f5;
    return (((h >>> 8) % 97) - 48) / 16;
  });
}

/**
 * A model whose state is everything said so far, [N, length]: it can only be right if the search reorders states with
 * their rows. `seen` is where each row looked: its length and its first token.
 */
function table(
  backend: Backend,
  seed: number,
  V: number,
): { step: DecodeStep<{ said: Floats }>; state: (B: number) => { said: Floats } } {
  return {
    state: (B) => ({ said: tensor(new Float32Array(B), [B, 1], { backend }) }),
    step: (tokens, { said }) => {
      const now = concat([said, expandDims(tensorOf(tokens), 1)], -1);
      const [N, length] = now.shape as [number, number];
      const numbers = now.dataSync();
      const rows = Array.from({ length: N }, (_, n) => Array.from(numbers.slice(n * length + 1, (n + 1) * length)));
      const logits = tensor(
        rows.flatMap((row) => logitsAfter(seed, row, V)),
        [N, V],
        { dtype: 'float32', backend },
      );
      const seen = tensor(
        rows.flatMap((row) => [row.length, row[0]!]),
        [N, 2],
        { dtype: 'float32', backend },
      );
      return { logits, state: { said: now }, alignments: seen };
    },
  };
}
const tensorOf = (x: Tensor<'int32'>): Floats =>
  tensor(Float32Array.from(x.dataSync()), x.shape, { backend: x.backend });

interface Sequence {
  readonly tokens: readonly number[];
  readonly logProbability: number;
}

const logSoftmaxOf = (logits: readonly number[]): number[] => {
  const top = Math.max(...logits);
  const total = Math.log(logits.reduce((sum, x) => sum + Math.exp(x - top), 0));
  return logits.map((x) => x - top - total);
};

/** Every sequence that ends with the stop token, or has `most` tokens. */
function everySequence(seed: number, V: number, start: number, stop: number, most: number): Sequence[] {
  const found: Sequence[] = [];
  const go = (tokens: readonly number[], logProbability: number): void => {
    if (tokens.length === most || tokens.at(-1) === stop) {
      found.push({ tokens, logProbability });
      return;
    }
    const log_p = logSoftmaxOf(logitsAfter(seed, [start, ...tokens], V));
    log_p.forEach((p, token) => go([...tokens, token], logProbability + p));
  };
  go([], 0);
  return found;
}

const penalty = (length: number, α: number): number => ((5 + length) / 6) ** α;
const scoreOf = ({ tokens, logProbability }: Sequence, α: number): number => logProbability / penalty(tokens.length, α);

/** The one that scores best, the first of equals; looked for once, and not again for every engine. */
const bests = new Map<string, Sequence>();
function bestOfAll(seed: number, V: number, start: number, stop: number, most: number, α: number): Sequence {
  const key = [seed, V, start, stop, most, α].join();
  let best = bests.get(key);
  if (best === undefined) {
    best = everySequence(seed, V, start, stop, most).reduce((x, y) => (scoreOf(y, α) > scoreOf(x, α) ? y : x));
    bests.set(key, best);
  }
  return best;
}

/** Beam search as it is told in the docstring, by sequences, with no state to reorder and without ending early. */
function slowBeams(
  seed: number,
  V: number,
  start: number,
  stop: number,
  most: number,
  K: number,
  α: number,
): Sequence[] {
  let live: Sequence[] = [{ tokens: [], logProbability: 0 }];
  const done: Sequence[] = [];
  for (let length = 1; length <= most; length++) {
    const all = live
      .flatMap(({ tokens, logProbability }) =>
        logSoftmaxOf(logitsAfter(seed, [start, ...tokens], V)).map((p, token) => ({
          tokens: [...tokens, token],
          logProbability: logProbability + p,
        })),
      )
      .sort((a, b) => b.logProbability - a.logProbability);
    done.push(...all.slice(0, K).filter(({ tokens }) => tokens.at(-1) === stop || length === most));
    live = all.filter(({ tokens }) => tokens.at(-1) !== stop).slice(0, K);
  }
  return done.sort((a, b) => scoreOf(b, α) - scoreOf(a, α)).slice(0, K);
}

describe.each(engines)('%s', (_, make) => {
  const digits = make().precision === 64 ? 10 : 5;

  describe('beamSearch', () => {
    it.each([
      { V: 3, stop: 0, most: 4, α: 0 },
      { V: 3, stop: 2, most: 4, α: 0.7 },
      { V: 2, stop: 1, most: 5, α: 1.5 },
      { V: 4, stop: 1, most: 3, α: 0.6 },
    ])('of enough beams is every sequence there is: %j', async ({ V, stop, most, α }) => {
      const backend = make();
      const { step, state } = table(backend, 7 * V + stop, V);
      const K = V ** (most - 1);
      const start = [V, V + 3];
      const given = state(2);
      const found = await beamSearch(step, given, { start, stop, maxLength: most, beams: K, lengthNormalization: α });
      for (const [b, hypotheses] of found.entries()) {
        const all = everySequence(7 * V + stop, V, start[b]!, stop, most).sort((x, y) => scoreOf(y, α) - scoreOf(x, α));
        expect(hypotheses.length).toBe(Math.min(K, all.length));
        // Equal scores may come in either order.
        hypotheses.forEach((one, i) => {
          expect(one.score).toBeCloseTo(scoreOf(all[i]!, α), digits);
          const same = all.find(({ tokens }) => tokens.join() === one.tokens.join())!;
          expect(one.logProbability).toBeCloseTo(same.logProbability, digits);
          expect(one.score).toBeCloseTo(scoreOf(same, α), digits);
          expect(one.stopped).toBe(one.tokens.at(-1) === stop);
          expect(one.alignments).toEqual(one.tokens.map((__, t) => [t + 1, start[b]!]));
        });
        expect(new Set(hypotheses.map(({ tokens }) => tokens.join())).size).toBe(hypotheses.length);
      }
    });

    it('of few beams keeps the best at every step', async () => {
      const backend = make();
      let different = 0;
      for (let seed = 1; seed <= 12; seed++) {
        const [V, stop, maxLength, beams, α] = [5, seed % 5, 6, 1 + (seed % 4), (seed % 3) * 0.6];
        const { step, state } = table(backend, seed, V);
        const start = [6, 7, 8];
        const given = state(3);
        const found = await beamSearch(step, given, { start, stop, maxLength, beams, lengthNormalization: α });
        for (const [b, hypotheses] of found.entries()) {
          const expected = slowBeams(seed, V, start[b]!, stop, maxLength, beams, α);
          expect(hypotheses.map(({ tokens }) => tokens)).toEqual(expected.map(({ tokens }) => tokens));
          hypotheses.forEach((one, i) => expect(one.score).toBeCloseTo(scoreOf(expected[i]!, α), digits));
          const best = bestOfAll(seed, V, start[b]!, stop, maxLength, α);
          different += Number(best.tokens.join() !== hypotheses[0]!.tokens.join());
        }
      }
      // Else the small beams would have shown nothing.
      expect(different).toBeGreaterThan(0);
    });

    it('goes on while a longer sequence may still win by its length', async () => {
      const backend = make();
      // Stopping at once has probability 0.6. Who does not, 0.4, says 0 ever after, nearly for certain.
      const step: DecodeStep<{ said: Floats }> = (_tokens, { said }) => {
        const first = said.shape[1] === 1;
        const logits = first ? [Math.log(0.4), Math.log(0.6)] : [0, -20];
        return { logits: tensor([logits], [1, 2], { backend }), state: { said: concat([said, said], -1) } };
      };
      const given = { said: tensor([[0]], [1, 1], { backend }) };
      const options = { start: [0], stop: 1, maxLength: 6, beams: 1 };
      const [[short]] = (await beamSearch(step, given, options)) as [[Hypothesis]];
      expect(short.tokens).toEqual([1]);
      const [[long]] = (await beamSearch(step, given, { ...options, lengthNormalization: 3 })) as [[Hypothesis]];
      expect(long.tokens).toEqual([0, 0, 0, 0, 0, 0]);
      expect(long.stopped).toBe(false);
      expect(long.score).toBeCloseTo(Math.log(0.4) / (11 / 6) ** 3, 5);
    });

    it('frees all it made, also when the step throws, and leaves the state it was given', async () => {
      const backend = make();
      const { step, state } = table(backend, 3, 4);
      const given = state(2);
      const before = backend.live!();
      await beamSearch(step, given, { start: [5, 6], stop: 0, maxLength: 5, beams: 3, lengthNormalization: 1 });
      expect(backend.live!()).toBe(before);
      let calls = 0;
      const failing: typeof step = (tokens, now) => {
        if (++calls === 3) throw new Error('enough');
        return step(tokens, now);
      };
      await expect(beamSearch(failing, given, { start: [5, 6], stop: 9, maxLength: 5, beams: 3 })).rejects.toThrow(
        'vocabulary',
      );
      await expect(beamSearch(failing, given, { start: [5, 6], stop: 0, maxLength: 5, beams: 3 })).rejects.toThrow(
        'enough',
      );
      expect(backend.live!()).toBe(before);
      expect(Array.from(await given.said.data())).toEqual([0, 0]);
    });

    it('forbids what has −∞ logits, and hands out fewer sequences where there are not as many', async () => {
      const backend = make();
      const step: DecodeStep<null> = (tokens) => ({
        logits: tensor(
          Array.from(tokens.dataSync(), (y) =>
            y === 2 ? [0, -Infinity, -Infinity] : [-Infinity, -Infinity, 1],
          ).flat(),
          [tokens.shape[0]!, 3],
          { dtype: 'float32', backend },
        ),
        state: null,
      });
      // Nothing in the state says which backend; the default one is asked, so bring one along.
      const { state } = table(backend, 1, 3);
      const wrapped: DecodeStep<{ said: Floats }> = (tokens, s) => ({ ...step(tokens, null), state: s });
      const [found] = await beamSearch(wrapped, state(1), { start: [1], stop: 0, maxLength: 6, beams: 4 });
      expect(found!.map(({ tokens }) => tokens)).toEqual([[2, 0]]);
      expect(found![0]!.alignments).toBe(null);
      expect(found![0]!.logProbability).toBeCloseTo(0, 6);
    });
  });

  describe('greedyDecode', () => {
    it('takes the likeliest token, the lowest among equals, until the stop token', async () => {
      const backend = make();
      const [V, stop, maxLength] = [4, 3, 7];
      const { step, state } = table(backend, 11, V);
      const start = [4, 5, 6, 7, 8];
      const given = state(start.length);
      const before = backend.live!();
      const found = await greedyDecode(step, given, { start, stop, maxLength });
      expect(backend.live!()).toBe(before);
      for (const [b, row] of found.entries()) {
        const tokens: number[] = [];
        let logProbability = 0;
        while (tokens.length < maxLength && tokens.at(-1) !== stop) {
          const log_p = logSoftmaxOf(logitsAfter(11, [start[b]!, ...tokens], V));
          tokens.push(log_p.indexOf(Math.max(...log_p)));
          logProbability += log_p[tokens.at(-1)!]!;
        }
        expect(row.tokens).toEqual(tokens);
        expect(row.stopped).toBe(tokens.at(-1) === stop);
        expect(row.logProbability).toBeCloseTo(logProbability, digits);
        expect(row.alignments).toEqual(tokens.map((__, t) => [t + 1, start[b]!]));
      }
      expect(new Set(found.map(({ tokens }) => tokens.length)).size).toBeGreaterThan(1);
    });

    it('is beam search with one beam', async () => {
      const backend = make();
      for (let seed = 20; seed < 26; seed++) {
        const { step, state } = table(backend, seed, 5);
        const how = { start: [5, 6], stop: 2, maxLength: 5 };
        const greedy = await greedyDecode(step, state(2), how);
        const beams = await beamSearch(step, state(2), { ...how, beams: 1, lengthNormalization: 0.9 });
        expect(beams.map(([best]) => best!.tokens)).toEqual(greedy.map(({ tokens }) => tokens));
      }
    });
  });

  describe('decoderStep', () => {
    const decoders = {
      luong: () => attentionCell(lstmCell({ units: 4 }), generalScore(), luong({ units: 5 })),
      // Each has its own type of parameters; the test only hands back what init gave.
      bahdanau: () => attentionCell(gruCell({ units: 5 }), additiveScore({ units: 3 }), bahdanau()) as unknown,
    };
    it.each(['luong', 'bahdanau'] as const)('%s: what it says is what teacher forcing says of it', async (form) => {
      const backend = make();
      const { floats } = draw(backend, 9);
      const [B, Tk, M, F, V, K] = [2, 4, 3, 2, 6, 3];
      setRandomSeed(17);
      const decoder = decoders[form]() as ReturnType<typeof decoders.luong>;
      const params = decoder.init({ inputs: F, memory: M }, { backend });
      const memory = floats([B, Tk, M]);
      const mask = tensor(
        [
          [true, true, false, true],
          [true, true, true, false],
        ],
        undefined,
        { dtype: 'bool', backend },
      );
      const embedding = floats([V, F]);
      const kernel = floats([5, V], 2);
      const ends = { embed: (t: Tensor<'int32'>) => gather(embedding, t), readout: (y: Floats) => matmul(y, kernel) };
      const options = { start: [1, 3], stop: 0, maxLength: 6 };

      /** log p of a row's tokens and where it looked, by teacher forcing. */
      const forced = async (
        b: number,
        tokens: readonly number[],
      ): Promise<{ log_p: number; alignments: number[][] }> => {
        const said = [options.start[b]!, ...tokens.slice(0, -1)];
        const x = gather(
          embedding,
          tensor(Int32Array.from([...said, ...said]), [B, said.length], { dtype: 'int32', backend }),
        );
        const { outputs, alignments } = teacherForced(decoder.with(memory, mask), params, x);
        const log_p = await logSoftmax(matmul(outputs, kernel), -1).raw();
        const a = await alignments.raw();
        const at = (t: number): number => b * said.length + t;
        return {
          log_p: tokens.reduce((sum, y, t) => sum + log_p[at(t) * V + y]!, 0),
          alignments: tokens.map((__, t) => Array.from(a.slice(at(t) * Tk, (at(t) + 1) * Tk))),
        };
      };
      const close = (a: readonly (readonly number[])[], e: readonly number[][]): void =>
        a.forEach((row, t) => row.forEach((w, j) => expect(w).toBeCloseTo(e[t]![j]!, digits)));

      const before = backend.live!();
      const step = decoderStep(decoder.with(memory, mask), params, ends);
      const initial = step.initialState();
      const greedy = await greedyDecode(step, initial, options);
      const wide = decoder.with(tileBatch(memory, K), tileBatch(mask, K));
      const wideStep = decoderStep(wide, params, ends);
      const wideInitial = wideStep.initialState();
      const beams = await beamSearch(wideStep, wideInitial, { ...options, beams: K });
      const again = await beamSearch(wideStep, initial, { ...options, beams: K });
      expect(again).toEqual(beams);
      // A step frees the states that it began with, also those that are freed already.
      for (const x of leaves(wideInitial)) x.dispose();
      step.dispose();
      wideStep.dispose();
      expect(backend.live!()).toBe(before + 2); // the tiled memory and mask

      for (let b = 0; b < B; b++) {
        expect(beams[b]!.length).toBe(K);
        for (const one of [greedy[b]!, ...beams[b]!]) {
          const expected = await forced(b, one.tokens);
          expect(one.logProbability).toBeCloseTo(expected.log_p, digits);
          close(one.alignments!, expected.alignments);
          expect(one.alignments!.every((row) => row[b === 0 ? 2 : 3] === 0)).toBe(true);
        }
      }
    });
  });
});
