/** What optimizers, schedules, losses, metrics, checkpoints and the training loop answer to bad input. */
import { cpu } from '@recurra/backend-cpu';
import { div, leaves, log, mean, mul, scope, sqrt, square, sub, tensor, type Tensor } from '@recurra/core';
import * as exports from '@recurra/train';
import {
  entry,
  flagAt,
  holes,
  notFlags,
  notFunctions,
  notLists,
  notNumbers,
  notObjects,
  notWhole,
  optionAt,
  optionsAt,
  refuses,
  refusesCalls,
  refusesMade,
  strange,
  tensorAt,
  type Arguments,
  type Catalogue,
  type Entry,
  type Rows,
  type World,
} from './row.js';

const entries: Record<string, Entry> = {};
function add(name: string, call: unknown, good: Arguments, rows: readonly Rows[], op?: string): void {
  entries[name] = entry(call, good, rows, op);
}
const set = (values: readonly unknown[]): readonly unknown[] => values.filter((v) => v !== null);
const notFinite = [...notNumbers, NaN, Infinity, -Infinity];
const negative = 'is not a finite number of at least 0';
const least0 = (at: number, name: string, values: readonly unknown[] = notFinite): Rows =>
  optionAt(at, name, negative, 'ARGUMENT', [...values, -0.1]);
const above0 = (at: number, name: string, values: readonly unknown[] = notFinite): Rows =>
  optionAt(at, name, 'is not a finite number above 0', 'ARGUMENT', [...values, 0, -1]);
const count = (at: number, name: string): Rows =>
  optionAt(at, name, 'is not a whole number of at least 1', 'ARGUMENT', [...set(notWhole), 0, -1]);

// Schedules, called with options and a step.
const stepAt: Rows = refuses(1, `step ${negative}`, 'ARGUMENT', [undefined, ...notFinite, -1]);
type Scheduled = (options: never) => exports.Schedule;
const at =
  (schedule: Scheduled) =>
  (options: never, step: number): number =>
    schedule(options)(step);
add('constantRate', at(exports.constantRate as Scheduled), () => [0.1, 3], [
  refuses(0, `learningRate ${negative}`, 'ARGUMENT', [undefined, ...notFinite, -1]),
]);
add(
  'exponentialDecay',
  at(exports.exponentialDecay as Scheduled),
  () => [{ initialLearningRate: 0.1, decaySteps: 5, decayRate: 0.5, staircase: true }, 7],
  [
    optionsAt(0, 'initialLearningRat', { optional: false }),
    least0(0, 'initialLearningRate', [undefined, ...notFinite]),
    above0(0, 'decaySteps', [undefined, ...notFinite]),
    least0(0, 'decayRate', [undefined, ...notFinite]),
    flagAt(0, 'staircase'),
    stepAt,
  ],
);
add(
  'cosineDecay',
  at(exports.cosineDecay as Scheduled),
  () => [{ initialLearningRate: 0.1, decaySteps: 5, alpha: 0.1, warmupTarget: 0.2, warmupSteps: 2 }, 3],
  [
    optionsAt(0, 'initialLearningRat', { optional: false }),
    least0(0, 'initialLearningRate', [undefined, ...notFinite]),
    above0(0, 'decaySteps', [undefined, ...notFinite]),
    ...['alpha', 'warmupTarget', 'warmupSteps'].map((name) => least0(0, name, set(notFinite))),
    optionAt(0, 'warmupTarget', 'is missing, but there are warmupSteps', 'ARGUMENT', [null, undefined]),
    stepAt,
  ],
);
const pieces = (name: string, more: readonly unknown[]): Rows =>
  optionAt(0, name, 'is not a list of finite numbers of at least 0, or does not fit the other', 'ARGUMENT', [
    undefined,
    ...notLists,
    ...more,
  ]);
