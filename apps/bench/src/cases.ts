/** What is measured: recurrences at six sizes, streams, attention, training steps, and what one op on one number costs. */

/** `GRU` resets after the recurrent product, Keras's default; some libraries know only the other form. */
export type CellName = 'SimpleRNN' | 'LSTM' | 'GRU' | 'GRU reset before';

interface Common {
  readonly id: string;
  /** Whether it is part of a quick run. */
  readonly quick: boolean;
}

/** A whole sequence, every step's output handed out. Sizes are counts. */
export interface RecurrentCase extends Common {
  readonly kind: 'recurrent';
  readonly cell: CellName;
  readonly batch: number;
  readonly time: number;
  readonly inputs: number;
  readonly units: number;
}

/** One step of a stream that keeps its state, as wide as its frames: batch and time are 1. */
export interface StreamCase extends Omit<RecurrentCase, 'kind'> {
  readonly kind: 'stream';
}

/** Training steps on one batch: forward, backward and gradient descent on the mean square error of the last output. */
export interface TrainingCase extends Omit<RecurrentCase, 'kind'> {
  readonly kind: 'training';
  /** The rate of gradient descent. */
  readonly rate: number;
}

/** One query for each sequence over a memory (additive, dot), or a sequence over itself (multi-head, 8 heads). */
export interface AttentionCase extends Common {
  readonly kind: 'attention';
  readonly form: 'additive' | 'dot' | 'multi-head';
  readonly batch: number;
  readonly memory: number;
  readonly width: number;
}

/** Additions of two tensors of one element, each using the sum before it, inside one scope. */
export interface GateCase extends Common {
  readonly kind: 'gate';
  readonly adds: number;
}

export type Case = RecurrentCase | StreamCase | TrainingCase | AttentionCase | GateCase;

export const heads = 8;

const cells: readonly CellName[] = ['SimpleRNN', 'LSTM', 'GRU', 'GRU reset before'];

/** One call for one step, a long sequence, a tutorial's size, a training batch, a large one, and weights beyond any cache. */
const sizes = [
  [1, 1, 128, 128],
  [1, 100, 64, 128],
  [32, 16, 12, 8],
  [32, 50, 128, 256],
  [64, 25, 512, 512],
  [1, 50, 512, 1024],
] as const;

const recurrent = cells.flatMap((cell) =>
  sizes.map(([batch, time, inputs, units]): RecurrentCase => {
    const id = `${cell} ${batch},${time},${inputs},${units}`;
    const quick = batch === 32 && units === 8 && cell !== 'GRU reset before';
    return { kind: 'recurrent', id, cell, batch, time, inputs, units, quick };
  }),
);

const streams = cells.flatMap((cell) =>
  [32, 64, 128, 256, 512, 1024].map((units): StreamCase => {
    const quick = units === 128 && (cell === 'LSTM' || cell === 'GRU');
    return { kind: 'stream', id: `stream ${cell} ${units}`, cell, batch: 1, time: 1, inputs: units, units, quick };
  }),
);

const training = cells.map((cell): TrainingCase => ({
  kind: 'training',
  id: `training ${cell} 32,50,64,128`,
  cell,
  batch: 32,
  time: 50,
  inputs: 64,
  units: 128,
  rate: 1,
  quick: false,
}));

const attention = (['additive', 'dot', 'multi-head'] as const).flatMap((form) =>
  [1, 16].flatMap((batch) =>
    [32, 128, 512].flatMap((memory) =>
      [128, 512].map((width): AttentionCase => {
        const id = `attention ${form} ${batch},${memory},${width}`;
        const quick = form === 'additive' && batch === 16 && memory === 32 && width === 128;
        return { kind: 'attention', id, form, batch, memory, width, quick };
      }),
    ),
  ),
);

const gate = [1, 100].map((adds): GateCase => ({ kind: 'gate', id: `gate ${adds}`, adds, quick: adds === 100 }));

export const cases: readonly Case[] = [...recurrent, ...streams, ...training, ...attention, ...gate];

/**
 * Multiplications of a run, as far as its time depends on them: of the recurrences, the streams, and forward, backward and
 * the weights' gradients of training. What decides whether a slow peer can do a case at all.
 */
export function productsOf(task: Case): number {
  if (task.kind === 'gate') return task.adds;
  if (task.kind === 'attention') {
    const { batch, memory, width } = task;
    if (task.form === 'multi-head') return batch * memory * width * (4 * width + 2 * memory);
    return batch * memory * width * (task.form === 'additive' ? width : 2);
  }
  const { cell, batch, time, inputs, units } = task;
  return batch * time * (inputs + units) * units * gatesOf[cell] * (task.kind === 'training' ? 3 : 1);
}

/** Blocks of the kernels, side by side in Keras's order. */
export const gatesOf: Readonly<Record<CellName, number>> = { SimpleRNN: 1, LSTM: 4, GRU: 3, 'GRU reset before': 3 };

/**
 * The cases whose id holds one of the texts, in any case of letters; all without a text.
 *
 * @param quick only those of a quick run, unless they are asked for by name
 */
export function select(texts: readonly string[], quick: boolean): readonly Case[] {
  const wanted = texts.map((text) => text.toLowerCase());
  return cases.filter((task) =>
    wanted.length === 0 ? !quick || task.quick : wanted.some((text) => task.id.toLowerCase().includes(text)),
  );
}
