/** What decoders with attention, their forms and alignments, and decoding answer to bad input. */
import { dotScore } from '@recurra/attention';
import { simpleRNNCell } from '@recurra/cells';
import { reshape, scope, type Tensor, type Tree } from '@recurra/core';
import * as exports from '@recurra/seq2seq';
import {
  entry,
  notFlags,
  notFunctions,
  notLists,
  notNumbers,
  notWhole,
  optionAt,
  optionsAt,
  refuses,
  refusesMade,
  strange,
  tensorAt,
  works,
  type Arguments,
  type Catalogue,
  type Entry,
  type Rows,
  type World,
} from './row.js';

type Floats = Tensor<'float32'>;
const entries: Record<string, Entry> = {};
function add(name: string, call: unknown, good: Arguments, rows: readonly Rows[], op?: string): void {
  entries[name] = entry(call, good, rows, op);
}
const set = (values: readonly unknown[]): readonly unknown[] => values.filter((v) => v !== null);
const counted = 'is not a whole number of at least 1';
const count = (at: number, name: string, required = true): Rows =>
  optionAt(at, name, counted, 'ARGUMENT', required ? [undefined, ...notWhole, 0, -1] : [...set(notWhole), 0, -1]);
const flag = (name: string): Rows => optionAt(0, name, 'is neither true nor false', 'ARGUMENT', notFlags);
const kernel = optionAt(0, 'kernelInitializer', 'is the name of none', 'UNKNOWN_NAME', [...set(strange), {}, [], 3, 'glorotUnifrom']); // prettier-ignore
const notParts = [undefined, ...strange, {}, [], 3];

// What decoders are made of, by the names of what the factories give.
const makes: Readonly<Record<string, readonly [options: object | undefined, rows: readonly Rows[]]>> = {
  luong: [{ units: 3 }, [optionsAt(0, 'unit', { optional: false }), count(0, 'units'), flag('inputFeeding'), kernel]],
  addonsWrapper: [
    { attentionLayerSize: 3 },
    [
      optionsAt(0, 'attentionLayerSiz'),
      count(0, 'attentionLayerSize', false),
      flag('outputAttention'),
      flag('inputFeeding'),
      kernel,
    ],
  ],
  bahdanau: [undefined, []],
  luongMechanism: [{ units: 3 }, [optionsAt(0, 'unit', { optional: false }), count(0, 'units'), flag('scale'), kernel]],
  bahdanauMechanism: [
    { units: 3 },
    [optionsAt(0, 'unit', { optional: false }), count(0, 'units'), flag('normalize'), kernel],
  ],
  softmaxAlignment: [undefined, []],
  hardmaxAlignment: [undefined, []],
  monotonicAlignment: [
    { mode: 'hard' },
    [
      optionsAt(0, 'mod'),
      optionAt(0, 'mode', 'is none of the modes', 'UNKNOWN_NAME', [...set(strange), {}, [], 3, 'harf']),
      optionAt(0, 'scoreBiasInit', 'is not a finite number', 'ARGUMENT', [...set(notNumbers), NaN, Infinity]),
      optionAt(0, 'sigmoidNoise', 'is not a finite number of at least 0', 'ARGUMENT', [
        ...set(notNumbers),
        NaN,
        Infinity,
        -0.1,
      ]),
      optionAt(0, 'seed', 'is not a whole number', 'ARGUMENT', set(notWhole)),
    ],
  ],
};
for (const [name, [options, rows]] of Object.entries(makes)) {
  const make = exports[name as 'luong'];
  add(
    name,
    (how: never) => make(how).name,
    () => [options],
    rows,
  );
}

const cell = simpleRNNCell({ units: 2, kernelInitializer: 'ones', recurrentInitializer: 'ones' });
const decoder = exports.attentionCell(cell, dotScore(), exports.bahdanau());
add(
  'attentionCell',
  (...parts: Parameters<typeof exports.attentionCell>) => exports.attentionCell(...parts).name,
  () => [cell, dotScore(), exports.bahdanau(), {}],
  [
    refuses(0, 'is not a cell', 'ARGUMENT', notParts),
    refuses(1, 'is not a score', 'ARGUMENT', [...notParts, () => 1]),
    refuses(2, 'is not a form', 'ARGUMENT', [...notParts, () => 1]),
    optionsAt(3, 'alignmnt'),
    optionAt(3, 'alignment', 'is not an alignment', 'ARGUMENT', [...set(strange), {}, [], 3]),
    optionAt(3, 'query', 'is not a function', 'ARGUMENT', [...set(strange), {}, [], 3]),
  ],
);
add(
  'attentionCell(…).init',
  (widths: never, how?: object) => decoder.init(widths, how),
  () => [{ inputs: 3, memory: 2 }, {}],
  [
    refuses(0, 'widths are not an object of whole numbers of at least 1', 'ARGUMENT', [
      ...notParts,
      { inputs: 3 },
      { inputs: 0, memory: 2 },
      { inputs: 3, memory: '2' },
    ]),
    // It takes the one option that it knows, and asks for no more.
    optionsAt(1, 'backnd'),
  ],
  'attentionCell',
);
add(
  'attentionCell(…).with',
  (memory: Floats, mask?: Tensor<'bool'>) => decoder.with(memory, mask).memoryLength,
  (w) => [w.make([2, 4, 2]), w.make([2, 4], 'bool')],
  [
    tensorAt(0, 'memory', { wrong: ['int32', 'bool'] }),
    refusesMade(0, 'memory of another rank', 'RANK', (w) => [w.make([4, 2]), w.make([])]),
    refusesMade(0, 'memory without positions or features', 'EMPTY', (w) => [w.make([2, 0, 2]), w.make([2, 4, 0])]),
    tensorAt(1, 'mask', { wrong: ['float32', 'int32'], optional: true }),
    refusesMade(1, 'mask of another shape', 'SHAPE', (w) => [w.make([2, 3], 'bool'), w.make([4], 'bool')]),
  ],
  'attentionCell',
);

