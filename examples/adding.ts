/**
 * The adding problem (Hochreiter & Schmidhuber 1997): of 100 numbers two are marked, and after the last the network has to
 * give their sum. `--time 400 --backend wasm` makes it four times as long, on the fast backend. Who always says 1 has a mean square error of 1/6; who remembers both, 0.
 *
 *     npm run example examples/adding.ts -- --cell gru
 */
import { gruCell, lstmCell, rnn, type Cell, type Floats } from '@recurra/cells';
import { add, glorotUniform, matmul, scope, setRandomSeed, tensor, useBackend, zeros, type Tree } from '@recurra/core';
import { randint, uniform } from '@recurra/core/random';
import { adam, cosineDecay, fit, meanSquaredError } from '@recurra/train';
import { parseArgs } from 'node:util';
import { loadedBackend } from './training/backend.js';
import { progressBar } from './training/progress.js';

const { values: options } = parseArgs({
  options: {
    cell: { type: 'string', default: 'gru' },
    steps: { type: 'string' },
    time: { type: 'string', default: '100' },
    backend: { type: 'string', default: 'cpu' },
    seed: { type: 'string', default: '42' },
  },
});
const [T, units, batchSize, seed] = [Number(options.time), 32, 32, Number(options.seed)];

await useBackend(loadedBackend(options.backend));
setRandomSeed(seed);

// A GRU finds out sooner than an LSTM.
if (options.cell === 'gru') await learn(gruCell({ units }), 800);
else if (options.cell === 'lstm') await learn(lstmCell({ units }), 1600);
else throw new Error(`--cell is gru or lstm, not ${options.cell}`);

/** Trains on fresh problems at every step, then counts the error on 1,000 others. */
async function learn<P extends Tree, S extends Tree>(cell: Cell<P, S>, enough: number): Promise<void> {
  const steps = Number(options.steps ?? enough);
  const params = {
    cell: cell.init(2),
    out: { kernel: tensor(glorotUniform()([units, 1]), [units, 1]), bias: zeros([1]) },
  };
  const model = (p: typeof params, x: Floats): Floats =>
    add(matmul(rnn(cell, p.cell, x).outputs, p.out.kernel), p.out.bias);

  using run = fit({
    params,
    loss: (p, { x, y }) => meanSquaredError(y, model(p, x)),
    optimizer: adam({
      learningRate: cosineDecay({ initialLearningRate: 0.01, decaySteps: steps }),
      globalClipnorm: 1,
    }),
    data: () => batches(steps),
  });
  const bar = progressBar(steps);
  let mean = 0;
  for await (const { step, loss } of run) {
    bar.at(step, loss);
    mean += loss / 100;
    if (step % 100 > 0) continue;
    bar.log(`step ${step}: mean square error ${mean.toFixed(4)} in the last 100`);
    mean = 0;
  }
  bar.stop();

  const { x, y } = problems(1000, 0);
  const [error] = await scope(() => meanSquaredError(y, model(run.params, x))).data();
  console.log(
    `${cell.name}, T = ${T}, ${steps} steps, seed ${seed}: mean square error ${error!.toFixed(5)} on 1,000 fresh samples`,
  );
}

function* batches(steps: number): Generator<{ x: Floats; y: Floats }> {
  for (let step = 1; step <= steps; step++) {
    const batch = problems(batchSize, step);
    yield batch;
    batch.x.dispose();
    batch.y.dispose();
  }
}

/** Sequences [rows, T, 2] of numbers in [0, 1) and their marks, one in each half; and the sums [rows, 1]. */
function problems(rows: number, which: number): { x: Floats; y: Floats } {
  const numbers = uniform([rows, T], { seed: [seed, 3 * which] });
  const marks = [
    randint([rows], 0, T / 2, { seed: [seed, 3 * which + 1] }),
    randint([rows], T / 2, T, { seed: [seed, 3 * which + 2] }),
  ];
  const x = Float32Array.from({ length: rows * T * 2 }, (_, i) => (i % 2 === 0 ? numbers[i / 2]! : 0));
  const y = new Float32Array(rows);
  for (let b = 0; b < rows; b++) {
    for (const mark of marks) {
      const at = b * T + mark[b]!;
      x[2 * at + 1] = 1;
      y[b]! += numbers[at]!;
    }
  }
  return { x: tensor(x, [rows, T, 2]), y: tensor(y, [rows, 1]) };
}
