/** What core answers to bad input where tensors begin, live and end: creation, backends, scopes, gradients, checks. */
import { runInNewContext } from 'node:vm';
import { cpu } from '@recurra/backend-cpu';
import * as core from '@recurra/core';
import { openFused, type Tensor } from '@recurra/core';
import {
  entry,
  holes,
  notFlags,
  notFunctions,
  notLists,
  notNumbers,
  notShapes,
  notTensors,
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
  type Entry,
  type Rows,
} from './row.js';

const entries: Record<string, Entry> = {};
function add(names: string, good: Arguments, rows: readonly Rows[], op?: string): void {
  for (const name of names.split(' ')) entries[name] = entry(core[name as keyof typeof core], good, rows, op);
}
/** A method, or a way of calling something. */
function addCall(name: string, call: unknown, good: Arguments, rows: readonly Rows[], op?: string): void {
  entries[name] = entry(call, good, rows, op);
}

// Errors take what they are given.
for (const name of Object.keys(core)
  .sort()
  .filter((n) => n.endsWith('Error'))) {
  addCall(
    name,
    (...args: never[]) => Reflect.construct(core[name as 'RecurraError'], args) as unknown,
    () => ['X', 'x', 'x'],
    [],
  );
}
add('newestId reclaimedByCollector', () => [], []);
for (const name of ['newestId', 'reclaimedByCollector']) entries[name] = { ...entries[name]!, call: () => undefined };

const aValue = works(
  'a Symbol, a BigInt, a proxy, undefined: anything',
  'false',
  () => notTensors.map((v) => [v]),
  false,
);
add('isTensor', (w) => [w.make([2])], [
  aValue,
  works('a tensor of a second copy of core', 'false', (w) => [[w.foreign]], false),
  works('a disposed tensor', 'true', (w) => [[w.goneLike(w.make([2]))]], true),
]);
add('requireTensor', (w) => ['op', 'x', w.make([2])], [tensorAt(2, 'x')], 'op');

