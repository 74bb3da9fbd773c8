/** Trains on the sunspots as Keras did, from the same weights on the same batches, and compares the losses. */
import { cpu, gradients } from '@recurra/backend-cpu';
import { useBackend } from '@recurra/core';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { kerasLosses, trainedHere } from './keras/sunspots.js';
import { lineChart } from './training/svg.js';

const { values: options } = parseArgs({ options: { picture: { type: 'string' } } });

await useBackend(cpu({ gradients }));

const losses: number[] = [];
for await (const { loss } of trainedHere()) losses.push(loss);

const far = losses.map((loss, i) => Math.abs(loss - kerasLosses[i]!) / kerasLosses[i]!);
console.log('step   loss here   in Keras   relative difference');
for (const step of [1, 10, 20, 30, 40, 50, 70, 90]) {
  const [here, there] = [losses, kerasLosses].map((all) => all[step - 1]!.toFixed(6));
  console.log(`${String(step).padStart(4)}    ${here}   ${there}   ${far[step - 1]!.toExponential(1)}`);
}
console.log(`largest difference in the first 50 steps: ${Math.max(...far.slice(0, 50)).toExponential(1)}`);

if (options.picture !== undefined) {
  const title = 'Mean square error, step by step: the network trained here, and in Keras (dashed)';
  const svg = lineChart(title, [
    { values: losses, color: '#0a7ea4' },
    { values: kerasLosses, color: '#d4a017', dashed: true },
  ]);
  writeFileSync(options.picture, svg);
}
