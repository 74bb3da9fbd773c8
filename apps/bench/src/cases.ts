/** What is measured: recurrences at four sizes, a training step, and what one op on one number costs. */

/** A whole sequence, every step's output handed out. Sizes are counts. */
export interface RecurrentCase {
  readonly kind: 'recurrent';
  readonly id: string;
  readonly cell: CellName;
  readonly batch: number;
  readonly time: number;
  readonly inputs: number;
  readonly units: number;
  /** Whether a peer takes seconds for one call: left out of quick runs. */
  readonly slow: boolean;
}

/** Additions of two tensors of one element, each using the sum before it, inside one scope. */
export interface GateCase {
  readonly kind: 'gate';
  readonly id: string;
  readonly adds: number;
  readonly slow: false;
}

/**
 * Training steps of an LSTM on one batch: forward, backward and gradient descent on the mean square error of the last output.
 */
export interface TrainingCase extends Omit<RecurrentCase, 'kind'> {
  readonly kind: 'training';
  /** The rate of gradient descent. */
  readonly rate: number;
}

export type Case = RecurrentCase | TrainingCase | GateCase;
export type CellName = 'SimpleRNN' | 'LSTM' | 'GRU';

/** A tick of a stream, a long sequence, a tutorial's size, a training batch. */
const sizes = [
  [1, 1, 128, 128],
  [1, 100, 64, 128],
  [32, 16, 12, 8],
  [32, 50, 128, 256],
] as const;

const recurrent: RecurrentCase[] = (['SimpleRNN', 'LSTM', 'GRU'] as const).flatMap((cell) =>
  sizes.map(([batch, time, inputs, units]) => {
    const id = `${cell} ${batch},${time},${inputs},${units}`;
    return { kind: 'recurrent', id, cell, batch, time, inputs, units, slow: units === 256 };
  }),
);

const gate: GateCase[] = [1, 100].map((adds) => ({ kind: 'gate', id: `gate ${adds}`, adds, slow: false }));

const training: TrainingCase = {
  kind: 'training',
  id: 'training LSTM 32,50,64,128',
  cell: 'LSTM',
  batch: 32,
  time: 50,
  inputs: 64,
  units: 128,
  rate: 1,
  slow: true,
};

export const cases: readonly Case[] = [...recurrent, training, ...gate];

/**
 * The cases whose id holds one of the texts, in any case of letters; all without a text.
 *
 * @param quick leave the slow ones out
 */
export function select(texts: readonly string[], quick: boolean): readonly Case[] {
  const wanted = texts.map((text) => text.toLowerCase());
  return cases.filter(
    ({ id, slow }) =>
      !(quick && slow) && (wanted.length === 0 || wanted.some((text) => id.toLowerCase().includes(text))),
  );
}