add(
  'piecewiseConstantDecay',
  at(exports.piecewiseConstantDecay as Scheduled),
  () => [{ boundaries: [10, 20], values: [0.3, 0.2, 0.1] }, 15],
  [
    optionsAt(0, 'boundaris', { optional: false }),
    pieces('boundaries', [[], [10], ['10', '20'], [NaN, 20], [-1, 20]]),
    pieces('values', [[], [0.1, 0.2], [0.1, null, 0.2], [0.1, Infinity, 0.2]]),
    optionAt(0, 'boundaries', 'do not ascend', 'ARGUMENT', [
      [20, 10],
      [10, 10],
    ]),
    optionAt(0, 'boundaries', 'has holes', 'ARGUMENT', [holes]),
    stepAt,
  ],
);

// Optimizers.
const fraction = (name: string): Rows =>
  optionAt(0, name, 'is not a number from 0 to 1', 'ARGUMENT', [...set(notFinite), -0.1, 1.1]);
const flag = (name: string): Rows => optionAt(0, name, 'is neither true nor false', 'ARGUMENT', notFlags);
const small = (name: string): Rows => least0(0, name, set(notFinite));
const optimizers: Readonly<Record<string, readonly Rows[]>> = {
  sgd: [fraction('momentum'), flag('nesterov')],
  adam: [fraction('beta1'), fraction('beta2'), small('epsilon'), flag('amsgrad')],
  adamW: [
    fraction('beta1'),
    fraction('beta2'),
    small('epsilon'),
    flag('amsgrad'),
    optionAt(0, 'weightDecay', 'is null', 'ARGUMENT', [null]),
  ],
  rmsprop: [fraction('rho'), fraction('momentum'), small('epsilon'), flag('centered')],
  adagrad: [small('initialAccumulatorValue'), small('epsilon')],
};
const decay = { weightDecay: 0.1, excludeFromWeightDecay: ['bias'] };
const treeOf = (w: World): object => ({ kernel: w.make([2, 3]), bias: w.make([3]), count: w.make([2], 'int32') });
interface Kernel {
  readonly kernel: Tensor;
}
const inTree = (position: number, role: string): Rows =>
  tensorAt(position, role, {
    inside: { put: (tree: object, v) => ({ ...tree, kernel: v }), take: (tree: Kernel) => tree.kernel },
  });
/** A leaf that is no tensor breaks the tree: it is not asked whose tensor it is. */
const leafIn =
  (position: number, role: string): Rows =>
  (good, op) =>
    inTree(position, role)(good, op).filter(({ gives }) => gives === 'DISPOSED');
