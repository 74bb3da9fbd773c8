/** A curve of Keras as a program of ours: a layer, a dense one, the mean squared error, one batch again and again. */
import { kerasAdditiveAttention, multiHeadAttention } from '@recurra/attention';
import { gruCell, lstmCell, rnn, simpleRNNCell, type Cell } from '@recurra/cells';
import { add, matmul, mean, reshape, type Backend } from '@recurra/core';
import { adagrad, adam, adamW, fit, meanSquaredError, rmsprop, sgd, type Floats, type Optimizer } from '@recurra/train';
import { floats, numbersOf, type Numbers } from './numbers.js';

export interface Curve {
  readonly cell: string;
  readonly name: string;
  readonly options: object;
  readonly x: Numbers;
  readonly y: Numbers;
  /** In Keras's order, the dense layer's kernel and bias last. */
  readonly weights: readonly Numbers[];
  readonly losses: readonly number[];
}

const optimizers = { sgd, adam, adamW, rmsprop, adagrad } as unknown as Record<string, (o: object) => Optimizer>;

export const keyOfCurve = ({ cell, name, options }: Curve): string => `${cell} ${name} ${JSON.stringify(options)}`;

type Layer = (weights: readonly Floats[], x: Floats) => Floats;

function recurrent(cell: Cell): Layer {
  return ([kernel, recurrentKernel, bias], x) => rnn(cell, { kernel, recurrentKernel, bias }, x).outputs;
}

/** The weights of a layer with heads: query, key, value, output, each kernel and bias, as Keras lists them. */
function heads(x: Floats, w: readonly Floats[]): Floats {
  const of = (i: number): { kernel: Floats; bias: Floats } => ({ kernel: w[i]!, bias: w[i + 1]! });
  const params = { query: of(0), key: of(2), value: of(4), attentionOutput: of(6) };
  return multiHeadAttention({ numHeads: 2, keyDim: 3 })(params, [x, x]).outputs;
}

function layerOf(cell: string, units: number): Layer {
  switch (cell.toLowerCase()) {
    case 'simplernn':
      return recurrent(simpleRNNCell({ units }) as unknown as Cell);
    case 'lstm':
      return recurrent(lstmCell({ units }) as unknown as Cell);
    case 'gru':
      return recurrent(gruCell({ units }) as unknown as Cell);
    case 'additive':
      return ([scale], x) => mean(kerasAdditiveAttention()({ scale: scale! }, [x, x]).outputs, { axis: 1 });
    default:
      return (w, x) => mean(heads(x, w), { axis: 1 });
  }
}

/** Loss before each step, and the weights after the last one. */
export async function trainCurve(
  curve: Curve,
  backend: Backend,
): Promise<{ readonly losses: number[]; readonly final: number[][] }> {
  const params = curve.weights.map((w) => floats(w, backend));
  const data = { x: floats(curve.x, backend), y: floats(curve.y, backend) };
  const [rows, outputs] = curve.weights[curve.weights.length - 2]!.shape as [number, number];
  const layer = layerOf(curve.cell, rows);
  const run = fit({
    params,
    data,
    loss(weights: readonly Floats[], { x, y }: typeof data) {
      const [kernel, bias] = weights.slice(-2) as [Floats, Floats];
      const h = layer(weights.slice(0, -2), x);
      return meanSquaredError(y, add(matmul(reshape(h, [h.shape[0]!, rows]), kernel), reshape(bias, [1, outputs])));
    },
    optimizer: optimizers[curve.name]!(curve.options),
    epochs: curve.losses.length,
    batchSize: curve.x.shape[0]!,
    shuffle: false,
  });
  const losses: number[] = [];
  for await (const { loss } of run) losses.push(loss);
  const final = await Promise.all(run.params.map(numbersOf));
  run.dispose();
  for (const x of [...params, ...run.params, data.x, data.y]) x.dispose();
  return { losses, final };
}
