/**
 * What the factory of the TensorFlow.js backend answers to bad input. tfjs is a dependency of that package and not of
 * the tools, so both are loaded when the first call is made.
 */
import { tensor, type Backend } from '@recurra/core';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../workspace.mjs';
import {
  entry,
  notObjects,
  notTensors,
  optionAt,
  optionsAt,
  refuses,
  refusesMade,
  works,
  type Catalogue,
} from './row.js';

type Loaded = typeof import('@recurra/backend-tfjs');
const load = (from: string): Promise<unknown> => import(/* @vite-ignore */ from);

/** The little of tfjs that the rows need. */
let tf: {
  tensor(values: unknown, shape?: number[], dtype?: string): Theirs;
  setBackend(name: string): Promise<boolean>;
};
interface Theirs {
  dispose(): void;
  dataSync(): ArrayLike<number>;
}

let once: Promise<Loaded> | undefined;
const loaded = (): Promise<Loaded> => (once ??= loadedNow());

async function loadedNow(): Promise<Loaded> {
  const { resolve } = createRequire(join(root, 'packages/backend-tfjs/package.json'));
  await load(pathToFileURL(resolve('@tensorflow/tfjs-backend-cpu')).href);
  tf = (await load(pathToFileURL(resolve('@tensorflow/tfjs-core')).href)) as typeof tf;
  return (await load('@recurra/backend-tfjs')) as Loaded;
}

async function name(options?: object): Promise<string> {
  const backend = await (await loaded()).tfjs(options);
  backend.dispose?.();
  return backend.name;
}

/** An argument that can be made only once tfjs is there. */
class Later<T> {
  constructor(readonly make: (backend: Backend) => T) {}
}

/** Calls with a backend of tfjs; everything made goes. */
const across =
  (f: (loaded: Loaded, x: unknown, backend: unknown) => number[]) =>
  async (given: unknown, on?: unknown): Promise<number[]> => {
    const ours = await loaded();
    await tf.setBackend('cpu');
    const backend = await ours.tfjs({ engine: 'cpu' });
    const x = given instanceof Later ? (given.make(backend) as Partial<Theirs>) : given;
    try {
      return f(ours, x, on === undefined ? backend : on);
    } finally {
      if (given instanceof Later) (x as Theirs).dispose();
      backend.dispose?.();
    }
  };

const theirs = new Later(() => tf.tensor([1, 2, 3]));

export const backendTfjs: Catalogue = {
  exports: loaded,
  entries: {
    tfjs: entry(name, () => [{ engine: 'cpu' }], [
      optionsAt(0, 'engin'),
      optionAt(0, 'engine', 'is the name of none, or of one whose package was not imported', 'BACKEND_UNKNOWN', [
        ...notObjects.filter((v) => v !== null),
        {},
        Object.create(null),
        '',
        'gpu',
        'constructor',
        'webgl',
      ]),
      works('engine is null', 'the one the application has chosen, or cpu', () => [[{ engine: null }]], 'tfjs cpu'),
    ]),
    fromTf: entry(
      across(({ fromTf }, x, backend) => {
        using made = fromTf(x as never, backend as Backend);
        return [...made.dataSync()];
      }),
      () => [theirs],
      [
        refuses(0, 'x is not a tensor of tfjs', 'NOT_A_TENSOR', notTensors),
        refusesMade(0, 'x is a tensor of Recurra', 'NOT_A_TENSOR', (world) => [world.make([2])]),
        refuses(0, 'x is disposed', 'DISPOSED', [
          new Later(() => {
            const x = tf.tensor([1]);
            x.dispose();
            return x;
          }),
        ]),
        refuses(0, 'x is of strings or of complex numbers', 'DTYPE', [
          new Later(() => tf.tensor(['a'], [1], 'string')),
        ]),
        refusesMade(1, 'the backend is none that tfjs() made', 'BACKEND_MIXED', (world) => [
          world.backend,
          {},
          'tfjs',
          null,
        ]),
      ],
    ),
    toTf: entry(
      across(({ toTf }, x) => {
        const made = toTf(x as never);
        const values = [...(made.dataSync() as Float32Array)];
        made.dispose();
        return values;
      }),
      () => [new Later((backend) => tensor([1, 2, 3], undefined, { backend }))],
      [
        refuses(0, 'x is not a tensor', 'NOT_A_TENSOR', notTensors),
        refusesMade(0, 'x is a tensor of a second copy of core', 'FOREIGN_TENSOR', (world) => [world.foreign]),
        refusesMade(0, 'x is disposed', 'DISPOSED', (world) => [world.goneLike(world.make([2]))]),
        refusesMade(0, 'x lives on a backend that tfjs() did not make', 'BACKEND_MIXED', (world) => [world.make([2])]),
      ],
    ),
  },
};