const notTrees = ['text', Symbol('symbol'), 1n, true, 3, new Date(0), () => 1];
const emptyTrees = [undefined, null, {}, [], Object.create(null)];
for (const [name, rows] of Object.entries(optimizers)) {
  const make = exports[name as 'adam'];
  add(
    name,
    (options?: object) => make(options).name,
    () => [decay],
    [
      optionsAt(0, 'learningRat'),
      least0(0, 'learningRate', notFinite.filter((v) => typeof v !== 'function')), // prettier-ignore
      least0(0, 'weightDecay', set(notFinite)),
      optionAt(0, 'excludeFromWeightDecay', 'is not a list of texts', 'ARGUMENT', [...notLists, [3], [null]]),
      ...['clipnorm', 'globalClipnorm', 'clipvalue'].map((clip) => above0(0, clip, set(notFinite))),
      refuses(0, 'two ways to clip', 'ARGUMENT', [{ clipnorm: 1, clipvalue: 1 }]),
      ...rows,
    ],
  );
  const optimizer = make(decay);
  add(
    `${name}(…).init`,
    (params: never) => optimizer.init(params),
    (w) => [treeOf(w)],
    [
      refuses(0, 'params is not a tree of tensors', 'NOT_A_TREE', [...notTrees, { kernel: 'text' }, [3]]),
      refuses(0, 'params has no float32 tensor', 'ARGUMENT', emptyTrees),
      leafIn(0, 'a tensor of params'),
      refusesMade(0, 'a tensor of params is one of a second copy of core', 'NOT_A_TREE', (w) => [
        { kernel: w.foreign },
      ]),
    ],
    name,
  );
  add(
    `${name}(…).update`,
    (grads: never, state: unknown, params: never, how?: object) => {
      const own = state === true ? optimizer.init(params) : state;
      try {
        const [next, after] = optimizer.update(grads, own as never, params, how);
        const { kernel } = next as unknown as Kernel;
        const kept = new Set([...leaves(params), kernel]);
        for (const x of leaves([next, after])) if (!kept.has(x)) x.dispose();
        return kernel;
      } finally {
        if (own !== state) for (const x of leaves(own)) x.dispose();
      }
    },
    (w) => [treeOf(w), true, treeOf(w), {}],
    [
      refuses(0, 'grads is not a tree of tensors, or lacks one of params', 'NOT_A_TREE', [...notTrees, ...emptyTrees]),
      leafIn(0, 'a gradient'),
      refusesMade(0, 'a gradient of another shape', 'SHAPE', (w) => [{ ...treeOf(w), kernel: w.make([3, 2]) }]),
      refusesMade(0, 'a gradient of another dtype', 'DTYPE', (w) => [
        { ...treeOf(w), kernel: w.make([2, 3], 'int32') },
      ]),
      refuses(1, 'state is none of this optimizer', 'STATE', [
        undefined,
        ...strange.filter((v) => v !== true),
        {},
        { step: 0 },
        { step: 0, slots: { other: {} } },
      ]),
      optionAt(3, 'learningRate', 'is not a finite number', 'ARGUMENT', set(notFinite)),
      // `update` reads the one option that it knows, and asks for no more.
      optionsAt(3, 'learningRat'),
    ],
    name,
  );
}
for (const name of ['clipByNorm', 'clipByGlobalNorm', 'clipByValue'] as const) {
  add(name, exports[name], (w) => [treeOf(w), 0.5], [
    refuses(0, 'is not a tree of tensors', 'NOT_A_TREE', [...notTrees, { kernel: 'text' }, [3]]),
    leafIn(0, 'a tensor of it'),
    refuses(1, 'the limit is not a finite number above 0', 'ARGUMENT', [undefined, ...notFinite, 0, -1]),
  ]);
}
add('globalNorm', exports.globalNorm, (w) => [treeOf(w)], [
  refuses(0, 'is not a tree of tensors', 'NOT_A_TREE', [...notTrees, { kernel: 'text' }, [3]]),
  refuses(0, 'has no float32 tensor', 'ARGUMENT', emptyTrees),
  leafIn(0, 'a tensor of it'),
]);

