/**
 * Keras's weights in a recurrence of ONNX: a kernel is transposed, a gate has its rows together, and the gates of an
 * LSTM come in another order. What a sequence gives and the last state are outputs.
 */
import type { CellName } from '../cases.js';
import type { Constant, Graph, Shapes } from './model.js';

export interface RecurrenceSizes {
  readonly cell: CellName;
  readonly batch: number;
  readonly time: number;
  readonly inputs: number;
  readonly units: number;
}

/** In Keras's layout: [inputs, gates · units], [units, gates · units], and the bias. */
export interface KerasWeights {
  readonly kernel: Float32Array;
  readonly recurrentKernel: Float32Array;
  readonly bias: Float32Array;
}

interface Form {
  readonly op: string;
  /** For each gate of ONNX, in its order, which one of Keras it is. */
  readonly gates: readonly number[];
  readonly attributes: Readonly<Record<string, number>>;
}

const gru = { op: 'GRU', gates: [0, 1, 2] }; // z r h in both
const forms: Readonly<Record<CellName, Form>> = {
  SimpleRNN: { op: 'RNN', gates: [0], attributes: {} },
  LSTM: { op: 'LSTM', gates: [0, 3, 1, 2], attributes: {} }, // i o f c out of i f c o
  GRU: { ...gru, attributes: { linear_before_reset: 1 } },
  'GRU reset before': { ...gru, attributes: { linear_before_reset: 0 } },
};

/**
 * X [T, B, inputs] → Y [T, 1, B, units].
 *
 * @param withState the states go in as initial_h (and initial_c) and come out as Y_h (and Y_c), each [1, B, units]
 */
export function recurrenceGraph(sizes: RecurrenceSizes, weights: KerasWeights, withState: boolean): Graph {
  const { cell, batch, time, inputs, units } = sizes;
  const { op, gates, attributes } = forms[cell];
  const rows = gates.length * units;
  const states = !withState ? [] : cell === 'LSTM' ? ['h', 'c'] : ['h'];
  const shapes = (prefix: string): Shapes =>
    Object.fromEntries(states.map((name) => [prefix + name, [1, batch, units]]));
  const constants: Record<string, Constant> = {
    W: { shape: [1, rows, inputs], data: rowsByGate(weights.kernel, units, gates) },
    R: { shape: [1, rows, units], data: rowsByGate(weights.recurrentKernel, units, gates) },
    B: { shape: [1, 2 * rows], data: bothBiases(weights.bias, units, gates) },
  };
  const before = shapes('initial_');
  const after = shapes('Y_');
  return {
    nodes: [
      {
        op,
        // The empty one: how long each sequence is.
        inputs: ['X', 'W', 'R', 'B', ...(withState ? ['', ...Object.keys(before)] : [])],
        outputs: ['Y', ...Object.keys(after)],
        attributes: { hidden_size: units, ...attributes },
      },
    ],
    constants,
    inputs: { X: [time, batch, inputs], ...before },
    outputs: { Y: [time, 1, batch, units], ...after },
  };
}

/** [rows, gates · units] → [gates · units, rows], the gates in the order asked for. */
export function rowsByGate(kernel: Float32Array, units: number, gates: readonly number[]): Float32Array {
  const columns = gates.length * units;
  const rows = kernel.length / columns;
  const out = new Float32Array(kernel.length);
  for (const [to, from] of gates.entries())
    for (let u = 0; u < units; u++)
      for (let r = 0; r < rows; r++) out[(to * units + u) * rows + r] = kernel[r * columns + from * units + u]!;
  return out;
}

/** ONNX always has two biases, the input's and the state's; Keras has the second one only for a GRU that resets after. */
function bothBiases(bias: Float32Array, units: number, gates: readonly number[]): Float32Array {
  const columns = gates.length * units;
  const out = new Float32Array(2 * columns);
  for (let row = 0; row * columns < bias.length; row++)
    out.set(rowsByGate(bias.subarray(row * columns, (row + 1) * columns), units, gates), row * columns);
  return out;
}
