/**
 * Trains the networks of the attention section, which come with the page: data/bahdanau.ckpt and data/luong.ckpt.
 *
 *     node tools/run.mjs apps/demo/src/train/pronounce.ts bahdanau
 */
import { wasm } from '@recurra/backend-wasm';
import { setRandomSeed, useBackend } from '@recurra/core';
import { adam, cosineDecay, encodeCheckpoint, fit } from '@recurra/train';
import { writeFileSync } from 'node:fs';
import { lessons } from '../page/attention/batches.js';
import { errorRates } from '../page/attention/evaluation.js';
import { network, type Look } from '../page/attention/network.js';
import { heldOut, words } from './dictionary.js';

const look = process.argv[2] as Look;
if (look !== 'bahdanau' && look !== 'luong') throw new Error('bahdanau or luong?');
const [count, epochs, batchSize, rate, seed] = [Number(process.argv[3] ?? Infinity), 12, 128, 0.005, 42];

await useBackend(await wasm());
setRandomSeed(seed);
const all = await words();
const train = all.slice(heldOut, heldOut + count);
const net = network(look);
const decaySteps = epochs * Math.ceil(train.length / batchSize);
const learningRate = cosineDecay({ initialLearningRate: rate, decaySteps });
using run = fit({
  params: net.init(),
  loss: net.loss,
  optimizer: adam({ learningRate, globalClipnorm: 1 }),
  data: ({ epoch }: { readonly epoch: number }) => lessons(train, { batchSize, seed, epoch }),
  epochs,
});
for await (const { epoch, step, loss, logs, elapsed } of run) {
  if (logs === null && step % 50 > 0) continue;
  const left = ((elapsed / step) * (decaySteps - step)) / 60_000;
  console.log(
    `${look}: epoch ${epoch + 1}, step ${step} of ${decaySteps}, loss ${loss.toFixed(3)}, ${left.toFixed(1)} min`,
  );
}
const rates = await errorRates(net, run.params, all.slice(0, heldOut));
const about = { look, words: train.length, epochs, heldOut, phonemeErrors: rates.phonemes, wordErrors: rates.words };
console.log(about);
writeFileSync(`apps/demo/data/${look}.ckpt`, await encodeCheckpoint({ about, params: run.params }));
