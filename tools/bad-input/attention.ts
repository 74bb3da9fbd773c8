/** What scores, masks, windows and attention layers answer to bad input. */
import * as exports from '@recurra/attention';
import { cpu } from '@recurra/backend-cpu';
import { leaves, type Tensor } from '@recurra/core';
import {
  by,
  entry,
  holes,
  notFlags,
  notFunctions,
  notLists,
  notNumbers,
  notWhole,
  optionAt,
  optionsAt,
  refuses,
  refusesCalls,
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
function addCall(name: string, call: unknown, good: Arguments, rows: readonly Rows[], op?: string): void {
  entries[name] = entry(call, good, rows, op);
}
const set = (values: readonly unknown[]): readonly unknown[] => values.filter((v) => v !== null);
const noName = [...set(strange), {}, [], 3, 'glorotUnifrom', '__proto__'];
const empty = (...shape: number[]): object => ({ shape, dtype: 'float32', data: [] });
const notCounts = [...notWhole, 0, -1];
const initializers = (...names: string[]): Rows[] =>
  names.map((name) => optionAt(0, name, 'is the name of none', 'UNKNOWN_NAME', noName));
const flag = (at: number, name: string): Rows => optionAt(at, name, 'is neither true nor false', 'ARGUMENT', notFlags);
const count = (at: number, name: string, required = true): Rows =>
  optionAt(
    at,
    name,
    'is not a whole number of at least 1',
    'ARGUMENT',
    required ? [undefined, ...notCounts] : set(notCounts),
  );
const notBackends = [...set(strange).filter((v) => !(v instanceof Date)), 'cpu', Promise.resolve(cpu())];
const backendAt = (at: number, own?: string): Rows[] => [
  optionsAt(at, 'backnd'),
  ...(own === undefined
    ? []
    : by(own, optionAt(at, 'backend', 'is not a backend, but a name, or a promise of one', 'ARGUMENT', notBackends))),
];

// Scores. What cannot be made without options is called with them; then with tensors, by hand.
interface Kind {
  readonly make: (options: never) => unknown;
  readonly options: object;
  readonly params: (w: World) => object;
  readonly rows: readonly Rows[];
  readonly keys: number;
}
const ones = { queryInitializer: 'ones', keyInitializer: 'ones', vInitializer: 'ones' };
const scores: Readonly<Record<string, Kind>> = {
  dotScore: { make: exports.dotScore, options: {}, params: () => ({}), rows: [], keys: 3 },
  scaledDotScore: {
    make: exports.scaledDotScore,
    options: { scale: 0.5 },
    params: () => ({}),
    rows: [
      optionsAt(0, 'scael'),
      optionAt(0, 'scale', 'is not a finite number', 'ARGUMENT', [...set(notNumbers), NaN, Infinity]),
    ],
    keys: 3,
  },
  generalScore: {
    make: exports.generalScore,
    options: { kernelInitializer: 'ones' },
    params: (w) => ({ kernel: w.make([3, 5]) }),
    rows: [optionsAt(0, 'kernelinitializer'), ...initializers('kernelInitializer')],
    keys: 5,
  },
  additiveScore: {
    make: exports.additiveScore,
    options: { units: 2, useBias: true, ...ones },
    params: (w) => ({ queryKernel: w.make([3, 2]), keyKernel: w.make([5, 2]), v: w.make([2]), bias: w.make([2]) }),
    rows: [
      optionsAt(0, 'unit', { optional: false }),
      count(0, 'units'),
      flag(0, 'useBias'),
      ...initializers('queryInitializer', 'keyInitializer', 'vInitializer', 'biasInitializer'),
    ],
    keys: 5,
  },
  concatScore: {
    make: exports.concatScore,
    options: { units: 2, kernelInitializer: 'ones', vInitializer: 'ones' },
    params: (w) => ({ kernel: w.make([8, 2]), v: w.make([2]) }),
    rows: [
      optionsAt(0, 'unit', { optional: false }),
      count(0, 'units'),
      ...initializers('kernelInitializer', 'vInitializer'),
    ],
    keys: 5,
  },
};
type Params = Readonly<Record<string, Tensor>>;
const inParams = (at: number, names: readonly string[]): Rows[] =>
  names.map((name) =>
    tensorAt(at, `params.${name}`, {
      wrong: ['int32', 'bool'],
      inside: { put: (tree: object, v) => ({ ...tree, [name]: v }), take: (tree: Params) => tree[name]! },
    }),
  );
const notParams = [undefined, null, 'text', 3, 1n, true, Symbol('s'), () => 1];
const paramsAt = (at: number, names: readonly string[]): Rows[] =>
  names.length === 0
    ? []
    : [refuses(at, 'params is not an object of tensors', 'ARGUMENT', notParams), ...inParams(at, names)];
const namesOf = (name: string): string[] =>
  ({
    generalScore: ['kernel'],
    additiveScore: ['queryKernel', 'keyKernel', 'v', 'bias'],
    concatScore: ['kernel', 'v'],
  })[name] ?? [];
const noWidths = (more: readonly unknown[]): Rows =>
  refuses(0, 'widths are not an object of whole numbers of at least 1', 'ARGUMENT', [
    undefined,
    null,
    'text',
    3,
    Symbol('s'),
    1n,
    {},
    ...more,
  ]);
for (const [name, { make, options, params, rows, keys }] of Object.entries(scores)) {
  const made = make(options as never) as exports.Score;
  addCall(
    name,
    (how: never) => (make(how) as { name: string }).name,
    () => [options],
    rows,
  );
  addCall(
    `${name}(…).init`,
    (widths: never, how?: object) => made.init(widths, how),
    () => [{ query: 3, keys }, {}],
    [
      noWidths([
        { query: 3 },
        { query: 3, keys: 0 },
        { query: -1, keys: 3 },
        { query: 0.5, keys: 3 },
        { query: NaN, keys: 3 },
        { query: '3', keys: 3 },
      ]),
      ...(keys === 3 ? [refuses(0, 'unequal widths', 'SHAPE', [{ query: 3, keys: 4 }])] : []),
      ...backendAt(1),
    ],
    name,
  );
  const tensors: Arguments = (w) => [params(w), w.make([2, 4, 3]), w.make([2, 6, keys])];
  addCall(
    `${name}(…)`,
    made,
    tensors,
    [
      ...paramsAt(0, namesOf(name)),
      tensorAt(1, 'query', { wrong: ['int32', 'bool'] }),
      tensorAt(2, 'keys', { wrong: ['int32', 'bool'] }),
      refusesMade(1, 'query of another rank', 'RANK', (w) => [w.make([4, 3]), w.make([]), w.make([1, 2, 4, 3])]),
      refusesMade(2, 'keys of another rank', 'RANK', (w) => [w.make([6, keys]), w.make([])]),
      refusesMade(1, 'query of another batch or width', 'SHAPE', (w) => [w.make([3, 4, 3]), w.make([2, 4, 7])]),
      refusesMade(2, 'no keys, [2, 0, D]', 'EMPTY', (w) => [w.make([2, 0, keys])]),
      refusesMade(1, 'no features', 'EMPTY', (w) => [w.make([2, 4, 0])]),
      works(
        'no queries, [2, 0, D]',
        'scores [2, 0, Tk]',
        (w) => [[params(w), w.make([2, 0, 3]), w.make([2, 6, keys])]],
        empty(2, 0, 6),
      ),
      works(
        'an empty batch',
        'scores [0, Tq, Tk]',
        (w) => [[params(w), w.make([0, 4, 3]), w.make([0, 6, keys])]],
        empty(0, 4, 6),
      ),
    ],
    name,
  );
}
const dot = exports.dotScore();
addCall(
  'defineScore',
  (parts: never) => exports.defineScore(parts).name,
  () => [
    {
      name: 'own',
      init: () => ({}),
      check: () => undefined,
      prepare: (_: unknown, k: Floats) => k,
      compare: (_: unknown, q: Floats) => q,
    },
  ],
  [refuses(0, 'is not the description of a score', 'ARGUMENT', [undefined, null, 3, 'text', {}])],
);

// Masks and windows.
const mask = (at: number, role: string): Rows[] => [tensorAt(at, role, { wrong: ['float32', 'int32'] })];
addCall('paddingMask', exports.paddingMask, (w) => [w.make([2, 3], 'bool')], [
  ...mask(0, 'valid'),
  refusesMade(0, 'another rank', 'RANK', (w) => [w.make([3], 'bool'), w.make([2, 1, 3], 'bool')]),
  works('an empty batch, [0, 3]', 'a mask [0, 1, 3]', (w) => [[w.make([0, 3], 'bool')]], {
    shape: [0, 1, 3],
    dtype: 'bool',
    data: [],
  }),
]);
addCall('combineMasks', exports.combineMasks, (w) => [w.make([2, 3], 'bool'), w.make([3], 'bool')], [
  tensorAt(0, 'a mask', { wrong: ['float32', 'int32'], mixed: true, optional: true, inner: 'logicalAnd' }),
  refusesMade(1, 'shapes that do not broadcast', 'SHAPE', (w) => [w.make([4], 'bool')]),
  works('nothing but null and undefined', 'null', () => [[], [null, undefined]], null),
]);
const lengths = (name: string, at: number): Rows =>
  refuses(at, `${name} is not a whole number of at least 1`, 'ARGUMENT', [undefined, ...notCounts]);
addCall('causalMask', exports.causalMask, () => [2, 3, {}], [
  refusesCalls('more than 2³¹ − 1 elements', 'TOO_LARGE', () => [[2 ** 31, 2 ** 31]]),
  lengths('queries', 0),
  lengths('keys', 1),
  ...backendAt(2, 'tensor'),
]);
addCall('slidingWindowMask', exports.slidingWindowMask, () => [2, 3, 1, {}], [
  refusesCalls('more than 2³¹ − 1 elements', 'TOO_LARGE', () => [[2 ** 31, 2 ** 31, 2]]),
  lengths('queries', 0),
  lengths('keys', 1),
  lengths('window', 2),
  ...backendAt(3, 'tensor'),
]);
addCall('monotonicCentres', exports.monotonicCentres, () => [3, { first: 2 }], [
  lengths('queries', 0),
  optionsAt(1, 'frist'),
  optionAt(1, 'first', 'is not a whole number of at least 0', 'ARGUMENT', [...set(notWhole), -1]),
  ...by('tensor', optionAt(1, 'backend', 'is not a backend, but a name, or a promise of one', 'ARGUMENT', notBackends)),
]);
for (const name of ['windowMask', 'gaussianWindow'] as const) {
  addCall(name, exports[name], (w) => [w.make([2, 4]), 6, 2], [
    tensorAt(0, 'centres', { wrong: ['int32', 'bool'] }),
    refusesMade(0, 'centres of another rank', 'RANK', (w) => [w.make([4]), w.make([2, 4, 1])]),
    lengths('keys', 1),
    lengths('radius', 2),
  ]);
}
const predictive = exports.predictiveCentres({ units: 2, kernelInitializer: 'ones', vInitializer: 'ones' });
addCall(
  'predictiveCentres',
  (options: never) => typeof exports.predictiveCentres(options),
  () => [{ units: 2, kernelInitializer: 'ones' }],
  [optionsAt(0, 'unit', { optional: false }), count(0, 'units'), ...initializers('kernelInitializer', 'vInitializer')],
);
addCall(
  'predictiveCentres(…).init',
  predictive.init,
  () => [{ query: 3 }, {}],
  [noWidths([{ query: 0 }, { query: '3' }]), ...backendAt(1)],
  'predictiveCentres',
);
addCall(
  'predictiveCentres(…)',
  predictive,
  (w) => [{ kernel: w.make([3, 2]), v: w.make([2]) }, w.make([2, 4, 3]), 6],
  [
    ...paramsAt(0, ['kernel', 'v']),
    tensorAt(1, 'query', { wrong: ['int32', 'bool'] }),
    refusesMade(1, 'query of another rank', 'RANK', (w) => [w.make([4, 3])]),
    refuses(2, 'length is not a finite number above 0', 'ARGUMENT', [undefined, ...notNumbers, NaN, 0, -1, Infinity]),
    works(
      'an empty batch',
      'centres [0, Tq]',
      (w) => [[{ kernel: w.make([3, 2]), v: w.make([2]) }, w.make([0, 4, 3]), 6]],
      empty(0, 4),
    ),
  ],
  'predictiveCentres',
);

// Attention over scores.
const maskIn = (at: number, own: string): Rows[] => [
  tensorAt(at, 'mask', {
    wrong: ['float32', 'int32'],
    mixed: true,
    optional: true,
    inner: own,
    inside: { put: (o: object, v) => ({ ...o, mask: v }), take: (o: { mask: Tensor }) => o.mask },
  }),
];
addCall('attend', exports.attend, (w) => [w.make([2, 3, 4]), w.make([2, 4, 5]), w.make([2, 1, 4], 'bool')], [
  tensorAt(0, 'scores', { wrong: ['int32', 'bool'], mixed: true, inner: 'where' }),
  tensorAt(1, 'values', { wrong: ['int32', 'bool'], mixed: true, inner: 'matmul' }),
  tensorAt(2, 'mask', { wrong: ['float32', 'int32'], mixed: true, optional: true, inner: 'where' }),
  refusesMade(0, 'scores of another rank', 'RANK', (w) => [w.make([3, 4]), w.make([])]),
  refusesMade(1, 'values of another rank', 'RANK', (w) => [w.make([4, 5])]),
  refusesMade(1, 'values of another batch or length', 'SHAPE', (w) => [w.make([3, 4, 5]), w.make([2, 6, 5])]),
  refusesMade(2, 'mask does not broadcast', 'SHAPE', (w) => [
    w.make([3, 1, 4], 'bool'),
    w.make([4], 'bool'),
    w.make([2, 2, 4], 'bool'),
  ]),
  refusesCalls('no keys', 'EMPTY', (w) => [[w.make([2, 3, 0]), w.make([2, 0, 5])]]),
  works('an empty batch', 'context [0, Tq, Dv], weights [0, Tq, Tk]', (w) => [[w.make([0, 3, 4]), w.make([0, 4, 5])]], {
    context: empty(0, 3, 5),
    weights: empty(0, 3, 4),
  }),
]);
const three: Arguments = (w) => [dot, {}, w.make([2, 3, 4]), w.make([2, 5, 4]), w.make([2, 5, 6])];
const notScores = refuses(0, 'score is not a function', 'ARGUMENT', notFunctions);
addCall('attention', exports.attention, (w) => [...three(w), { mask: w.make([2, 1, 5], 'bool'), causal: true }], [
  notScores,
  refusesMade(0, 'score gives no tensor', 'NOT_A_TENSOR', () => [() => 3, () => undefined]),
  refusesMade(0, 'score gives another rank', 'RANK', (w) => [() => w.make([3])]),
  ...by(
    'dotScore',
    tensorAt(2, 'query', { wrong: ['int32', 'bool'] }),
    tensorAt(3, 'keys', { wrong: ['int32', 'bool'] }),
  ),
  ...by('attend', tensorAt(4, 'values', { wrong: ['int32', 'bool'], optional: 'undefined' })),
  optionsAt(5, 'casual'),
  flag(5, 'causal'),
  ...maskIn(5, 'logicalAnd'),
  works(
    'an empty batch',
    'context [0, Tq, Dv], weights [0, Tq, Tk]',
    (w) => [[dot, {}, w.make([0, 3, 4]), w.make([0, 5, 4]), w.make([0, 5, 6])]],
    {
      context: empty(0, 3, 6),
      weights: empty(0, 3, 5),
    },
  ),
]);
addCall(
  'localAttention',
  exports.localAttention,
  (w) => [...three(w), { radius: 1, mask: w.make([2, 1, 5], 'bool'), centres: w.make([2, 3]) }],
  [
    notScores,
    ...by(
      'dotScore',
      tensorAt(2, 'query', { wrong: ['int32', 'bool'] }),
      tensorAt(3, 'keys', { wrong: ['int32', 'bool'] }),
    ),
    ...by('attend', tensorAt(4, 'values', { wrong: ['int32', 'bool'], optional: true })),
    optionsAt(5, 'raduis', { optional: false }),
    count(5, 'radius'),
    flag(5, 'gaussian'),
    ...maskIn(5, 'logicalAnd'),
    optionAt(5, 'centres', 'is not a tensor', 'NOT_A_TENSOR', [...strange, {}, [1], 3]),
    works(
      'an empty batch',
      'context [0, Tq, Dv], weights [0, Tq, Tk]',
      (w) => [[dot, {}, w.make([0, 3, 4]), w.make([0, 5, 4]), w.make([0, 5, 6]), { radius: 1 }]],
      {
        context: empty(0, 3, 6),
        weights: empty(0, 3, 5),
      },
    ),
  ],
);

// Layers of Keras.
const dropout: Rows[] = [
  optionAt(0, 'dropout', 'is not a number from 0 to 1', 'ARGUMENT', [...set(notNumbers), NaN, -0.1, 1.1, Infinity]),
  optionAt(0, 'seed', 'is not a whole number', 'ARGUMENT', [...set(notWhole), [1, 2]]),
];
const counter = optionAt(2, 'dropoutCounter', 'is not a whole number of at least 0', 'ARGUMENT', [
  ...set(notWhole),
  -1,
]);
interface Layer {
  readonly make: (options: never) => { readonly name: string };
  readonly options: object;
  readonly rows: readonly Rows[];
  readonly widths: object;
  readonly call: readonly Rows[];
}
const listed = (i: number, role: string, optional?: 'undefined'): Rows =>
  tensorAt(1, role, {
    ...(optional && { optional }),
    wrong: ['int32', 'bool'],
    inside: { put: (list: unknown[], v) => list.with(i, v), take: (list: Tensor[]) => list[i]! },
  });
const inputsAt = [
  refuses(1, 'inputs are not a list of two or three', 'ARGUMENT', [undefined, ...notLists, [], [1], [1, 2, 3, 4]]),
  listed(0, 'query'),
  listed(1, 'value'),
  listed(2, 'key', 'undefined'),
  refusesMade(1, 'inputs of unequal batches', 'SHAPE', (w) => [[w.make([3, 4, 3]), w.make([2, 5, 3])]]),
  refusesMade(1, 'as many keys as there are no values for', 'SHAPE', (w) => [
    [w.make([2, 4, 3]), w.make([2, 5, 3]), w.make([2, 6, 3])],
  ]),
  refusesMade(1, 'nothing to attend to', 'EMPTY', (w) => [[w.make([2, 4, 3]), w.make([2, 0, 3])]]),
];
const heads: Rows[] = [
  flag(0, 'useBias'),
  flag(0, 'useGate'),
  count(0, 'slidingWindow', false),
  ...initializers('kernelInitializer', 'biasInitializer'),
  ...dropout,
];
const headCalls: Rows[] = [
  optionsAt(2, 'attentionmask'),
  ...['useCausalMask', 'returnAttentionScores', 'training'].map((name) => flag(2, name)),
  counter,
  ...['attentionMask', 'queryMask', 'valueMask', 'keyMask'].flatMap((name): Rows[] => [
    optionAt(2, name, 'is not a tensor', 'NOT_A_TENSOR', [...set(strange), {}, [1], 3]),
    refusesMade(2, `${name} is not bool`, 'DTYPE', (w) => [{ [name]: w.make([2, 4]) }]),
    refusesMade(2, `${name} of another shape`, 'SHAPE', (w) => [{ [name]: w.make([7, 7], 'bool') }]),
  ]),
];
const kerasCalls: Rows[] = [
  optionsAt(2, 'maks'),
  ...['useCausalMask', 'training'].map((name) => flag(2, name)),
  counter,
  optionAt(2, 'mask', 'is not a list of two', 'ARGUMENT', [...notLists.filter((v) => v !== null), [], [null]]),
  optionAt(2, 'mask', 'holds something else than tensors', 'NOT_A_TENSOR', [
    [3, null],
    ['text', null],
    [null, {}],
    [Symbol('s'), null],
  ]),
  refusesMade(2, 'mask that is not bool', 'DTYPE', (w) => [{ mask: [w.make([2, 4]), null] }]),
  refusesMade(2, 'mask of another shape', 'SHAPE', (w) => [{ mask: [w.make([2, 7], 'bool'), null] }]),
];
const layers: Readonly<Record<string, Layer>> = {
  kerasAttention: {
    make: exports.kerasAttention,
    options: { useScale: true, seed: 7 },
    rows: [
      optionsAt(0, 'usescale'),
      flag(0, 'useScale'),
      optionAt(0, 'scoreMode', 'is none of the modes', 'UNKNOWN_NAME', [...set(strange), {}, [], 3, 'dott']),
      ...dropout,
    ],
    widths: { query: 3 },
    call: kerasCalls,
  },
  kerasAdditiveAttention: {
    make: exports.kerasAdditiveAttention,
    options: { useScale: false, seed: 7 },
    rows: [optionsAt(0, 'usescale'), flag(0, 'useScale'), ...dropout],
    widths: { query: 3 },
    call: kerasCalls,
  },
  multiHeadAttention: {
    make: exports.multiHeadAttention,
    options: { numHeads: 2, keyDim: 3, kernelInitializer: 'ones', seed: 7 },
    rows: [
      optionsAt(0, 'numheads', { optional: false }),
      count(0, 'numHeads'),
      count(0, 'keyDim'),
      count(0, 'valueDim', false),
      optionAt(0, 'outputShape', 'is neither a whole number of at least 1 nor a list of them', 'ARGUMENT', [
        ...set(strange),
        {},
        0,
        -1,
        NaN,
        [0],
        ['3'],
        holes,
      ]),
      optionAt(0, 'attentionAxes', 'is neither a whole number nor a list of them', 'ARGUMENT', [
        ...set(strange),
        {},
        0,
        NaN,
        0.5,
        [],
        ['1'],
        holes,
      ]),
      ...heads,
    ],
    widths: { query: 3, value: 3 },
    call: headCalls,
  },
  groupedQueryAttention: {
    make: exports.groupedQueryAttention,
    options: { headDim: 3, numQueryHeads: 4, numKeyValueHeads: 2, kernelInitializer: 'ones', seed: 7 },
    rows: [
      optionsAt(0, 'headdim', { optional: false }),
      count(0, 'headDim'),
      count(0, 'numQueryHeads'),
      count(0, 'numKeyValueHeads'),
      optionAt(0, 'numKeyValueHeads', 'does not divide numQueryHeads', 'ARGUMENT', [3]),
      ...heads,
    ],
    widths: { query: 3, value: 3 },
    call: headCalls,
  },
};
type Attending = ((params: unknown, inputs: unknown, call?: unknown) => object) & {
  init(widths: unknown, how?: object): object;
};
for (const [name, { make, options, rows, widths, call }] of Object.entries(layers)) {
  const layer = make(options as never) as unknown as Attending;
  addCall(
    name,
    (how: never) => make(how).name,
    () => [options],
    rows,
  );
  addCall(
    `${name}(…).init`,
    (of: unknown, how?: object) => layer.init(of, how),
    () => [widths, {}],
    [
      noWidths([
        { query: 0, value: 3 },
        { query: '3', value: 3 },
        { query: NaN, value: 3 },
      ]),
      ...backendAt(1),
    ],
    name,
  );
  const run = (params: unknown, inputs: unknown, how?: unknown): unknown => {
    const own = params === true ? layer.init(widths) : params;
    try {
      const { outputs, scores: weights } = layer(own, inputs, how) as { outputs: Floats; scores: Floats | null };
      weights?.dispose();
      return outputs;
    } finally {
      if (own !== params) for (const x of leaves(own)) x.dispose();
    }
  };
  addCall(
    `${name}(…)`,
    run,
    (w) => [true, [w.make([2, 4, 3]), w.make([2, 5, 3]), w.make([2, 5, 3])], {}],
    [
      refuses(0, 'params is not an object of tensors', 'ARGUMENT', [
        undefined,
        null,
        'text',
        3,
        1n,
        Symbol('s'),
        () => 1,
      ]),
      ...inputsAt,
      ...call,
      works(
        'an empty batch',
        'outputs [0, Tq, D]',
        (w) => [[true, [w.make([0, 4, 3]), w.make([0, 5, 3])]]],
        empty(0, 4, 3),
      ),
    ],
    name,
  );
}
export const attentionCatalogue: Catalogue = { exports, entries };