// Creation.
const dtypeAndBackend = (at: number): Rows[] => [
  optionsAt(at, 'dtyp'),
  optionAt(at, 'dtype', 'is not the name of one', 'DTYPE', [...notNumbers, 'float64', 'Int32']),
  optionAt(at, 'backend', 'is not a backend, but a name, or a promise of one', 'ARGUMENT', [
    ...strange.filter((v) => !(v instanceof Date)),
    'cpu',
    Promise.resolve(cpu()),
  ]),
];
const shapeAt = (at: number, more: readonly unknown[], skip: readonly unknown[] = []): Rows[] => [
  refuses(at, 'shape is not a list of whole numbers, none negative', 'SHAPE', [
    ...more,
    ...notShapes.filter((v) => !skip.includes(v)),
  ]),
  refuses(at, 'more than 2³¹ − 1 elements', 'TOO_LARGE', [[2 ** 31], [2 ** 20, 2 ** 20], [2 ** 52, 2 ** 52]]),
];
add(
  'tensor',
  () => [
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
    [3, 2],
    { dtype: 'float32' },
  ],
  [
    // prettier-ignore
    refuses(0, 'data are not numbers or booleans', 'ARGUMENT', [
    undefined, ...strange.filter((v) => v !== true), {}, () => 1, ['1', '2'], [[1, null]], [1n], [Symbol('one')], holes,
  ]),
    refuses(0, 'nested lists of unequal lengths', 'SHAPE', [[[1, 2], [3]], [[1], 2], [1, [2]]]), // prettier-ignore
    refuses(0, 'a list that contains itself', 'RANK', [itself()]),
    refuses(0, '64-bit integers', 'DTYPE', [BigInt64Array.of(1n), new BigUint64Array(0)]),
    refusesCalls('an array that says no dtype: Uint8Array, Int16Array, …', 'DTYPE', () => [
      [Uint8Array.of(1)],
      [Int16Array.of(1)],
    ]),
    refusesCalls('numbers that the dtype cannot hold', 'DTYPE', () => [
      [[0.5], [1], { dtype: 'int32' }],
      [[NaN], [1], { dtype: 'int32' }],
      [[2 ** 31], [1], { dtype: 'int32' }],
      [[2], [1], { dtype: 'bool' }],
    ]),
    ...shapeAt(1, [[4], [2, 2]], [null]),
    ...dtypeAndBackend(2),
    works('a Float32Array of another realm', 'as one of this', () => [[runInNewContext('Float32Array.of(1, 2)')]], {
      shape: [2],
      dtype: 'float32',
      data: [1, 2],
    }),
    works('NaN and infinities as float32', 'they are kept', () => [[[NaN, Infinity]]], {
      shape: [2],
      dtype: 'float32',
      data: [NaN, Infinity],
    }),
    works('an empty batch, [0, 3]', 'a tensor without elements', () => [[[], [0, 3]]], {
      shape: [0, 3],
      dtype: 'float32',
      data: [],
    }),
  ],
);
function deep(): unknown {
  let list: unknown = [];
  for (let i = 0; i < 20000; i++) list = i % 2 ? [list] : { list };
  return list;
}
function itself(): unknown[] {
  const list: unknown[] = [];
  list.push(list);
  return list;
}
add('full', () => [[2, 3], 0.5, { dtype: 'float32' }], [
  ...shapeAt(0, [undefined]),
  refuses(1, 'value is not a number', 'ARGUMENT', [undefined, ...notNumbers]),
  refusesCalls('a value that the dtype cannot hold', 'DTYPE', () => [
    [[2], 0.5, { dtype: 'int32' }],
    [[2], NaN, { dtype: 'bool' }],
  ]),
  ...dtypeAndBackend(2),
  works('an empty batch, [0, 3]', 'a tensor without elements', () => [[[0, 3], 1]], {
    shape: [0, 3],
    dtype: 'float32',
    data: [],
  }),
]);
add('zeros ones', () => [[2, 3], { dtype: 'int32' }], [
  ...shapeAt(0, [undefined]),
  ...dtypeAndBackend(1),
  works('an empty batch, [0, 3]', 'a tensor without elements', () => [[[0, 3]]], {
    shape: [0, 3],
    dtype: 'float32',
    data: [],
  }),
]);
add('transfer', (w) => [w.make([2]), w.backend], [
  tensorAt(0, 'x'),
  refuses(1, 'backend is not a backend, but a name, or a promise of one', 'ARGUMENT', [
    undefined,
    ...strange,
    'cpu',
    Promise.resolve(cpu()),
  ]),
]);

// Tensors themselves.
const method =
  (name: string) =>
  (x: Tensor): unknown =>
    (x as unknown as Record<string, () => unknown>)[name]!();
const gone = refusesMade(0, 'a disposed tensor', 'DISPOSED', (w) => [w.goneLike(w.make([2]))]);
addCall('tensor.data', method('data'), (w) => [w.make([2])], [gone], 'data');
addCall('tensor.raw', method('raw'), (w) => [w.make([2])], [gone], 'data');
addCall(
  'tensor.dataSync',
  method('dataSync'),
  (w) => [w.make([2])],
  [gone, refusesMade(0, 'a backend that cannot block', 'BACKEND_ASYNC_ONLY', () => [waiting().x])],
  'dataSync',
);
addCall('tensor.dispose', method('dispose'), (w) => [w.make([2])], [
  works('a disposed tensor', 'nothing happens', (w) => [[w.goneLike(w.make([2]))]], undefined),
]);
addCall(
  'JSON.stringify(tensor)',
  (x: { ok?: true }) => (x.ok ? 1 : JSON.stringify({ x })),
  () => [{ ok: true }],
  [refusesMade(0, 'a tensor, anywhere inside', 'UNREAD', (w) => [w.make([2])])],
  'toJSON',
);
addCall(
  'structuredClone(tensor)',
  (x: Tensor, clone = false) => core.neg(clone ? structuredClone(x) : x),
  (w) => [w.make([2])],
  [refuses(1, 'the clone as a tensor', 'NOT_A_TENSOR', [true])],
  'neg',
);
addCall(
  'tensor.shape',
  (x: Tensor) => Object.isFrozen(x.shape),
  (w) => [w.make([2])],
  [
    works(
      'an assignment to a length',
      'a TypeError in strict code: shapes are frozen',
      (w) => [[w.make([2, 3])]],
      true,
    ),
  ],
);

