/**
 * Trains the network of the stream section, which comes with the page: data/letters.ckpt.
 *
 *     node tools/run.mjs apps/demo/src/train/letters.ts
 */
import { wasm } from '@recurra/backend-wasm';
import { leaves, scope, setRandomSeed, useBackend } from '@recurra/core';
import { randint } from '@recurra/core/random';
import { adam, cosineDecay, encodeCheckpoint, fit } from '@recurra/train';
import { writeFileSync } from 'node:fs';
import { init, loss, spelling, type Spelling } from '../page/stream/letters.js';
import { heldOut, words } from './dictionary.js';

const [count, epochs, batchSize, rate, seed] = [40_000, 8, 128, 0.005, 42];

await useBackend(await wasm());
setRandomSeed(seed);
const all = (await words()).map(({ word }) => word);
const train = all.slice(heldOut, heldOut + count);
const decaySteps = epochs * Math.ceil(train.length / batchSize);
using run = fit({
  params: init(),
  loss,
  optimizer: adam({ learningRate: cosineDecay({ initialLearningRate: rate, decaySteps }), globalClipnorm: 1 }),
  data: ({ epoch }: { readonly epoch: number }) => batches(epoch),
  epochs,
});
for await (const { epoch, step, logs } of run)
  if (logs !== null) console.log(`epoch ${epoch + 1}, step ${step} of ${decaySteps}, loss ${logs['loss']!.toFixed(3)}`);

const test = spelling(all.slice(0, heldOut));
const [heldOutLoss] = await scope(() => loss(run.params, test)).data();
const about = { words: train.length, epochs, heldOut, loss: heldOutLoss!, letters: Math.exp(heldOutLoss!) };
console.log(about);
writeFileSync('apps/demo/data/letters.ckpt', await encodeCheckpoint({ about, params: run.params }));

/** All words once, in an order that follows from the epoch. */
function* batches(epoch: number): Generator<Spelling> {
  const draws = randint([train.length], 0, 2147483647, { seed: [seed, epoch] });
  const order = train.map((_, i) => i).sort((i, j) => draws[i]! - draws[j]! || i - j);
  for (let at = 0; at < order.length; at += batchSize) {
    const batch = spelling(order.slice(at, at + batchSize).map((i) => train[i]!));
    yield batch;
    for (const x of leaves(batch)) x.dispose();
  }
}
