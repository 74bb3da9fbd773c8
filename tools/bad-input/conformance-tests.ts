/** What the suite's runner and what belongs to it answer to bad input. */
import { cpu } from '@recurra/backend-cpu';
import * as exports from '@recurra/conformance-tests';
import { entry, notFunctions, optionsAt, pending, refuses, strange, works, type Catalogue } from './row.js';

const notBackends = [undefined, ...strange, {}, 3];
const named = (f: (backend: ReturnType<typeof cpu>) => { name: string }) => (backend: ReturnType<typeof cpu>) =>
  f(backend).name;
const onlyOne = exports.cases[0]!.id;

export const conformanceTests: Catalogue = {
  exports,
  entries: {
    runSuite: entry(
      async (factory: () => never, options: object) => (await exports.runSuite(factory, options)).results.length,
      () => [() => cpu(), { only: onlyOne }],
      pending(
        refuses(0, 'factory is not a function, or gives no backend', 'ARGUMENT', [
          ...notFunctions,
          () => null,
          () => 3,
        ]),
        optionsAt(1, 'onyl'),
        refuses(1, 'only names no case and no area', 'UNKNOWN_NAME', [{ only: 'kernel' }, { only: ['cells', 'opps'] }]),
      ),
    ),
    describeWith: entry(
      (factory: never) => exports.describeWith({ describe: () => undefined, it: () => undefined }, 'cpu', factory),
      () => [() => cpu()],
      pending(refuses(0, 'factory is not a function', 'ARGUMENT', notFunctions)),
    ),
    decorated: entry(
      named(exports.decorated),
      () => [cpu()],
      pending(refuses(0, 'is not a backend', 'ARGUMENT', notBackends)),
    ),
    withoutFused: entry(
      named(exports.withoutFused),
      () => [cpu()],
      pending(refuses(0, 'is not a backend', 'ARGUMENT', notBackends)),
    ),
    delayedRead: entry(
      named(exports.delayedRead),
      () => [cpu()],
      pending(refuses(0, 'is not a backend', 'ARGUMENT', notBackends)),
    ),
    parseKnownFailures: entry(
      exports.parseKnownFailures,
      () => ['# why\ncells/lstm/one: the reason\n'],
      pending(
        refuses(0, 'is not a text', 'ARGUMENT', [undefined, ...strange.filter((v) => v !== 'text'), {}, 3]),
        refuses(0, 'a line that is not `id: reason`, or an id that is named twice', 'ARGUMENT', [
          'text',
          'a:',
          'a: b\na: c',
        ]),
      ),
    ),
    toleranceOf: entry(
      exports.toleranceOf,
      () => [{ precision: 32 }],
      pending(
        refuses(0, 'is not a backend with a precision of 16, 32 or 64', 'ARGUMENT', [
          undefined,
          null,
          {},
          { precision: 8 },
        ]),
      ),
    ),
    fractionOf: entry(exports.fractionOf, () => [1, 1.5, 0.1], [
      works(
        'NaN beside NaN, an infinity beside itself',
        '0: equal',
        () => [
          [NaN, NaN, 1],
          [Infinity, Infinity, 1],
        ],
        0,
      ),
      works(
        'NaN or an infinity beside another number',
        'Infinity: not close',
        () => [
          [NaN, 1, 1],
          [1, -Infinity, 1],
        ],
        Infinity,
      ),
    ]),
    referenceBackend: entry(
      () => exports.referenceBackend().name,
      () => [],
      [],
    ),
    formatReport: entry(
      async () => exports.formatReport(await exports.runSuite(() => cpu(), { only: onlyOne })).length > 0,
      () => [],
      [],
    ),
    formatFailure: entry(
      () => 0,
      () => [],
      [],
    ),
  },
};
