/** A GRU that spells: from the letters so far it guesses the next one. Letter 0 stands before and after a word. */
import { gruCell, rnn, type Cell, type Floats, type GRUParams, type GRUState } from '@recurra/cells';
import { add, glorotUniform, matmul, tensor, zeros, type Tensor } from '@recurra/core';
import { sparseCategoricalCrossentropy } from '@recurra/train';
import { ALPHABET, units } from './sizes.js';

export const cell: Cell<GRUParams, GRUState> = gruCell({ units });

export type Params = ReturnType<typeof init>;

export function init() {
  const width = ALPHABET.length;
  return {
    gru: cell.init(width),
    out: { kernel: tensor(glorotUniform()([units, width]), [units, width]) as Floats, bias: zeros([width]) as Floats },
  };
}

/** Words to spell. */
export interface Spelling {
  /** [B, T, letters], one-hot: a blank, then the letters */
  readonly x: Floats;
  /** [B, T]: the letters, then a blank */
  readonly y: Tensor<'int32'>;
  /** [B, T], false at padding */
  readonly mask: Tensor<'bool'>;
}

export function spelling(words: readonly string[]): Spelling {
  const T = Math.max(...words.map((word) => word.length)) + 1;
  const width = ALPHABET.length;
  const x = new Float32Array(words.length * T * width);
  const y = new Int32Array(words.length * T);
  for (const [b, word] of words.entries())
    for (let t = 0; t <= word.length; t++) {
      x[(b * T + t) * width + (t === 0 ? 0 : ALPHABET.indexOf(word[t - 1]!))] = 1;
      y[b * T + t] = t < word.length ? ALPHABET.indexOf(word[t]!) : 0;
    }
  return {
    x: tensor(x, [words.length, T, width]),
    y: tensor(y, [words.length, T]),
    mask: tensor(words.map((word) => Array.from({ length: T }, (_, t) => t <= word.length))),
  };
}

/** The mean over letters of −ln p(letter). */
export function loss(params: Params, { x, y, mask }: Spelling): Floats {
  const { outputs } = rnn(cell, params.gru, x, { returnSequences: true });
  const logits = add(matmul(outputs, params.out.kernel), params.out.bias);
  return sparseCategoricalCrossentropy(y, logits, { fromLogits: true, mask });
}