// Losses and metrics of [2, 3].
const probabilities: Arguments = (w) => [w.make([2, 3], 'bool'), w.make([2, 3]), {}];
const classes: Arguments = (w) => [w.make([2], 'int32'), w.make([2, 3]), {}];
const smoothing = optionAt(2, 'labelSmoothing', 'is not a number from 0 to 1', 'ARGUMENT', [
  ...set(notFinite),
  -0.1,
  1.1,
]);
const logits = optionAt(2, 'fromLogits', 'is neither true nor false', 'ARGUMENT', notFlags);
const ignored = optionAt(2, 'ignoreClass', 'is not a whole number', 'ARGUMENT', set(notWhole));
const reduction = optionAt(2, 'reduction', 'is none of the names', 'UNKNOWN_NAME', [...set(strange), {}, [], 3, 'man']);
const scored: Readonly<Record<string, readonly [Arguments, readonly Rows[]]>> = {
  meanSquaredError: [probabilities, [reduction]],
  meanAbsoluteError: [probabilities, [reduction]],
  huber: [probabilities, [reduction, above0(2, 'delta', set(notFinite))]],
  binaryCrossentropy: [probabilities, [reduction, logits, smoothing]],
  categoricalCrossentropy: [probabilities, [reduction, logits, smoothing]],
  sparseCategoricalCrossentropy: [classes, [reduction, logits, ignored]],
  binaryAccuracy: [probabilities, [optionAt(2, 'threshold', 'is not a finite number', 'ARGUMENT', set(notFinite))]],
  categoricalAccuracy: [probabilities, []],
  sparseCategoricalAccuracy: [classes, []],
  perplexity: [classes, [logits, ignored]],
};
for (const [name, [args, rows]] of Object.entries(scored)) {
  add(name, exports[name as 'huber'], args, [
    tensorAt(0, 'yTrue'),
    tensorAt(1, 'yPred', { wrong: ['int32', 'bool'] }),
    refusesMade(0, 'shapes that do not fit', 'SHAPE', (w) => [w.make([3]), w.make([4, 3]), w.make([1, 3])]),
    refusesCalls('scalars', 'RANK', (w) => [[w.make([]), w.make([])]]),
    optionsAt(2, 'sampleWeigth'),
    ...(['sampleWeight', 'mask'] as const).flatMap((role): Rows[] => [
      optionAt(2, role, 'is not a tensor', 'NOT_A_TENSOR', [...set(strange), {}, [1, 1], 3]),
      refusesMade(2, `${role} of another dtype`, 'DTYPE', (w) => [{ [role]: w.make([2], 'int32') }]),
      refusesMade(2, `${role} of another shape`, 'SHAPE', (w) => [
        { [role]: w.make([3], role === 'mask' ? 'bool' : 'float32') },
      ]),
    ]),
    ...rows,
  ]);
}

// Checkpoints.
const notBytes = [undefined, ...strange, {}, [1], 3, new Float32Array(2)];
const bytes = await exports.encodeCheckpoint({ epoch: 3 });
const changed = (byte: number): Uint8Array => bytes.map((b, i) => (i === byte ? b ^ 1 : b));
add('encodeCheckpoint', exports.encodeCheckpoint, (w) => [{ params: treeOf(w), epoch: 3, best: NaN }], [
  refuses(0, 'holds what cannot be kept', 'NOT_A_VALUE', [
    Symbol('symbol'),
    1n,
    new Date(0),
    () => 1,
    { params: [new Map()] },
    { $tensor: 0 },
  ]),
  (good, op) =>
    tensorAt(0, 'a tensor of it', {
      inside: { put: (v: object, x) => ({ ...v, params: x }), take: (v: { params: Kernel }) => v.params.kernel },
    })(good, op).filter(({ gives }) => gives === 'DISPOSED'),
]);
for (const name of ['decodeCheckpoint', 'checkCheckpoint'] as const) {
  add(
    name,
    exports[name],
    () => [bytes],
    [
      refuses(0, 'is not bytes of a checkpoint', 'CHECKPOINT_FOREIGN', [...notBytes, changed(0)]),
      refuses(0, 'was torn or changed', 'CHECKPOINT_TORN', [
        bytes.slice(0, 9),
        bytes.slice(0, -1),
        changed(20),
        new Uint8Array(0),
      ]),
      refuses(0, 'is of a later version', 'CHECKPOINT_VERSION', [changed(7)]),
    ],
    name,
  );
}

