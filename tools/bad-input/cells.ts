/** What the cells, and what runs them, answer to bad input. */
import * as exports from '@recurra/cells';
import { bidirectional, residual, stackedRNNCells, stream, zoneout, type Cell, type RNNOptions } from '@recurra/cells';
import { leaves, type Tensor } from '@recurra/core';
import { cpu } from '@recurra/backend-cpu';
import {
  by,
  entry,
  notFlags,
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
function addCall(name: string, call: unknown, good: Arguments, rows: readonly Rows[], op?: string): void {
  entries[name] = entry(call, good, rows, op);
}

const noName = [...strange.filter((v) => v !== null), {}, [], 3, 'tahn', 'toString', '__proto__'];
const initializers = (...names: string[]): Rows[] =>
  names.map((name) => optionAt(0, name, 'is the name of none', 'UNKNOWN_NAME', noName));
const rate = (name: string): Rows =>
  optionAt(0, name, 'is not a number from 0 to 1', 'ARGUMENT', [
    ...notNumbers.filter((v) => v !== null),
    NaN,
    -0.1,
    1.1,
    Infinity,
  ]);
const common: Rows[] = [
  optionsAt(0, 'unit', { optional: false }),
  optionAt(0, 'units', 'is not a whole number of at least 1', 'ARGUMENT', [undefined, ...notWhole, 0, -1]),
  optionAt(0, 'activation', 'is the name of none', 'UNKNOWN_NAME', noName),
  optionAt(0, 'useBias', 'is neither true nor false', 'ARGUMENT', notFlags),
  ...initializers('kernelInitializer', 'recurrentInitializer', 'biasInitializer'),
  rate('dropout'),
  rate('recurrentDropout'),
  optionAt(0, 'seed', 'is not a whole number', 'ARGUMENT', [...notWhole.filter((v) => v !== null), [1, 2]]),
];
const gated = [...common, optionAt(0, 'recurrentActivation', 'is the name of none', 'UNKNOWN_NAME', noName)];
const flag = (name: string): Rows => optionAt(0, name, 'is neither true nor false', 'ARGUMENT', notFlags);
const forget = [...gated, flag('unitForgetBias')];

const cells: Readonly<Record<string, { readonly more?: object; readonly rows: readonly Rows[] }>> = {
  simpleRNNCell: { rows: common },
  lstmCell: { rows: forget },
  gruCell: { rows: [...gated, flag('resetAfter')] },
  coupledLSTMCell: { rows: forget },
  peepholeLSTMCell: {
    more: { peepholeInitializer: 'ones' },
    rows: [...forget, ...initializers('peepholeInitializer')],
  },
  projectedLSTMCell: {
    more: { projectionUnits: 3, projectionInitializer: 'ones' },
    rows: [
      ...forget,
      optionAt(0, 'projectionUnits', 'is not a whole number of at least 1', 'ARGUMENT', [
        undefined,
        ...notWhole,
        0,
        -1,
      ]),
      ...initializers('projectionInitializer'),
    ],
  },
  layerNormLSTMCell: {
    rows: [
      ...forget,
      optionAt(0, 'normEpsilon', 'is not a finite number above 0', 'ARGUMENT', [
        ...notNumbers.filter((v) => v !== null),
        NaN,
        0,
        -1,
        Infinity,
      ]),
      ...initializers('normGammaInitializer', 'normBetaInitializer'),
    ],
  },
  minimalGatedCell: { rows: gated },
};

const library = exports as unknown as Readonly<Record<string, (options: object) => Cell>>;
const seeded = { kernelInitializer: 'ones', recurrentInitializer: 'ones', seed: 7 };
const made = (name: string): Cell => library[name]!({ units: 2, ...cells[name]?.more, ...seeded });
const emptyBatch = (units: number): object => ({ shape: [0, units], dtype: 'float32', data: [] });

for (const [name, { more = {}, rows }] of Object.entries(cells)) {
  addCall(
    name,
    (options: object) => library[name]!(options).units,
    () => [{ units: 2, ...more, ...seeded }],
    rows,
  );
  addCall(
    `${name}(…).init`,
    (inputs: number, options?: object) => made(name).init(inputs, options),
    () => [3, {}],
    [
      refuses(0, 'inputs is not a whole number of at least 1', 'ARGUMENT', [undefined, ...notWhole, 0, -1]),
      optionsAt(1, 'backnd'),
      optionAt(1, 'backend', 'is not a backend, but a name, or a promise of one', 'ARGUMENT', [
        ...strange.filter((v) => !(v instanceof Date) && v !== null),
        'cpu',
        Promise.resolve(cpu()),
      ]),
    ],
    name,
  );
  // The initial numbers are made by `tensor`, which knows backends.
  const { rows: ofInit } = entries[`${name}(…).init`]!;
  entries[`${name}(…).init`] = {
    ...entries[`${name}(…).init`]!,
    rows: ofInit.map((row) => (row.given.startsWith('backend') ? { ...row, op: 'tensor' } : row)),
  };
}

// Running them: tensors by hand, so that each can be replaced.
const lstm = made('lstmCell');
const params = (w: World): object => ({ kernel: w.make([3, 8]), recurrentKernel: w.make([2, 8]), bias: w.make([8]) });
const state = (w: World): object => ({ h: w.make([2, 2]), c: w.make([2, 2]) });
type Params = Readonly<Record<string, Tensor>>;
const part = (at: number, role: string, name: string, more: object = {}): Rows =>
  tensorAt(at, role, {
    wrong: ['int32', 'bool'],
    mixed: true,
    inside: { put: (tree: object, v) => ({ ...tree, [name]: v }), take: (tree: Params) => tree[name]! },
    ...more,
  });
const paramsAt = (at: number, own?: string): Rows[] => [
  refuses(at, 'params is not an object of tensors', 'ARGUMENT', [
    undefined,
    null,
    'text',
    3,
    1n,
    true,
    Symbol('s'),
    () => 1,
  ]),
  ...['kernel', 'recurrentKernel', 'bias'].map((name) =>
    part(at, `params.${name}`, name, own === undefined ? {} : { inner: own }),
  ),
  refusesMade(at, 'a parameter of another shape or rank', 'SHAPE', (w) => [
    { ...params(w), kernel: w.make([4, 8]) },
    { ...params(w), kernel: w.make([3, 7]) },
    { ...params(w), recurrentKernel: w.make([2]) },
    { ...params(w), bias: w.make([7]) },
  ]),
];
const inState: Rows[] = ['h', 'c'].map((name) =>
  tensorAt(3, `initialState.${name}`, {
    wrong: ['int32', 'bool'],
    mixed: true,
    inner: 'lstm',
    inside: {
      put: (options: RNNOptions<object>, v) => ({ ...options, initialState: { ...options.initialState, [name]: v } }),
      take: (options: { initialState: Params }) => options.initialState[name]!,
    },
  }),
);
addCall('segments', exports.segments, () => [32], [
  refuses(0, 'is not a whole number of at least 1', 'ARGUMENT', [
    undefined,
    null,
    'text',
    0,
    -1,
    1.5,
    NaN,
    Infinity,
    {},
  ]),
]);
const run: Arguments = (w) => [
  lstm,
  params(w),
  w.make([2, 4, 3]),
  { mask: w.make([2, 4], 'bool'), initialState: state(w), returnSequences: true },
];
/** The last has a step, and nothing else of a cell. */
const notCells: readonly unknown[] = [undefined, ...strange, {}, [], 3, () => 1, { step: () => [] }];
const notObject = [null, 'text', 3, 1n, true, Symbol('s'), () => 1];
addCall(
  'lstmCell(…).initialState',
  (weights: never, batch: number) => lstm.initialState(weights, batch),
  (w) => [params(w), 2],
  [
    refuses(0, 'params are not an object of tensors', 'ARGUMENT', notObject),
    refuses(1, 'batch is not a whole number', 'ARGUMENT', [undefined, ...notWhole, -1]),
  ],
  'lstmCell',
);
addCall('rnn', exports.rnn, run, [
  refuses(0, 'cell is not a cell', 'ARGUMENT', notCells),
  ...by('lstmCell', ...paramsAt(1, 'lstm')),
  tensorAt(2, 'x', { wrong: ['int32', 'bool'], mixed: true, inner: 'lstm' }),
  refusesMade(2, 'x of another rank', 'RANK', (w) => [w.make([4, 3]), w.make([]), w.make([1, 2, 4, 3])]),
  refusesMade(2, 'no time steps, [2, 0, 3]', 'EMPTY_SEQUENCE', (w) => [w.make([2, 0, 3])]),
  refusesMade(2, 'x with other features than the kernel takes', 'SHAPE', (w) => [w.make([2, 4, 5])], 'lstmCell'),
  optionsAt(3, 'maks'),
  tensorAt(3, 'mask', {
    mixed: true,
    optional: true,
    inner: 'lstm',
    inside: {
      put: (options: RNNOptions<object>, mask) => ({ ...options, mask }),
      take: (options: { mask: Tensor }) => options.mask,
    },
  }),
  ...by('lstmCell', optionAt(3, 'initialState', 'is not an object of tensors', 'ARGUMENT', notObject), ...inState),
  refusesMade(3, 'mask of another shape', 'SHAPE', (w) => [
    { mask: w.make([2, 3], 'bool') },
    { mask: w.make([4, 2], 'bool') },
    { mask: w.make([4], 'bool') },
  ]),
  refusesMade(
    3,
    'initialState of another batch or of other units',
    'SHAPE',
    (w) => [
      { initialState: { h: w.make([3, 2]), c: w.make([3, 2]) } },
      { initialState: { h: w.make([2, 2]), c: w.make([2, 5]) } },
    ],
    'lstmCell',
  ),
  refusesMade(
    3,
    'initialState with a part that the cell does not have',
    'UNKNOWN_NAME',
    (w) => [{ initialState: { ...(state(w) as object), k: w.make([2, 2]) } }],
    'lstmCell',
  ),
  ...['reverse', 'returnSequences', 'zeroOutputForMask', 'training'].map((name) =>
    optionAt(3, name, 'is neither true nor false', 'ARGUMENT', notFlags),
  ),
  optionAt(3, 'dropoutCounter', 'is not a whole number from 0 to 2·10¹²', 'ARGUMENT', [
    ...notWhole.filter((v) => v !== null),
    -1,
    2e12 + 1,
    Number.MAX_SAFE_INTEGER,
  ]),
  optionAt(3, 'checkpoint', 'is not what segments gives', 'ARGUMENT', [
    ...notObject.filter((v) => v !== null),
    {},
    [],
    32,
  ]),
  works(
    'an empty batch, [0, 4, 3]',
    'outputs [0, units], a state of [0, units]',
    (w) => [[lstm, params(w), w.make([0, 4, 3])]],
    {
      outputs: emptyBatch(2),
      state: { h: emptyBatch(2), c: emptyBatch(2) },
    },
  ),
  works(
    'a mask of numbers',
    'valid where it is not 0',
    (w) => [[lstm, params(w), w.make([0, 4, 3]), { mask: w.make([0, 4], 'int32') }]],
    {
      outputs: emptyBatch(2),
      state: { h: emptyBatch(2), c: emptyBatch(2) },
    },
  ),
]);
for (const name of Object.keys(cells)) {
  const cell = made(name);
  const units = cell.units;
  addCall(
    `rnn with ${name}`,
    (x: Floats, own?: object) => {
      const p = (own ?? cell.init(3)) as never;
      const { outputs, state: after } = exports.rnn(cell, p, x);
      for (const one of [...leaves(after), ...(own === undefined ? leaves(p) : [])]) one.dispose();
      return outputs;
    },
    (w) => [w.make([2, 4, 3])],
    [
      refuses(
        1,
        'params is not an object of tensors',
        'ARGUMENT',
        [null, 'text', 3, 1n, true, Symbol('s'), () => 1].filter((v) => v !== null),
      ),
      refuses(1, 'a parameter is missing', 'NOT_A_TENSOR', [{}]),
      refuses(1, 'parameters as a list, as get_weights() gives them', 'ARGUMENT', [[]]),
      works('an empty batch, [0, 4, 3]', 'outputs [0, units]', (w) => [[w.make([0, 4, 3])]], emptyBatch(units)),
    ],
    name,
  );
}

// Layers of cells.
addCall(
  'stackedRNNCells',
  (list: Cell[]) => stackedRNNCells(list).units,
  () => [[lstm, made('gruCell')]],
  [refuses(0, 'is not a list of cells, or empty', 'ARGUMENT', [undefined, ...notLists, [], [3], [null], [lstm, {}]])],
);
const stackOfTwo = stackedRNNCells([made('simpleRNNCell'), made('simpleRNNCell')]) as unknown as Cell;
const simple = (w: World, features = 3): object => ({
  kernel: w.make([features, 2]),
  recurrentKernel: w.make([2, 2]),
  bias: w.make([2]),
});
addCall(
  'rnn with stackedRNNCells',
  (p: never, x: Floats, options: object) => exports.rnn(stackOfTwo, p, x, options),
  (w) => [[simple(w), simple(w, 2)], w.make([2, 4, 3]), {}],
  [
    refusesMade(0, 'params is not a list with one entry for each cell', 'ARGUMENT', (w) => [
      undefined,
      ...notLists,
      [],
      [simple(w)],
    ]),
    optionAt(2, 'initialState', 'is not a list with one entry for each cell', 'ARGUMENT', [...notLists, []]),
  ],
  'stackedRNNCells',
);
const directions = (w: World): object => ({ forward: [lstm, params(w)], backward: [made('simpleRNNCell'), simple(w)] });
addCall('bidirectional', bidirectional, (w) => [directions(w), w.make([2, 4, 3]), { mergeMode: 'sum' }], [
  optionsAt(0, 'forwards', { optional: false, role: 'directions' }),
  refusesMade(0, 'a direction is not a pair of a cell and its parameters', 'ARGUMENT', (w) =>
    [undefined, null, lstm, [lstm], 3, Symbol('s')].map((forward) => ({ ...directions(w), forward })),
  ),
  ...by('rnn', tensorAt(1, 'x', { wrong: ['int32', 'bool'] })),
  optionsAt(2, 'mergemode'),
  optionAt(2, 'mergeMode', 'is none of the modes', 'UNKNOWN_NAME', [
    ...strange.filter((v) => v !== null),
    {},
    [],
    3,
    'average',
  ]),
  optionAt(2, 'initialState', 'is not a plain object', 'ARGUMENT', [null, 'text', 3, [], Symbol('s')]),
  ...by(
    'rnn',
    ...['returnSequences', 'training'].map((name) =>
      optionAt(2, name, 'is neither true nor false', 'ARGUMENT', notFlags),
    ),
  ),
  works('an empty batch, [0, 4, 3]', 'outputs [0, units of both]', (w) => [[directions(w), w.make([0, 4, 3])]], {
    outputs: emptyBatch(4),
    state: { forward: { h: emptyBatch(2), c: emptyBatch(2) }, backward: { h: emptyBatch(2) } },
  }),
]);
addCall(
  'residual',
  (cell: Cell) => residual(cell).units,
  () => [lstm],
  [refuses(0, 'cell is not a cell', 'ARGUMENT', notCells)],
);
addCall(
  'residual(…).init',
  (inputs: number) => residual(lstm).init(inputs),
  () => [2],
  [refuses(0, 'inputs are not the units of the cell', 'SHAPE', [3])],
  'residual(lstmCell)',
);
addCall(
  'zoneout',
  (cell: Cell, options: object) => zoneout(cell as never, options as never).units,
  () => [lstm, { rates: { h: 0.5 }, seed: 7 }],
  [
    refuses(0, 'cell is not a cell', 'ARGUMENT', notCells),
    optionsAt(1, 'rate', { optional: false }),
    ...by(
      'zoneout(lstmCell)',
      optionAt(1, 'rates', 'is not an object, or a rate is not a number from 0 to 1', 'ARGUMENT', [
        undefined,
        null,
        'text',
        3,
        Symbol('s'),
        { h: NaN },
        { h: -0.1 },
        { h: 1.1 },
        { h: '0.5' },
        { h: 1n },
      ]),
      optionAt(1, 'seed', 'is not a whole number', 'ARGUMENT', [...notWhole.filter((v) => v !== null), [1, 2]]),
    ),
  ],
);

// Streams.
const streamed = (
  cell: Cell,
  p: never,
  options: object,
  use: (s: exports.Stream<unknown>) => unknown = (s) => s.step(new Float32Array(6)),
): unknown => {
  const s = stream(cell, p, options as never);
  try {
    return use(s);
  } finally {
    s.dispose();
  }
};
addCall('stream', streamed, (w) => [lstm, params(w), { batch: 2, initialState: state(w) }], [
  refuses(0, 'cell is not a cell', 'ARGUMENT', notCells),
  optionsAt(2, 'bach'),
  optionAt(2, 'batch', 'is not a whole number of at least 1', 'ARGUMENT', [
    ...notWhole.filter((v) => v !== null),
    0,
    -1,
  ]),
  refuses(2, 'batch · units is more than 2³¹ − 1', 'TOO_LARGE', [{ batch: 2 ** 31 }], 'zeros'),
  optionAt(2, 'initialState', 'is not an object of tensors', 'ARGUMENT', notObject),
]);
entries['stream'] = {
  ...entries['stream']!,
  rows: [
    ...entries['stream']!.rows.map((row) => (row.given.startsWith('initialState') ? { ...row, op: 'lstmCell' } : row)),
    // A kernel for other inputs is right: frames are as wide as the kernel asks.
    ...by('lstmCell', ...paramsAt(1, 'lstm'))
      .flatMap((rows) => rows(entries['stream']!.good))
      .map((row) => (row.gives === 'SHAPE' ? { ...row, calls: (w: World) => row.calls(w).slice(1) } : row)),
  ],
};
const arrays = [
  ...strange,
  {},
  [1],
  3,
  new Float64Array(6),
  new Proxy(new Float32Array(6), {}),
  Object.create(Float32Array.prototype),
];
const onStream = (use: (s: exports.Stream<unknown>, given: never) => unknown) => (p: never, given: never) =>
  streamed(lstm, p, { batch: 2 }, (s) => use(s, given));
addCall(
  'stream(…).step, frame',
  onStream((s, frame) => s.step(frame)),
  (w) => [params(w), new Float32Array(6)],
  [
    refuses(1, 'frame is not a Float32Array', 'ARGUMENT', [undefined, ...arrays]),
    refuses(1, 'frame has another length', 'SHAPE', [new Float32Array(5)]),
  ],
  'stream',
);
addCall(
  'stream(…).step, out',
  onStream((s, out) => s.step(new Float32Array(6), out)),
  (w) => [params(w), new Float32Array(4)],
  [
    refuses(1, 'out is not a Float32Array', 'ARGUMENT', arrays),
    refuses(1, 'out has another length', 'SHAPE', [new Float32Array(5)]),
  ],
  'stream',
);
addCall(
  'stream(…).step, disposed',
  onStream((s, gone) => {
    if (gone) s.dispose();
    return s.step(new Float32Array(6));
  }),
  (w) => [params(w), false],
  [refuses(1, 'after dispose()', 'DISPOSED', [true])],
  'stream',
);
addCall(
  'stream(…).reset',
  onStream((s, to) => s.reset(to)),
  (w) => [params(w), state(w)],
  [
    refuses(1, 'a state that is no object of tensors', 'NOT_A_TENSOR', [null, 'text', 3, {}, [], Symbol('s')]),
    part(1, 'state.h', 'h'),
    refusesMade(1, 'a part of the state that the cell does not have', 'UNKNOWN_NAME', (w) => [
      { ...(state(w) as object), k: w.make([2, 2]) },
    ]),
    refusesMade(1, 'a state of another shape', 'SHAPE', (w) => [{ h: w.make([3, 2]), c: w.make([3, 2]) }]),
  ],
  'stream',
);
export const cellsCatalogue: Catalogue = { exports, entries };
