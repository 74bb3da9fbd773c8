/** The training run: the same options give the same run, on whatever backend, interrupted or not. */
import { adam, cosineDecay, fit, type Run } from '@recurra/train';
import { lessons } from './batches.js';
import type { Split } from './dictionary.js';
import type { Network, Params } from './network.js';

export interface TrainingOptions {
  readonly epochs: number;
  readonly batchSize: number;
  /** The learning rate at first; it falls to 0 along a cosine. */
  readonly rate: number;
  readonly seed: number;
  readonly signal?: AbortSignal;
  /** A checkpoint of a run with the same options. */
  readonly resume?: Uint8Array;
}

export function stepsOf({ train }: Split, { epochs, batchSize }: TrainingOptions): number {
  return epochs * Math.ceil(train.length / batchSize);
}

export function training(network: Network, params: Params, words: Split, options: TrainingOptions): Run<Params> {
  const { epochs, batchSize, rate, seed, signal, resume } = options;
  const decaySteps = stepsOf(words, options);
  return fit({
    params,
    loss: network.loss,
    optimizer: adam({ learningRate: cosineDecay({ initialLearningRate: rate, decaySteps }), globalClipnorm: 1 }),
    data: ({ epoch }: { readonly epoch: number }) => lessons(words.train, { batchSize, seed, epoch }),
    validation: { data: () => lessons(words.heldOut, { batchSize, seed, epoch: 0 }) },
    epochs,
    ...(signal && { signal }),
    ...(resume && { resume }),
  });
}