/** A tensor on a backend without readSync. */
function waiting(): { x: Tensor } {
  const { readSync: _, ...rest } = cpu();
  return { x: core.tensor([1], undefined, { backend: rest }) };
}

// Backends.
const notBackends = [undefined, ...strange.filter((v) => v !== 'text'), {}, [], () => 1, 3];
add('useBackend', (w) => [w.backend], [
  refuses(0, 'is not a backend, or a promise of something else', 'ARGUMENT', [...notBackends, Promise.resolve(3)]),
  refuses(0, 'a name that nobody registered', 'BACKEND_UNKNOWN', ['nobody', '']),
  refusesMade(0, 'a promise that is rejected', 'BACKEND_FAILED', () => [Promise.reject(new Error('no device'))]),
]);
entries['useBackend'] = {
  ...entries['useBackend']!,
  call: (async (b: core.Backend) => void (await core.useBackend(b))) as never,
};
const loaded = (loader: () => unknown) => [loader];
addCall(
  'useBackend(registered name)',
  async (loader: () => never) => {
    core.registerBackend('bad-input', loader);
    await core.useBackend('bad-input');
  },
  (w) => [() => w.backend],
  [
    refusesMade(0, 'the loader throws, or its promise is rejected', 'BACKEND_FAILED', () => [
      () => raise(),
      () => Promise.reject(new Error('no device')),
      () => ({ default: () => raise() }),
    ]),
    refusesMade(0, 'the loader gives no backend', 'ARGUMENT', () =>
      [...notBackends, { default: null }, { default: 3 }].flatMap((v) => loaded(() => v)),
    ),
  ],
  'useBackend',
);
function raise(): never {
  throw new TypeError('no device');
}
addCall('registerBackend', core.registerBackend, () => ['bad-input', () => cpu()], [
  refuses(0, 'name is not a string', 'ARGUMENT', [undefined, ...strange.filter((v) => v !== 'text'), {}, 3]),
  refuses(1, 'loader is not a function', 'ARGUMENT', notFunctions),
]);
addCall(
  'defaultBackend',
  (none: boolean) => (none ? withoutBackend(() => core.defaultBackend()) : core.defaultBackend().name),
  () => [false],
  [refuses(0, 'no backend is chosen', 'BACKEND_NONE', [true])],
);

