/** The README's table: the recurrences that people use most, in about ten lines. */
import { sentence, type Circumstances } from './circumstances.js';
import type { Comparison } from './comparisons.js';
import { digits, markdown } from './table.js';

const peers = ['tfjs wasm', 'onnxruntime-web', 'onnxruntime-node'] as const;

const rows: readonly { readonly label: string; readonly ids: readonly string[] }[] = [
  { label: 'LSTM, a step of a stream, 128 units', ids: ['stream LSTM 128'] },
  { label: 'GRU¹, a step of a stream, 128 units', ids: ['stream GRU 128', 'stream GRU reset before 128'] },
  ...(['LSTM', 'GRU'] as const).flatMap((cell) =>
    ['32,16,12,8', '32,50,128,256', '64,25,512,512', '1,50,512,1024'].map((shape) => ({
      label: `${cell === 'GRU' ? 'GRU¹' : cell} (${shape.replaceAll(',', ', ')})`,
      ids: cell === 'GRU' ? [`GRU ${shape}`, `GRU reset before ${shape}`] : [`LSTM ${shape}`],
    })),
  ),
  { label: 'LSTM (32, 50, 64, 128), a training step', ids: ['training LSTM 32,50,64,128'] },
];

export function readmeTable(comparisons: readonly Comparison[], about: Circumstances): string {
  const ours = comparisons.filter((row) => row.ours === 'recurra wasm');
  const table = markdown(
    ['(batch, time, inputs, units)', ...peers],
    rows.map(({ label, ids }) => [
      label,
      ...peers.map((peer) => {
        const found = ours.find((row) => row.peer === peer && ids.includes(row.task.id));
        return found ? `${digits(found.ratio.median)}×` : '–';
      }),
    ]),
  );
  return `How many times as fast \`wasm()\` is, on one thread:\n\n${table}\n\n¹ Next to onnxruntime Keras’s default; next to TensorFlow.js the one that resets before its product, the only one it knows, which its engine computes op by op.\n\n${sentence(about)} \`npm run bench\` measures it on yours; [every case](docs/benchmarks.md).`;
}
