/**
 * How is it said? A network learns from CMUdict how English words are pronounced, letter by letter, phoneme by phoneme.
 *
 *     npm run example examples/pronounce.ts -- --epochs 10 --checkpoint pronounce.ckpt
 *
 * Ctrl-C writes the checkpoint; the same command again goes on from there. `--words 200000` takes the whole dictionary.
 */
import { setRandomSeed, useBackend } from '@recurra/core';
import { readCheckpoint, writeCheckpoint } from '@recurra/train/node';
import { existsSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { split } from './pronounce/dictionary.js';
import { pronounced, scored, type Said } from './pronounce/evaluation.js';
import { network } from './pronounce/network.js';
import { stepsOf, training } from './pronounce/training.js';
import { loadedBackend } from './training/backend.js';
import { progressBar } from './training/progress.js';
import { heatMaps } from './training/svg.js';

const { values: options } = parseArgs({
  options: {
    backend: { type: 'string', default: 'cpu' },
    words: { type: 'string', default: '10000' },
    'held-out': { type: 'string', default: '500' },
    shortest: { type: 'string', default: '1' },
    longest: { type: 'string', default: '10' },
    units: { type: 'string', default: '48' },
    epochs: { type: 'string', default: '8' },
    'batch-size': { type: 'string', default: '32' },
    rate: { type: 'string', default: '0.005' },
    seed: { type: 'string', default: '42' },
    checkpoint: { type: 'string' },
    picture: { type: 'string' },
  },
});
const number = (name: Exclude<keyof typeof options, 'checkpoint' | 'picture'>): number => Number(options[name]);
const file = options.checkpoint;
const seed = number('seed');

await useBackend(await loadedBackend(options.backend));
setRandomSeed(seed);

const words = split({
  words: number('words'),
  heldOut: number('held-out'),
  shortest: number('shortest'),
  longest: number('longest'),
  seed,
});
const net = network({ units: number('units'), features: 32 });
const params = net.init();
const how = { epochs: number('epochs'), batchSize: number('batch-size'), rate: number('rate'), seed };
const steps = stepsOf(words, how);
console.log(`${words.train.length} words to learn, ${words.heldOut.length} held out; ${steps} steps`);

// Ctrl-C once: the run ends after the step it is in. Twice: at once.
const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort());

using run = training(net, params, words, {
  ...how,
  signal: interrupted.signal,
  ...(file !== undefined && existsSync(file) && { resume: await readCheckpoint(file) }),
});

let bar: ReturnType<typeof progressBar> | undefined;
for await (const { epoch, step, loss, logs } of run) {
  bar ??= progressBar(steps, step - 1);
  bar.at(step, loss);
  if (logs === null) continue;
  bar.log(`epoch ${epoch + 1}: loss ${logs['loss']!.toFixed(3)}, of held-out words ${logs['valLoss']!.toFixed(3)}`);
  if (file !== undefined) await writeCheckpoint(file, await run.checkpoint());
}
bar?.stop();
if (run.outcome === 'aborted') {
  if (file !== undefined) await writeCheckpoint(file, await run.checkpoint());
  console.log(file === undefined ? 'interrupted; --checkpoint FILE would keep it' : `interrupted; ${file} goes on`);
  process.exit(130);
}

const all = await pronounced(net, run.params, words.heldOut);
const { phonemeErrorRate, wordErrorRate, diagonal, diagonalOfUniform } = scored(all);
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
console.log(
  `phoneme error rate of held-out words: ${percent(phonemeErrorRate)}, word error rate ${percent(wordErrorRate)}`,
);
console.log(`attention near the diagonal: ${percent(diagonal)} (looking everywhere: ${percent(diagonalOfUniform)})`);
for (const { entry, phonemes } of all.slice(0, 8)) {
  const right = entry.pronunciations.some((known) => known.join(' ') === phonemes.join(' '));
  console.log(
    `  ${entry.word.padEnd(12)}${phonemes.join(' ').padEnd(28)}${right ? '' : `≠ ${entry.pronunciations[0]!.join(' ')}`}`,
  );
}

if (options.picture !== undefined)
  writeFileSync(options.picture, picture(all.filter(({ entry }) => entry.word.length > 6)));

/** Where the network looked as it said the first four of these words. */
function picture(said: readonly Said[]): string {
  const maps = said.slice(0, 4).map(({ entry, phonemes, alignment }) => ({
    rows: alignment,
    rowNames: phonemes,
    columnNames: Array.from(entry.word),
  }));
  return heatMaps(
    'Where the network looks as it says words that it never saw: a row a phoneme, a column a letter',
    maps,
  );
}
