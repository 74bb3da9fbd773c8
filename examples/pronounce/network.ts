/**
 * From letters to phonemes (Bahdanau et al. 2015):
 *
 *     letters ─embed─▶ bidirectional GRU ─▶ memory [B, L, 2·units]
 *     h_0 = tanh(W·←h_1),  the backward GRU's last state
 *     phoneme before ─embed─▶ GRU that looks at the memory ─▶ y_t ─▶ logits
 */
import { additiveScore } from '@recurra/attention';
import { bidirectional, gruCell, type Floats } from '@recurra/cells';
import { add, gather, glorotUniform, matmul, randomUniform, scope, tanh, tensor, zeros } from '@recurra/core';
import { attentionCell, bahdanau, decoderStep, greedyDecode, teacherForced, type Decoded } from '@recurra/seq2seq';
import { sparseCategoricalCrossentropy } from '@recurra/train';
import { LETTERS, PHONEMES, START, STOP, type Lesson, type Words } from './batches.js';

export type Network = ReturnType<typeof network>;
export type Params = ReturnType<Network['init']>;

/** A network of `units` in each direction of the encoder and twice as many in the decoder. */
export function network({ units, features }: { units: number; features: number }) {
  const [there, back] = [gruCell({ units }), gruCell({ units })];
  const decoder = attentionCell(gruCell({ units: 2 * units }), additiveScore({ units: 2 * units }), bahdanau());

  const init = () => ({
    letters: tensor(randomUniform()([LETTERS.length, features]), [LETTERS.length, features]),
    phonemes: tensor(randomUniform()([PHONEMES.length, features]), [PHONEMES.length, features]),
    there: there.init(features),
    back: back.init(features),
    bridge: dense(units, 2 * units),
    decoder: decoder.init({ inputs: features, memory: 2 * units }),
    out: dense(2 * units, PHONEMES.length),
  });
  type Weights = ReturnType<typeof init>;

  /** The decoder before its first step. */
  const begun = (p: Weights, { letters, lettersMask }: Words) => {
    const directions = { forward: [there, p.there], backward: [back, p.back] } as const;
    const read = bidirectional(directions, gather(p.letters, letters), { mask: lettersMask, returnSequences: true });
    const cell = decoder.with(read.outputs, lettersMask);
    const initialState = {
      ...cell.initialState(p.decoder, letters.shape[0]!),
      cell: { h: tanh(applied(p.bridge, read.state.backward.h)) },
    };
    return { cell, initialState };
  };

  /** Where each step looked when it was told what to say: [B, P, L]. And the logits [B, P, phonemes]. */
  const forced = (p: Weights, lesson: Lesson) => {
    const { cell, initialState } = begun(p, lesson);
    const x = gather(p.phonemes, lesson.before);
    const { outputs, alignments } = teacherForced(cell, p.decoder, x, { initialState });
    return { logits: applied(p.out, outputs), alignments };
  };

  return {
    init,
    forced,
    /** The mean over phonemes of −ln p(phoneme). */
    loss: (p: Weights, lesson: Lesson): Floats =>
      sparseCategoricalCrossentropy(lesson.after, forced(p, lesson).logits, {
        fromLogits: true,
        mask: lesson.phonemesMask,
      }),
    /** What the network says of each word, and where it looked. */
    async said(p: Weights, words: Words): Promise<Decoded[]> {
      const { step, initialState } = scope(() => {
        const { cell, initialState: state } = begun(p, words);
        const one = decoderStep(cell, p.decoder, {
          embed: (tokens) => gather(p.phonemes, tokens),
          readout: (y) => applied(p.out, y),
        });
        return { step: one, initialState: state };
      });
      try {
        const [rows, letters] = words.letters.shape as readonly [number, number];
        const search = { start: new Int32Array(rows).fill(START), stop: STOP, maxLength: 2 * letters + 4 };
        return await greedyDecode(step, initialState, search);
      } finally {
        step.dispose();
        for (const x of [initialState.cell.h, initialState.attention, initialState.alignments]) x.dispose();
      }
    },
  };
}

type Dense = { readonly kernel: Floats; readonly bias: Floats };

function dense(inputs: number, units: number): Dense {
  return { kernel: tensor(glorotUniform()([inputs, units]), [inputs, units]), bias: zeros([units]) };
}

function applied({ kernel, bias }: Dense, x: Floats): Floats {
  return add(matmul(x, kernel), bias);
}
