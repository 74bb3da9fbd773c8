/** An LSTM over a sequence, with onnxruntime; the first argument is the file to import. */
import type { Runtime } from '../engines/onnxruntime.js';
import { modelOf } from '../onnx/model.js';
import { recurrenceGraph } from '../onnx/recurrence.js';
import * as lstm from './lstm.js';

const { inputs, time, units } = lstm;

async function main(): Promise<void> {
  const loaded = (await import(process.argv[2]!)) as { readonly default?: Runtime } & Runtime;
  const ort = loaded.default?.InferenceSession ? loaded.default : loaded;
  ort.env.wasm.numThreads = 1;
  const weights = { kernel: lstm.kernel(), recurrentKernel: lstm.recurrentKernel(), bias: lstm.bias() };
  const graph = recurrenceGraph({ cell: 'LSTM', batch: 1, time, inputs, units }, weights, false);
  const session = await ort.InferenceSession.create(modelOf(graph), { intraOpNumThreads: 1 });
  const { Y } = await session.run({ X: new ort.Tensor('float32', lstm.x(), [time, 1, inputs]) });
  lstm.done(Y!.data);
}

void main();