// Scopes and trees.
add('scope', (w) => [() => core.neg(w.make([2]))], [
  refuses(0, 'f is not a function', 'ARGUMENT', notFunctions),
  refuses(0, 'f gives a promise, also of another realm, or what else has then', 'ARGUMENT', [
    async () => 1,
    () => Promise.reject(new Error('late')),
    () => runInNewContext('Promise.reject(1)'),
    // oxlint-disable-next-line unicorn/no-thenable -- that is what it is about
    () => Object.fromEntries([['then', () => undefined]]) as object,
  ]),
  refuses(0, 'f gives arrays or objects nested more than 1000 deep', 'NOT_A_TREE', [() => deep()], 'leaves'),
  refusesMade(0, 'f gives a disposed tensor', 'DISPOSED', (w) => [
    () => ({ y: w.goneLike(w.make([2])) }),
    () => {
      const y = core.ones([2]);
      y.dispose();
      return [y];
    },
  ]),
  works(
    'f gives tensors in a Map or a Set',
    'they are kept, as in lists and plain objects',
    () => [
      [() => [...core.scope(() => new Map([['y', core.ones([1])]])).values()]],
      [() => [...core.scope(() => new Set([core.ones([1])]))]],
    ],
    [{ shape: [1], dtype: 'float32', data: [1] }],
  ),
  works(
    'f gives a plain object of another realm',
    'its tensors are kept',
    () => [[() => core.scope(() => Object.assign(runInNewContext('({})'), { y: core.ones([1]) })).y]],
    { shape: [1], dtype: 'float32', data: [1] },
  ),
  works(
    'f gives an object of a class that holds a tensor',
    'scope cannot look inside: the tensor is disposed',
    () => [
      [() => core.scope(() => new (class { y = core.ones([1]); })()).y.disposed], // prettier-ignore
    ],
    true,
  ),
]);
add('keep', (w) => [w.make([2])], [tensorAt(0, 'tensor')]);
add('owns', (w) => [w.make([2])], [
  works(
    'anything but a tensor of the innermost scope',
    'false',
    (w) => [...notTensors.map((v) => [v]), [w.foreign]],
    false,
  ),
]);
add('discard', (w) => [w.make([2])], [
  works(
    'anything but a tensor of the innermost scope',
    'nothing happens',
    (w) => [...notTensors.map((v) => [v]), [w.foreign]],
    undefined,
  ),
]);
add('leaves', (w) => [{ a: [w.make([2])] }], [
  works('no tensor in it', 'an empty list', () => [...notTensors.map((v) => [v]), [itself()]], []),
]);
add('disposeTree', (w) => [{ a: w.make([2]) }], [
  refuses(0, 'what is neither a tensor nor an array or plain object of tensors', 'NOT_A_TREE', [
    3,
    'text',
    new Map(),
    () => 1,
  ]),
]);
add('mapTree', (w) => [{ a: w.make([2]) }, (v: Tensor) => core.neg(v)], [
  refuses(1, 'f is not a function', 'ARGUMENT', notFunctions),
  refuses(0, 'a tree that contains itself', 'NOT_A_TREE', [itself()]),
  refuses(0, 'a tree nested more than 1000 deep', 'NOT_A_TREE', [deep()]),
  works('a leaf that is not a tensor', 'it stays', () => [[[3, 'text', null], (v: unknown) => v]], [3, 'text', null]),
]);

// Gradients.
const square = (v: Tensor<'float32'>): Tensor<'float32'> => core.sum(core.square(v));
for (const name of ['grad', 'valueAndGrad'] as const) {
  addCall(
    name,
    (f: typeof square, params: Tensor<'float32'>) => core[name](f)(params),
    (w) => [square, w.make([3])],
    [
      refuses(0, 'f is not a function', 'ARGUMENT', notFunctions),
      refusesMade(1, 'params are not a tree: something else than tensors, lists, plain objects', 'NOT_A_TREE', (w) => [
        'text',
        Symbol('s'),
        1n,
        3,
        true,
        new Date(0),
        () => 1,
        new Map([['w', w.make([2])]]),
        itself(),
        w.foreign,
        new Proxy(w.make([2]), {}),
      ]),
      refusesMade(1, 'a parameter is disposed', 'DISPOSED', (w) => [w.goneLike(w.make([3]))]),
    ],
    'valueAndGrad',
  );
  const more = [
    refusesMade(
      0,
      'f gives something else than a float32 scalar, or a promise',
      'GRADIENT',
      (w) => [
        (v: Tensor) => core.neg(v),
        () => 3,
        () => undefined,
        () => null,
        () => Symbol('s'),
        () => w.make([], 'int32'),
        async () => 1,
      ],
      'grad',
    ),
    refusesMade(0, 'f gives a disposed tensor', 'DISPOSED', (w) => [() => w.goneLike(w.make([]))], 'grad'),
    works(
      'no parameters',
      'no gradients',
      (w) => [[() => w.make([]), {}]],
      name === 'grad' ? {} : [{ shape: [], dtype: 'float32', data: [0.25] }, {}],
    ),
    works(
      'an empty batch, [0]',
      'a gradient without elements',
      (w) => [[square, w.make([0])]],
      name === 'grad'
        ? { shape: [0], dtype: 'float32', data: [] }
        : [
            { shape: [], dtype: 'float32', data: [0] },
            { shape: [0], dtype: 'float32', data: [] },
          ],
    ),
  ];
  entries[name] = { ...entries[name]!, rows: [...entries[name]!.rows, ...more.flatMap((m) => m(entries[name]!.good))] };
}