/** A decoder's cell and its parameters, which the world frees. */
const params = (w: World): Tree => ({
  cell: { kernel: w.make([5, 2]), recurrentKernel: w.make([2, 2]), bias: w.make([2]) },
  score: {},
  attention: {},
  alignment: {},
});
const boundTo = (w: World): unknown => decoder.with(w.make([2, 4, 2]) as Floats);
add('teacherForced', exports.teacherForced, (w) => [boundTo(w), params(w), w.make([2, 3, 3]), {}], [
  refuses(0, 'is not a cell with a memory', 'ARGUMENT', [...notParts, cell, decoder]),
  (good) => refuses(1, 'params lack a part', 'ARGUMENT', [undefined, null, 'text', {}, []])(good, 'attentionCell'),
  (good) => tensorAt(2, 'x', { wrong: ['int32', 'bool'] })(good, 'rnn'),
  (good) =>
    refusesMade(2, 'x of another batch or width', 'SHAPE', (w) => [w.make([3, 3, 3]), w.make([2, 3, 7])])(
      good,
      'attentionCell',
    ),
  optionsAt(3, 'maks'),
]);
add(
  'decoderStep',
  (...args: Parameters<typeof exports.decoderStep>) => {
    const step = exports.decoderStep(...args);
    step.dispose();
    return typeof step;
  },
  (w) => [boundTo(w), params(w), { embed: (x: unknown) => x, readout: (y: unknown) => y }],
  [
    refuses(0, 'is not a cell with a memory', 'ARGUMENT', [...notParts, cell, decoder]),
    (good) => refuses(1, 'params lack a part', 'ARGUMENT', [undefined, null, 'text', {}, []])(good, 'attentionCell'),
    optionsAt(2, 'embd', { optional: false }),
    ...['embed', 'readout'].map((name) => optionAt(2, name, 'is not a function', 'ARGUMENT', notFunctions)),
  ],
);

// Decoding, by a step whose logits are its state: rows [N, 3].
const step = (_: unknown, state: { logits: Floats }): object => ({ logits: state.logits, state });
const gives =
  (f: (logits: Floats) => unknown) =>
  (_: unknown, state: { logits: Floats }): unknown =>
    scope(() => f(state.logits));
for (const name of ['greedyDecode', 'beamSearch'] as const) {
  const options = { start: [1, 1], stop: 2, maxLength: 2, ...(name === 'beamSearch' && { beams: 2 }) };
  const decode = exports[name] as unknown as (...args: unknown[]) => Promise<object>;
  add(name, decode, (w) => [step, { logits: w.make([2, 3]) }, options], [
    refuses(0, 'is not a step', 'ARGUMENT', notFunctions),
    refuses(0, 'step gives no logits and state', 'ARGUMENT', [() => null, () => 3, async () => ({})]),
    refuses(0, 'step gives logits that are no tensor', 'NOT_A_TENSOR', [
      () => ({}),
      (_: unknown, state: unknown) => ({ logits: 3, state }),
    ]),
    refuses(0, 'step gives logits of another shape', 'SHAPE', [
      gives((x) => ({ logits: reshape(x, [x.size]), state: { logits: x } })),
      gives((x) => ({ logits: reshape(x, [x.size, 1]), state: { logits: x } })),
    ]),
    optionsAt(2, 'strat', { optional: false }),
    optionAt(2, 'start', 'is not a list of tokens', 'ARGUMENT', [
      undefined,
      ...notLists,
      [],
      [-1],
      [0.5],
      ['1'],
      [1n],
      [null, 1],
    ]),
    optionAt(2, 'stop', 'is not a token, or not in the vocabulary', 'ARGUMENT', [undefined, ...notWhole, -1, 9]),
    count(2, 'maxLength'),
    ...(name === 'beamSearch'
      ? [
          count(2, 'beams'),
          optionAt(2, 'lengthNormalization', 'is not a finite number of at least 0', 'ARGUMENT', [
            ...set(notNumbers),
            NaN,
            Infinity,
            -0.5,
          ]),
          refusesMade(1, 'state of another batch', 'SHAPE', (w) => [{ logits: w.make([3, 3]) }]),
        ]
      : []),
  ]);
}
add('tileBatch', exports.tileBatch, (w) => [{ h: w.make([2, 3]) }, 2], [
  refuses(0, 'has no tensor', 'ARGUMENT', [undefined, null, {}, [], { h: null }]),
  refusesMade(0, 'a scalar, or rows that differ', 'SHAPE', (w) => [
    w.make([]),
    { h: w.make([2, 3]), c: w.make([3, 3]) },
  ]),
  refuses(1, `n ${counted}`, 'ARGUMENT', [undefined, ...notWhole, 0, -1]),
  works('an empty batch', 'one of n · 0 rows', (w) => [[w.make([0, 3]), 2]], {
    shape: [0, 3],
    dtype: 'float32',
    data: [],
  }),
]);
export const seq2seqCatalogue: Catalogue = { exports, entries };
