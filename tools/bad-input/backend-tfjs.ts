/**
 * What the factory of the TensorFlow.js backend answers to bad input. tfjs is a dependency of that package and not of
 * the tools, so both are loaded when the first call is made.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../workspace.mjs';
import { entry, notObjects, optionAt, optionsAt, works, type Catalogue } from './row.js';

type Loaded = typeof import('@recurra/backend-tfjs');
const load = (from: string): Promise<unknown> => import(/* @vite-ignore */ from);

let once: Promise<Loaded> | undefined;
const loaded = (): Promise<Loaded> => (once ??= loadedNow());

async function loadedNow(): Promise<Loaded> {
  const { resolve } = createRequire(join(root, 'packages/backend-tfjs/package.json'));
  await load(pathToFileURL(resolve('@tensorflow/tfjs-backend-cpu')).href);
  return (await load('@recurra/backend-tfjs')) as Loaded;
}

async function name(options?: object): Promise<string> {
  const backend = await (await loaded()).tfjs(options);
  backend.dispose?.();
  return backend.name;
}

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
  },
};