// Functions with a gradient of their own, and such that are computed twice.
addCall(
  'customGrad',
  (f: typeof square, gradient: (of: core.CustomGradient<[Tensor<'float32'>]>) => Tensor[], x: Tensor<'float32'>) =>
    core.grad(core.customGrad(f, gradient))(x),
  (w) => [square, ({ inputs: [v] }: core.CustomGradient<[Tensor<'float32'>]>) => [v], w.make([3])],
  [
    refuses(0, 'f is not a function', 'ARGUMENT', notFunctions),
    refuses(1, 'gradient is not a function', 'ARGUMENT', notFunctions),
  ],
);
addCall(
  'checkpoint',
  (f: typeof square, x: Tensor<'float32'>) => core.grad(core.checkpoint(f))(x),
  (w) => [square, w.make([3])],
  [refuses(0, 'f is not a function', 'ARGUMENT', notFunctions)],
);

// Ops of one's own.
const twice = {
  name: 'twice',
  infer: ([s]: core.Spec[]) => s,
  forward: (k: core.Kernels, [s]: core.Operand[], _: void, out: core.Spec) => k.binary('add', s!, s!, out),
};
addCall(
  'defineOp',
  (op: core.Op<void>, inputs: Tensor[]) => {
    const made = core.defineOp(op);
    return core.grad((v: Tensor<'float32'>) => core.sum(made([v]) as Tensor<'float32'>))(
      inputs[0] as Tensor<'float32'>,
    );
  },
  (w) => [{ ...twice, backward: ({ grad }: { grad: Tensor }) => [grad] }, [w.make([2])]],
  [
    refuses(0, 'is not the description of an op', 'ARGUMENT', [
      undefined,
      ...strange,
      {},
      3,
      { name: 'twice', infer: 3 },
    ]),
  ],
);
const backwardGives = (given: string, values: (w: { make(shape: number[]): Tensor }) => unknown[]): Rows =>
  refusesMade(0, given, 'GRADIENT', (w) => values(w).map((v) => ({ ...twice, backward: () => v })), 'twice');
entries['defineOp'] = {
  ...entries['defineOp']!,
  rows: [
    ...entries['defineOp']!.rows,
    ...backwardGives('backward gives no list of gradients', () => [undefined, null, 3, {}, 'text'])(
      entries['defineOp']!.good,
    ),
    ...backwardGives('a gradient is no tensor, or not of its input’s shape', (w) => [
      [3],
      ['text'],
      [w.make([3])],
      [w.make([])],
    ])(entries['defineOp']!.good),
    ...refusesMade(
      0,
      'forward throws',
      'BACKEND_FAILED',
      () => [{ ...twice, forward: () => raise() }],
      'twice',
    )(entries['defineOp']!.good),
  ],
};
addCall(
  'defineOp(…)(inputs)',
  (inputs: Tensor[]) => core.defineOp(twice as unknown as core.Op<void>)(inputs),
  (w) => [[w.make([2])]],
  [
    refuses(0, 'inputs is not a list, or empty', 'ARGUMENT', [undefined, ...notLists, []]),
    tensorAt(0, 'an input', { inside: { put: (_: unknown, v) => [v], take: ([first]: Tensor[]) => first! } }),
  ],
  'twice',
);
addCall(
  'whyNot',
  (backend: core.Backend, name: 'softmax', spec: core.SoftmaxSpec) => core.whyNot(backend, name, spec) === null,
  (w) => [w.backend, 'softmax', { shape: [2, 3] }],
  [
    refuses(0, 'backend is not a backend', 'ARGUMENT', notBackends),
    works('a fused kernel that does not exist', 'the reason why not', (w) => [[w.backend, 'softmux', {}]], false),
  ],
);
add(
  'applyFused',
  (w) => ['softmax', { shape: [2, 3] }, [w.make([2, 3])]],
  [
    refuses(2, 'inputs is not a list, or empty', 'ARGUMENT', [undefined, ...notLists, []]),
    tensorAt(2, 'an input', {
      inside: { put: (_: unknown, v) => [v], take: ([first]: Tensor[]) => first! },
      optional: true,
    }),
    works(
      'a fused kernel that does not exist',
      'null: the caller composes',
      (w) => [['softmux', {}, [w.make([2])]]],
      null,
    ),
  ],
  'softmax',
);