// The loop, run to its end.
type Floats = Tensor<'float32'>;
const fitted: Arguments = (w) => [
  {
    params: treeOf(w),
    loss: ({ bias }: { bias: Floats }, { x }: { x: Floats }) => scope(() => mean(square(mul(x, bias)))),
    optimizer: exports.sgd(),
    data: { x: w.make([4, 3]) },
    shuffle: false,
    batchSize: 2,
  },
];
const scalarOf = (x: Floats, metrics: unknown): object => ({ loss: mean(x), metrics });
/** The checkpoint of a run of `adam` over parameters of another shape, before its first step. */
const otherRun = await (async () => {
  const backend = cpu();
  const [kernel, x] = [tensor([1, 2], [2], { backend }), tensor([[1, 2]], [1, 2], { backend })];
  const run = exports.fit({
    params: { kernel },
    loss: (p: { kernel: Floats }) => mean(p.kernel),
    optimizer: exports.adam(),
    data: { x },
  });
  const saved = await run.checkpoint();
  run.dispose();
  for (const leaf of [kernel, x]) leaf.dispose();
  return saved;
})();
const optionsIn =
  (name: string, misspelt: string): Rows =>
  (good) => [
    ...inFit(name, 'is not a plain object', 'ARGUMENT', notObjects)(good, `fit ${name}`),
    ...inFit(name, 'has an option that does not exist', 'UNKNOWN_NAME', [{ [misspelt]: 1 }])(good, `fit ${name}`),
  ];
const inFit = (name: string, given: string, gives: string, values: readonly unknown[]): Rows =>
  optionAt(0, name, given, gives, values);
