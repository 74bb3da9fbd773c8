/** What the suite's runner and what belongs to it answer to bad input. */
import { cpu } from '@recurra/backend-cpu';
import * as exports from '@recurra/conformance-tests';
import {
  entry,
  notFunctions,
  notObjects,
  optionAt,
  optionsAt,
  refuses,
  strange,
  works,
  type Catalogue,
} from './row.js';

const notBackends = [undefined, ...strange, {}, 3];
const named =
  (f: (...args: never[]) => { name: string }) =>
  (...args: never[]) =>
    f(...args).name;
const suiteOptions = (at: number) => [
  optionsAt(at, 'onyl'),
  optionAt(at, 'only', 'names no case and no area', 'UNKNOWN_NAME', ['kernel', '', 'kernels/', ['cells', 'opps']]),
  optionAt(at, 'only', 'is neither a text nor a list of at least one', 'ARGUMENT', [...strange.filter((v) => v !== 'text'), {}, 3, [], [3]]), // prettier-ignore
  optionAt(at, 'known', 'is not an object', 'ARGUMENT', [null, 'text', 3, true, 1n]),
  ...['decorate', 'onCase'].map(
    (name) =>
    optionAt(at, name, 'is not a function', 'ARGUMENT', notFunctions.filter((v) => v !== undefined)), // prettier-ignore
  ),
  optionAt(at, 'seed', 'is not a whole number from 0', 'ARGUMENT', [-1, 1.5, NaN, 'text', null, {}]),
  optionAt(at, 'cases', 'is not a list of at least one', 'ARGUMENT', [...strange, {}, 3, []]),
];
const onlyOne = exports.cases[0]!.id;

export const conformanceTests: Catalogue = {
  exports,
  entries: {
    runSuite: entry(
      async (factory: () => never, options: object) => (await exports.runSuite(factory, options)).results.length,
      () => [() => cpu(), { only: onlyOne }],
      [
        refuses(0, 'factory is not a function, or gives no backend', 'ARGUMENT', [
          ...notFunctions,
          () => null,
          () => 3,
        ]),
        refuses(0, 'factory throws, or its promise rejects', 'BACKEND_FAILED', [
          () => {
            throw new Error('no device');
          },
          () => Promise.reject(new Error('no device')),
        ]),
        ...suiteOptions(1),
      ],
    ),
    describeWith: entry(
      exports.describeWith,
      () => [{ describe: () => undefined, it: () => undefined }, 'cpu', () => cpu(), { only: onlyOne }],
      [
        refuses(0, 'runner lacks describe or it', 'ARGUMENT', [...notObjects, {}, { it: () => undefined }]),
        refuses(2, 'factory is not a function', 'ARGUMENT', notFunctions),
        ...suiteOptions(3),
      ],
    ),
    decorated: entry(named(exports.decorated), () => [cpu(), { name: 'mine' }], [
      refuses(0, 'is not a backend', 'ARGUMENT', notBackends),
      optionsAt(1, 'unray', { role: 'replaced' }),
    ]),
    withoutFused: entry(named(exports.withoutFused), () => [cpu()], [
      refuses(0, 'is not a backend', 'ARGUMENT', notBackends),
    ]),
    delayedRead: entry(named(exports.delayedRead), () => [cpu()], [
      refuses(0, 'is not a backend', 'ARGUMENT', notBackends),
    ]),
    parseKnownFailures: entry(exports.parseKnownFailures, () => ['# why\ncells/lstm/one: the reason\n'], [
      refuses(0, 'is not a text', 'ARGUMENT', [undefined, ...strange.filter((v) => v !== 'text'), {}, 3]),
      refuses(0, 'a line that is not `id: reason`, or an id that is named twice', 'ARGUMENT', [
        'text',
        'a:',
        'a: b\na: c',
      ]),
    ]),
    toleranceOf: entry(exports.toleranceOf, () => [{ precision: 32 }], [
      refuses(0, 'is not a backend with a precision of 16, 32 or 64', 'ARGUMENT', [
        undefined,
        null,
        {},
        { precision: 8 },
      ]),
    ]),
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