const dims = { batch: 2, time: 1, inputs: 3, units: 4 };
const lstmSpec = {
  dims,
  activation: 'tanh',
  recurrentActivation: 'sigmoid',
  reverse: false,
  returnSequences: false,
  zeroOutputForMask: false,
};
const lstmInputs: Arguments = (w) => [[null, w.make([3, 16]), w.make([4, 16]), w.make([16]), null, null, null]];
const opened = (inputs: Tensor[], use: (s: core.TensorSession) => unknown): unknown => {
  const session = openFused('lstm', lstmSpec, inputs)!;
  try {
    return use(session);
  } finally {
    session.close();
  }
};
addCall(
  'openFused',
  (inputs: Tensor[]) => opened(inputs, () => 1),
  lstmInputs,
  [
    refuses(0, 'inputs is not a list, or empty', 'ARGUMENT', [undefined, ...notLists, []]),
    tensorAt(0, 'an input', {
      mixed: true,
      optional: true,
      inside: { put: (list: unknown[], v) => list.with(2, v), take: (list: Tensor[]) => list[2]! },
    }),
  ],
  'lstm',
);
const numbers = (role: string, length: number): Rows[] => [
  refuses(1, `${role} is not a Float32Array`, 'ARGUMENT', [undefined, ...strange, {}, [1], 3, new Int32Array(length)]),
  refuses(1, `${role} has another length`, 'SHAPE', [new Float32Array(length + 1), new Float32Array(0)]),
];
const frame: Arguments = (w) => [...lstmInputs(w), new Float32Array(6)];
addCall(
  'session.step, frame',
  (inputs: Tensor[], f: Float32Array) => opened(inputs, (s) => s.step(f, new Float32Array(8))),
  frame,
  numbers('frame', 6),
  'lstm',
);
const out: Arguments = (w) => [...lstmInputs(w), new Float32Array(8)];
addCall(
  'session.step, out',
  (inputs: Tensor[], o: Float32Array) => opened(inputs, (s) => s.step(new Float32Array(6), o)),
  out,
  numbers('out', 8),
  'lstm',
);
addCall(
  'session.step, closed',
  (inputs: Tensor[], closed: boolean) =>
    opened(inputs, (s) => {
      if (closed) s.close();
      s.step(new Float32Array(6), new Float32Array(8));
    }),
  (w) => [...lstmInputs(w), false],
  [refuses(1, 'after close()', 'DISPOSED', [true])],
  'lstm',
);
addCall(
  'session.setState',
  (inputs: Tensor[], state: Tensor[]) => opened(inputs, (s) => s.setState(state)),
  (w) => [...lstmInputs(w), [w.make([2, 4]), null]],
  [
    refuses(1, 'state is not a list of its parts', 'SHAPE', [undefined, ...notLists, [], [null]]),
    tensorAt(1, 'a part', {
      wrong: ['int32', 'bool'],
      mixed: true,
      optional: true,
      inside: { put: (_: unknown, v) => [v, null], take: ([h]: Tensor[]) => h! },
    }),
    refusesMade(1, 'a part of another shape', 'SHAPE', (w) => [
      [w.make([2, 5]), null],
      [w.make([2]), null],
    ]),
  ],
  'lstm',
);

