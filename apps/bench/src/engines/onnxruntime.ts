/**
 * A runtime of ONNX graphs, in the browser's build or the native one: their calls are the same.
 *
 * Its sequences are [time, batch, inputs]. They are laid out so before the clock starts, and its outputs are laid out as
 * ours after it stopped: the peer gets its own layout for nothing.
 */
import { heads, type AttentionCase, type Case, type RecurrentCase, type StreamCase } from '../cases.js';
import { numbersFor, type Numbers } from '../numbers.js';
import { dotGraph, headsGraph } from '../onnx/attention.js';
import { modelOf, type Graph } from '../onnx/model.js';
import { recurrenceGraph } from '../onnx/recurrence.js';
import { comparedSteps, type Engine, type Prepared } from '../peer.js';

/** As much of onnxruntime-common as is used here; it is not there when this is compiled. */
export interface Runtime {
  readonly Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => OnnxTensor;
  readonly env: { readonly wasm: { numThreads?: number } };
  readonly InferenceSession: { create(model: Uint8Array, options: object): Promise<Session> };
}

export interface OnnxTensor {
  readonly data: Float32Array;
}

type Feeds = Readonly<Record<string, OnnxTensor>>;

export interface Session {
  run(feeds: Feeds): Promise<Feeds>;
}

/** What the runtime is asked for: one thread, and all that it can optimize. */
const sessionOptions = { intraOpNumThreads: 1, interOpNumThreads: 1, graphOptimizationLevel: 'all' };

/** Recurrences, streams, and attention that is matrix products. */
export function knownToOnnx(task: Case): boolean {
  if (task.kind === 'recurrent' || task.kind === 'stream') return task.cell !== 'GRU reset before';
  return task.kind === 'attention' && task.form !== 'additive';
}

export function onnxEngine(ort: Runtime): Engine {
  const open = (graph: Graph) => ort.InferenceSession.create(modelOf(graph), sessionOptions);
  const floats = (data: Float32Array, dims: readonly number[]) => new ort.Tensor('float32', data, dims);

  async function recurrence(task: RecurrentCase, numbers: Numbers): Promise<Prepared> {
    const { batch, time, inputs, units } = task;
    const session = await open(recurrenceGraph(task, weightsOf(numbers), false));
    const x = swapped(numbersFor(numbers, 'x'), batch, time, inputs);
    const run = async () => (await session.run({ X: floats(x, [time, batch, inputs]) }))['Y']!.data;
    return { run, output: async () => swapped(await run(), time, batch, units) };
  }

  async function streaming(task: StreamCase, numbers: Numbers): Promise<Prepared> {
    const { inputs, units } = task;
    const session = await open(recurrenceGraph(task, weightsOf(numbers), true));
    const frame = numbersFor(numbers, 'x');
    const zeros = () => floats(new Float32Array(units), [1, 1, units]);
    let states: Feeds = { initial_h: zeros(), ...(task.cell === 'LSTM' && { initial_c: zeros() }) };
    const run = async () => {
      const { Y, Y_h, Y_c } = await session.run({ X: floats(frame, [1, 1, inputs]), ...states });
      states = { initial_h: Y_h!, ...(Y_c && { initial_c: Y_c }) };
      return Y!.data;
    };
    const output = async () => {
      const steps: number[] = [];
      for (let step = 0; step < comparedSteps; step++) steps.push(...(await run()));
      return Float32Array.from(steps);
    };
    return { run, output };
  }

  async function attending({ form, batch, memory, width }: AttentionCase, numbers: Numbers): Promise<Prepared> {
    const whole = [batch, memory, width];
    const session = await open(
      form === 'dot'
        ? dotGraph(batch, memory, width)
        : headsGraph(
            { batch, memory, width, heads },
            {
              query: projection(numbers, 'query'),
              key: projection(numbers, 'key'),
              value: projection(numbers, 'value'),
              output: projection(numbers, 'output'),
            },
          ),
    );
    const feeds = (): Feeds =>
      form === 'dot'
        ? {
            query: floats(numbersFor(numbers, 'query'), [batch, 1, width]),
            keys: floats(numbersFor(numbers, 'keys'), whole),
          }
        : { x: floats(numbersFor(numbers, 'x'), whole) };
    const run = async () => (await session.run(feeds()))['Y']!.data;
    return { run, output: run };
  }

  return {
    prepare(task, numbers) {
      if (task.kind === 'recurrent') return recurrence(task, numbers);
      if (task.kind === 'stream') return streaming(task, numbers);
      if (task.kind === 'attention') return attending(task, numbers);
      return `runs graphs only, no ${task.kind}`;
    },
  };
}

function weightsOf(numbers: Numbers) {
  return {
    kernel: numbersFor(numbers, 'kernel'),
    recurrentKernel: numbersFor(numbers, 'recurrentKernel'),
    bias: numbersFor(numbers, 'bias'),
  };
}

function projection(numbers: Numbers, name: string) {
  return { kernel: numbersFor(numbers, `${name}Kernel`), bias: numbersFor(numbers, `${name}Bias`) };
}

/** [a, b, n] → [b, a, n] */
export function swapped(values: Float32Array, a: number, b: number, n: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let i = 0; i < a; i++)
    for (let j = 0; j < b; j++) out.set(values.subarray((i * b + j) * n, (i * b + j + 1) * n), (j * a + i) * n);
  return out;
}
