/** Training in the worker: one step after the other, kept in the browser's storage, so that a reload loses seconds. */
import { setRandomSeed } from '@recurra/core';
import { adam, cosineDecay, encodeCheckpoint, fit, type Run } from '@recurra/train';
import { asset } from '../worker/asset.js';
import type { Handler } from '../worker/handler.js';
import { entriesOf, type Entry } from './alphabet.js';
import { lessons } from './batches.js';
import { errorRates } from './evaluation.js';
import { network, type Params } from './network.js';
import type { Ended, Kept, LeaveAsk, TrainAsk } from './run.js';
import { readKept, removeKept, writeKept } from './storage.js';

const [heldOut, measuredOn, batchSize, rate, seed] = [300, 100, 64, 0.006, 42];
const keepEvery = 3000; // ms

/** Runs that the storage may have refused: they are here as long as the worker is. */
const here = new Map<string, Kept>();
/** It may be said before the run has begun. */
let left: LeaveAsk | null = null;

export const leave: Handler<'leave'> = (ask) => {
  left = ask;
  return true;
};

export const kept: Handler<'kept'> = async (look) => here.get(look) ?? (await readKept(look));

export const forget: Handler<'forget'> = async (look) => {
  here.delete(look);
  await removeKept(look);
  return null;
};

export const train: Handler<'train'> = async ({ look, run: id, resume, from: unkept, epochs: asked }, { send }) => {
  const before = resume ? (unkept ?? here.get(look) ?? (await readKept(look).catch(() => null))) : null;
  const epochs = before?.epochs ?? asked;
  const all = entriesOf(new TextDecoder().decode(await asset('words')));
  const net = network(look);
  setRandomSeed(seed);
  const first = net.init();
  using run = started(net.loss, first, all.slice(heldOut), epochs, before);

  const steps = epochs * Math.ceil((all.length - heldOut) / batchSize);
  const losses = [...(before?.losses ?? [])];
  const errors = [...(before?.errors ?? [])];
  let weights = before?.weights ?? new Uint8Array();
  let step = before?.step ?? 0;
  let problem: string | null = null;
  const began = performance.now();
  let keptAt = -Infinity;

  const keep = async (running: boolean, stopped = false): Promise<Kept> => {
    weights = await encodeCheckpoint({ about: { look, step, steps, words: all.length - heldOut }, params: run.params });
    const now: Kept = {
      look,
      step,
      steps,
      epochs,
      losses: [...losses],
      errors: [...errors],
      running,
      stopped,
      weights,
      checkpoint: await run.checkpoint(),
    };
    here.set(look, now);
    problem = await writeKept(now).then(
      () => null,
      (error: Error) => error.message,
    );
    keptAt = performance.now();
    return now;
  };

  const from = step;
  for await (const progress of run) {
    ({ step } = progress);
    losses.push(progress.loss);
    let measured = null;
    let saved: Kept | null = null;
    if (progress.logs !== null) {
      const { phonemes } = await errorRates(net, run.params as Params, all.slice(0, measuredOn));
      errors.push([step, phonemes]);
      saved = await keep(true);
      measured = { error: phonemes, weights };
    } else if (performance.now() - keptAt > keepEvery) saved = await keep(true);
    const perStep = (performance.now() - began) / (step - from);
    send({
      step,
      steps,
      epoch: progress.epoch,
      loss: progress.loss,
      left: perStep * (steps - step),
      measured,
      problem,
      unkept: problem === null ? null : saved,
    });
    // Lets messages in: somebody may want to pause.
    await new Promise((resolve) => setTimeout(resolve));
    if (left?.run === id) {
      const stopped = left.how === 'stop';
      const last = await keep(false, stopped);
      return { why: stopped ? 'stopped' : 'paused', kept: last, problem } satisfies Ended;
    }
  }
  const last = await keep(false);
  return { why: 'done', kept: last, problem };
};

function started(
  loss: ReturnType<typeof network>['loss'],
  params: Params,
  words: readonly Entry[],
  epochs: TrainAsk['epochs'],
  before: Kept | null,
): Run<Params> {
  const decaySteps = epochs * Math.ceil(words.length / batchSize);
  return fit({
    params,
    loss,
    optimizer: adam({ learningRate: cosineDecay({ initialLearningRate: rate, decaySteps }), globalClipnorm: 1 }),
    data: ({ epoch }: { readonly epoch: number }) => lessons(words, { batchSize, seed, epoch }),
    epochs,
    ...(before && { resume: before.checkpoint }),
  });
}