add(
  'fit',
  async (options: never) => {
    const run = exports.fit<unknown, unknown>(options);
    let result: Tensor | null = null;
    try {
      result = ((await run.finish()) as Kernel).kernel;
      return result;
    } finally {
      run.dispose();
      // A run that fails has the parameters of the last good step: somebody's to free.
      const kept = new Set([...leaves((options as { params: never }).params), result]);
      for (const x of leaves(run.params)) if (!kept.has(x)) x.dispose();
    }
  },
  fitted,
  [
    optionsAt(0, 'parms', { optional: false }),
    inFit('params', 'is not a tree of tensors', 'NOT_A_TREE', [...notTrees, { kernel: 'text' }]),
    inFit('params', 'has no float32 tensor', 'ARGUMENT', emptyTrees),
    inFit('loss', 'is not a function', 'ARGUMENT', notFunctions),
    inFit('optimizer', 'is not an optimizer', 'ARGUMENT', [...notFunctions, () => 1]),
    inFit('schedule', 'is not a function', 'ARGUMENT', [...set(strange), {}, [], 3]),
    inFit('shuffle', 'is neither true, false nor a seed', 'ARGUMENT', notWhole.filter((v) => v !== true)), // prettier-ignore
    inFit('signal', 'is not an AbortSignal', 'ARGUMENT', [...strange, {}, 3]),
    ...['batchSize', 'epochs', 'accumulate'].map((name) => count(0, name)),
    inFit('data', 'has no rows', 'EMPTY', [null, undefined, {}, [], { x: [] }]),
    refusesCalls('data of unequally many rows', 'SHAPE', (w) => [
      [{ ...(fitted(w)[0] as object), data: { x: w.make([4, 3]), y: w.make([3]) } }],
    ]),
    inFit('data', 'is a function that gives nothing to iterate over', 'ARGUMENT', [() => 3, () => null]),
    inFit('data', 'is a function that gives no batch', 'EMPTY', [() => []]),
    inFit('earlyStopping', 'is not a plain object', 'ARGUMENT', [...strange.slice(0, 6), 3, [1]]),
    inFit('earlyStopping', 'monitors what there will not be', 'ARGUMENT', [{}, { monitor: 'valLoss' }, { monitor: 3 }]),
    optionsIn('validation', 'dat'),
    inFit('validation', 'has no rows', 'EMPTY', [{ data: {} }, { data: { x: [] } }, {}]),
    inFit('validation', 'is a function that gives no batch', 'EMPTY', [{ data: () => [] }]),
    inFit('loss', 'gives no float32 scalar', 'NOT_A_SCALAR', [
      () => null,
      () => 3,
      ({ bias }: { bias: Floats }) => bias,
      ({ count: n }: { count: Tensor }) => n,
      ({ bias }: { bias: Floats }) => scalarOf(bias, { error: 3 }),
      ({ bias }: { bias: Floats }) => scalarOf(bias, { error: bias }),
    ]),
    inFit('loss', 'gives a promise, or metrics that are no object or hide the loss', 'ARGUMENT', [
      async () => null,
      ({ bias }: { bias: Floats }) => scalarOf(bias, 3),
      ({ bias }: { bias: Floats }) => scalarOf(bias, { loss: 3 }),
    ]),
    inFit('loss', 'becomes NaN or infinite', 'NOT_FINITE', [
      ({ bias }: { bias: Floats }) => scope(() => mean(log(sub(bias, bias)))),
      ({ bias }: { bias: Floats }) => scope(() => mean(div(sub(bias, bias), 0))),
    ]),
    inFit('loss', 'is finite, but an update of it makes a weight NaN', 'NOT_FINITE', [
      ({ bias }: { bias: Floats }) => scope(() => mean(sqrt(sub(bias, bias)))),
    ]),
    inFit('schedule', 'gives no finite number', 'ARGUMENT', [() => undefined, () => NaN, () => '0.1']),
    (good) =>
      inFit('data', 'has a batch that cannot be a tensor', 'SHAPE', [() => [{ x: [[1, 2, 3], [4]] }]])(good, 'tensor'),
    inFit('earlyStopping', 'monitors a number that there is not', 'ARGUMENT', [{ monitor: 'accuracy' }]),
    inFit('earlyStopping', 'has an option out of range', 'ARGUMENT', [
      { monitor: 'loss', patience: -1 },
      { monitor: 'loss', patience: 0.5 },
      { monitor: 'loss', startFromEpoch: '1' },
      { monitor: 'loss', minDelta: NaN },
      { monitor: 'loss', baseline: 'low' },
      { monitor: 'loss', restoreBest: 1 },
      { monitor: 'warmth' },
    ]),
    inFit('earlyStopping', 'has a mode or an option that does not exist', 'UNKNOWN_NAME', [
      { monitor: 'loss', mode: 'less' },
      { monitr: 'loss' },
    ]),
    inFit('resume', 'is a checkpoint, but not of a run', 'CHECKPOINT_MISMATCH', [bytes]),
    inFit('resume', 'is of another optimizer or model', 'CHECKPOINT_MISMATCH', [otherRun]),
    (good) =>
      optionAt(0, 'resume', 'is torn or changed', 'CHECKPOINT_TORN', [otherRun.slice(0, -1)])(good, 'decodeCheckpoint'),
    refusesMade(0, 'resume is not bytes of a checkpoint', 'CHECKPOINT_FOREIGN', (w) =>
      set(notBytes.slice(1)).map((resume) => ({ ...(fitted(w)[0] as object), resume }))), // prettier-ignore
  ],
);
/** A run that was disposed of: `how` is what is asked of it then. */
const disposed = (how: (run: exports.Run<unknown>) => unknown) => (options: never) => {
  const run = exports.fit<unknown, unknown>(options);
  run.dispose();
  return how(run);
};
const notDisposed: Arguments = (w) => fitted(w);
for (const [name, given, gives, how] of [
  ['checkpoint', 'after dispose() or finish()', 'DISPOSED', (run) => run.checkpoint()],
  ['finish', 'after dispose()', 'RUN_BUSY', (run) => run.finish()],
] as const satisfies readonly (readonly [string, string, string, (run: exports.Run<unknown>) => unknown])[]) {
  const gone = new Set<object>();
  add(
    `fit(…).${name}`,
    (options: object) => (gone.has(options) ? disposed(how)(options as never) : typeof how),
    notDisposed,
    [
      refusesCalls(given, gives, (w) => {
        const [options] = fitted(w) as [object];
        gone.add(options);
        return [[options]];
      }),
    ],
    'fit',
  );
}
export const trainCatalogue: Catalogue = { exports, entries };
