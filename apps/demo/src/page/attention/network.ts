/**
 * From letters to phonemes:
 *
 *     letters ─embed─▶ bidirectional GRU ─▶ memory [B, L, 2·units]
 *     h_0 = tanh(W·←h_1),  the backward GRU's last state
 *     phoneme before ─embed─▶ GRU that looks at the memory ─▶ y_t ─▶ logits
 *
 * It looks as Bahdanau et al. 2015 do: before the step, with score v·tanh(W q + U k); or as Luong et al. 2015: after it,
 * with score q·W·k.
 */
import { additiveScore, generalScore } from '@recurra/attention';
import { bidirectional, gruCell, type Floats } from '@recurra/cells';
import { add, gather, glorotUniform, matmul, randomUniform, scope, tanh, tensor, zeros } from '@recurra/core';
import {
  attentionCell,
  bahdanau,
  decoderStep,
  greedyDecode,
  luong,
  teacherForced,
  type Decoded,
} from '@recurra/seq2seq';
import { sparseCategoricalCrossentropy } from '@recurra/train';
import { LETTERS, PHONEMES, START, STOP } from './alphabet.js';
import type { Lesson, Words } from './batches.js';

export type Look = 'bahdanau' | 'luong';

/** How large the networks of this page are. */
export const [units, features] = [40, 24];

export type Network = ReturnType<typeof network>;
export type Params = ReturnType<Network['init']>;

export function network(look: Look) {
  const [there, back] = [gruCell({ units }), gruCell({ units })];
  const inner = gruCell({ units: 2 * units });
  const decoder =
    look === 'bahdanau'
      ? attentionCell(inner, additiveScore({ units: 2 * units }), bahdanau())
      : attentionCell(inner, generalScore(), luong({ units: 2 * units }));

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
  // The two decoders differ in their types alone: each gets what its own init made.
  const bound = (memory: Floats, mask: Words['lettersMask']) => decoder.with(memory, mask) as never as BoundCell;
  type BoundCell = ReturnType<ReturnType<typeof attentionCell>['with']>;

  /** The decoder before its first step. */
  const begun = (p: Weights, { letters, lettersMask }: Words) => {
    const directions = { forward: [there, p.there], backward: [back, p.back] } as const;
    const read = bidirectional(directions, gather(p.letters, letters), { mask: lettersMask, returnSequences: true });
    const cell = bound(read.outputs, lettersMask);
    const initialState = {
      ...cell.initialState(p.decoder as never, letters.shape[0]!),
      cell: { h: tanh(applied(p.bridge, read.state.backward.h)) },
    };
    return { cell, initialState };
  };

  return {
    init,
    /** The mean over phonemes of −ln p(phoneme). */
    loss(p: Weights, lesson: Lesson): Floats {
      const { cell, initialState } = begun(p, lesson);
      const x = gather(p.phonemes, lesson.before);
      const { outputs } = teacherForced(cell, p.decoder as never, x, { initialState });
      const logits = applied(p.out, outputs);
      return sparseCategoricalCrossentropy(lesson.after, logits, { fromLogits: true, mask: lesson.phonemesMask });
    },
    /** What the network says of each word, and where it looked. */
    async said(p: Weights, words: Words): Promise<Decoded[]> {
      const { step, initialState } = scope(() => {
        const { cell, initialState: state } = begun(p, words);
        const one = decoderStep(cell, p.decoder as never, {
          embed: (tokens) => gather(p.phonemes, tokens),
          readout: (y) => applied(p.out, y),
        });
        return { step: one, initialState: state };
      });
      try {
        const [rows, letters] = words.letters.shape as readonly [number, number];
        const search = { start: new Int32Array(rows).fill(START), stop: STOP, maxLength: 2 * letters + 4 };
        return await greedyDecode(step, initialState as never, search);
      } finally {
        step.dispose();
        for (const x of [initialState.cell.h, initialState.attention, initialState.alignments]) x.dispose();
      }
    },
  };
}

type Dense = { readonly kernel: Floats; readonly bias: Floats };

function dense(inputs: number, outputs: number): Dense {
  return { kernel: tensor(glorotUniform()([inputs, outputs]), [inputs, outputs]), bias: zeros([outputs]) };
}

function applied({ kernel, bias }: Dense, x: Floats): Floats {
  return add(matmul(x, kernel), bias);
}