// Checks, for packages built on core.
add('checkedSize', () => ['op', [2, 3]], shapeAt(1, [undefined]), 'op');
add('checkOptions', () => ['op', { units: 1 }, ['units']], [optionsAt(1, 'unit', { optional: false })], 'op');
add(
  'checkedCount',
  () => ['op', 'units', 3],
  [refuses(2, 'is not a whole number of at least 1', 'ARGUMENT', [undefined, ...notWhole, 0, -1])],
  'op',
);
add(
  'checkedFinite',
  () => ['op', 'rate', 0.5],
  [refuses(2, 'is not a finite number', 'ARGUMENT', [undefined, ...notNumbers, NaN, Infinity, -Infinity])],
  'op',
);
add(
  'checkedFlag',
  () => ['op', 'useBias', true],
  [refuses(2, 'is neither true nor false', 'ARGUMENT', [undefined, null, ...notFlags])],
  'op',
);
add(
  'checkedName',
  () => ['op', 'mode', 'dot', ['dot', 'concat']],
  [refuses(2, 'is none of the names', 'UNKNOWN_NAME', [undefined, ...notNumbers, NaN, 'dott'])],
  'op',
);
add('checkedFloats', (w) => ['op', 'x', w.make([2])], [tensorAt(2, 'x', { wrong: ['int32', 'bool'] })], 'op');
add(
  'checkShapes',
  (w) => ['op', 'params', { kernel: w.make([2, 3]) }, { kernel: [2, null], bias: null }],
  [
    refuses(2, 'is not an object', 'ARGUMENT', [undefined, null, 'text', 3, 1n, true, Symbol('s'), () => 1]),
    tensorAt(2, 'one of its tensors', {
      wrong: ['int32', 'bool'],
      inside: { put: (_: unknown, kernel) => ({ kernel }), take: (p: { kernel: Tensor }) => p.kernel },
    }),
    refusesMade(2, 'a tensor has another rank or shape', 'SHAPE', (w) => [
      { kernel: w.make([3, 3]) },
      { kernel: w.make([2]) },
    ]),
    refusesMade(2, 'a tensor is there that must be absent', 'ARGUMENT', (w) => [
      { kernel: w.make([2, 3]), bias: w.make([3]) },
    ]),
  ],
  'op',
);
add('didYouMean', () => ['unit', ['units']], [
  works(
    'a word that is not a string',
    'all names there are',
    () => notNumbers.filter((v) => typeof v !== 'string').map((v) => [v, ['units', 'rate']]),
    'one of units, rate',
  ),
]);
add(
  'broadcastShapes',
  () => ['op', { a: [2, 3], b: [3] }],
  [refuses(1, 'shapes that do not broadcast', 'SHAPE', [{ a: [2], b: [3] }])],
  'op',
);
add(
  'normalizeAxis',
  () => ['op', -1, 2],
  [refuses(1, 'is not a whole number, or there is no such axis', 'AXIS', [undefined, ...notWhole, 2, -3])],
  'op',
);
add('sameShape', () => [[2], [2]], [
  works(
    'other lengths or another rank',
    'false',
    () => [
      [[2], [3]],
      [[2], [2, 1]],
    ],
    false,
  ),
]);
add('sizeOf', () => [[2, 3]], [works('a scalar, []', '1', () => [[[]]], 1)]);
addCall(
  'activation',
  (given: core.ActivationName, op?: string) => core.activation(given, op).name,
  () => ['hard_sigmoid', 'op'],
  [
    refuses(0, 'a name that does not exist, or no name', 'UNKNOWN_NAME', [
      undefined,
      ...strange.filter((v) => v !== null),
      {},
      [],
      3,
      'tahn',
      'toString',
      '__proto__',
    ]),
    works('null', 'linear, as in Keras', () => [[null]], 'linear'),
  ],
  'op',
);
const own = core.activation(
  ((v: unknown) => (core.isTensor(v) && v.rank === 1 ? core.reshape(v, [1, -1]) : 3)) as never,
  'op',
);
addCall(
  'activation(f).apply',
  (v: Tensor<'float32'>) => (v.rank > 2 ? 1 : core.scope(() => own.apply(v))),
  (w) => [w.make([1, 1, 1])],
  [
    refusesMade(0, 'f gives something else than a tensor', 'NOT_A_TENSOR', (w) => [w.make([2, 2])]),
    refusesMade(0, 'f gives another shape', 'SHAPE', (w) => [w.make([2])]),
  ],
  'op',
);
/** As before the first `useBackend`. */
function withoutBackend<T>(f: () => T): T {
  const slots = globalThis as unknown as Record<symbol, { chosen: unknown }>;
  const slot = slots[Symbol.for('@recurra/core/backends')]!;
  const { chosen } = slot;
  slot.chosen = null;
  try {
    return f();
  } finally {
    slot.chosen = chosen;
  }
}

export const values: Readonly<Record<string, Entry>> = entries;
