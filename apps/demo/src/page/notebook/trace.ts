/** Runs a cell step by step, and keeps what every gate was: the numbers beside the equations. */
import { gruCell, lstmCell, rnn, simpleRNNCell, type Floats } from '@recurra/cells';
import { reshape, scope, slice, split, stack, tensor, zeros } from '@recurra/core';
import { largestDifference, same, toTensor } from '../../golden.js';
import type { Handler } from '../worker/handler.js';
import { gruStep } from './gru-step.js';
import { lstmStep } from './lstm-step.js';
import { simpleRNNStep } from './simple-rnn-step.js';
import { batch, features, steps, units, type CellName, type Matrix } from './sizes.js';
import { input, kerasCell, type State } from './weights.js';

/** A weight in place of Keras's. */
export interface Change {
  readonly matrix: Matrix;
  readonly row: number;
  readonly column: number;
  readonly value: number;
}
export interface TraceAsk {
  readonly cell: CellName;
  readonly changes: readonly Change[];
  /** Which of the sequences is shown. */
  readonly sequence: number;
}

/** Numbers over time. */
export interface Track {
  readonly name: string;
  readonly width: number;
  /** [steps, width] */
  readonly data: Float32Array;
}
export interface Traced {
  /** What was asked. */
  readonly cell: CellName;
  readonly changes: readonly Change[];
  readonly tracks: readonly Track[];
  readonly weights: Readonly<Record<Matrix, { readonly shape: readonly number[]; readonly data: Float32Array }>>;
  /** All sequences against Keras's outputs, written out by hand as shown and by the library. */
  readonly byHand: Verdict;
  readonly library: Verdict;
}
interface Verdict {
  readonly equal: boolean;
  readonly far: number;
}

const stepOf = { SimpleRNN: simpleRNNStep, LSTM: lstmStep, GRU: gruStep } as const;

export const trace: Handler<'trace'> = async ({ cell: name, changes, sequence }, { backend }) => {
  const keras = kerasCell(name);
  const changed = (matrix: Matrix): Float32Array => {
    const data = Float32Array.from(keras[matrix].data);
    for (const { matrix: of, row, column, value } of changes)
      if (of === matrix) data[row * keras[matrix].shape[1]! + column] = value;
    return data;
  };
  const weights = {
    W: { shape: keras.W.shape, data: changed('W') },
    U: { shape: keras.U.shape, data: changed('U') },
  };

  const { seen, outputs } = scope(() => {
    const [W, U] = [tensor(weights.W.data, weights.W.shape), tensor(weights.U.data, weights.U.shape)];
    const bias = keras.bias && toTensor(keras.bias, backend);
    const x = toTensor(input, backend);
    return { seen: everyStep(name, x, W, U, bias), outputs: byLibrary(name, x, W, U, bias) };
  });
  const numbers: [string, Float32Array][] = [];
  for (const [key, value] of Object.entries(seen)) numbers.push([key, await read(value)]);
  const library = await read(outputs);
  const byHand = numbers.find(([key]) => key === 'h')![1];

  const one = (data: ArrayLike<number>, width: number): Float32Array =>
    Float32Array.from(Array.from(data).slice(sequence * steps * width, (sequence + 1) * steps * width));
  return {
    cell: name,
    changes,
    tracks: [
      { name: 'x', width: features, data: one(input.data, features) },
      ...numbers.map(([key, data]) => ({ name: key, width: units, data: one(data, units) })),
    ],
    weights,
    byHand: { equal: same(byHand, keras.output), far: largestDifference(byHand, keras.output) },
    library: { equal: same(library, keras.output), far: largestDifference(library, keras.output) },
  };
};

/** The loop over time: every gate and state, each [B, T, units]. */
function everyStep(name: CellName, x: Floats, W: Floats, U: Floats, bias: Floats | null): Record<string, Floats> {
  const [b, b_] = name === 'GRU' && bias !== null ? rows(bias) : [bias ?? zeros([W.shape[1]!]), zeros([W.shape[1]!])];
  let state: State = { h: zeros([batch, units]), c: zeros([batch, units]) };
  const all: Record<string, Floats>[] = [];
  for (let t = 0; t < steps; t++) {
    const x_t = reshape(slice(x, [0, t], [-1, 1]), [batch, features]);
    const seen: Record<string, Floats> = stepOf[name](x_t, state, { W, U, b, b_ });
    state = { ...state, ...seen };
    all.push(seen);
  }
  return Object.fromEntries(
    Object.keys(all[0]!).map((key) => [
      key,
      stack(
        all.map((seen) => seen[key]!),
        1,
      ),
    ]),
  );
}

function rows(bias: Floats): [Floats, Floats] {
  const [b, b_] = split(bias, 2, 0);
  return [reshape(b!, [bias.shape[1]!]), reshape(b_!, [bias.shape[1]!])];
}

function byLibrary(name: CellName, x: Floats, kernel: Floats, recurrentKernel: Floats, bias: Floats | null): Floats {
  const all = { returnSequences: true } as const;
  if (bias === null) return rnn(simpleRNNCell({ units, useBias: false }), { kernel, recurrentKernel }, x, all).outputs;
  const params = { kernel, recurrentKernel, bias };
  return name === 'LSTM'
    ? rnn(lstmCell({ units }), params, x, all).outputs
    : rnn(gruCell({ units }), params, x, all).outputs;
}

async function read(x: Floats): Promise<Float32Array> {
  const data = await x.data();
  x.dispose();
  return Float32Array.from(data);
}
