/** A fixed list of computations whose every output bit is promised; ids never change. */
import * as core from '@recurra/core';
import { tensor, type HostArray, type Tensor, type Tree } from '@recurra/core';
import * as generators from '@recurra/core/random';
import {
  additiveScore,
  attention,
  concatScore,
  dotScore,
  generalScore,
  groupedQueryAttention,
  localAttention,
  multiHeadAttention,
  predictiveCentres,
  scaledDotScore,
} from '@recurra/attention';
import {
  bidirectional,
  coupledLSTMCell,
  gruCell,
  layerNormLSTMCell,
  lstmCell,
  minimalGatedCell,
  peepholeLSTMCell,
  projectedLSTMCell,
  residual,
  rnn,
  simpleRNNCell,
  stackedRNNCells,
  stream,
  zoneout,
  type Cell,
} from '@recurra/cells';
import {
  adagrad,
  adam,
  adamW,
  binaryCrossentropy,
  categoricalCrossentropy,
  cosineDecay,
  exponentialDecay,
  fit,
  huber,
  meanAbsoluteError,
  meanSquaredError,
  rmsprop,
  sgd,
  sparseCategoricalCrossentropy,
} from '@recurra/train';
import { arguments1, numbers, random } from './numbers.js';

type Compute = () => Tree | HostArray | Promise<Tree>;
type F = Tensor<'float32'>;

const all: Record<string, Compute> = {};
export const cases: Readonly<Record<string, Compute>> = all;

// Every element by element function, at every exponent and every edge.
const unary = [
  'neg',
  'abs',
  'square',
  'sqrt',
  'exp',
  'expm1',
  'log',
  'log1p',
  'erf',
  'tanh',
  'sigmoid',
  'sin',
  'cos',
] as const;
for (const op of [...unary, 'floor', 'sign'] as const) all[`unary/${op}`] = () => core[op](tensor(arguments1()));
const activations = [
  'elu',
  'exponential',
  'gelu',
  'hardSigmoid',
  'hardSilu',
  'hardTanh',
  'leakyRelu',
  'linear',
  'mish',
  'relu',
] as const;
const named = [...activations, 'relu6', 'selu', 'sigmoid', 'silu', 'softplus', 'softsign', 'tanh'] as const;
for (const name of named) all[`activation/${name}`] = () => core.activation(name).apply(tensor(arguments1()));
for (const op of ['add', 'sub', 'mul', 'div', 'pow', 'maximum', 'minimum', 'equal', 'less', 'lessEqual'] as const) {
  all[`binary/${op}`] = () => {
    const x = arguments1();
    const f = core[op] as (a: F, b: F) => Tensor;
    const y = Float32Array.from(x, (_, i) => x[(i * 7919 + 13) % x.length]!);
    return [f(tensor(x), tensor(y)), f(random([7, 1, 5], 2, 3), random([3, 1], 3, 3))];
  };
}
const ints = (): Tensor<'int32'> => tensor(Int32Array.of(2147483647, -2147483648, -1, 0, 1, 46341, 65537));
all['int32/wrap'] = () => [
  core.add(ints(), ints()),
  core.mul(ints(), ints()),
  core.neg(ints()),
  core.abs(ints()),
  core.square(ints()),
];
all['cast/float32-to-int32'] = () => core.cast(tensor(arguments1()), 'int32');
all['cast/int32-to-float32'] = () => core.cast(ints(), 'float32');
all['cast/to-bool'] = () => core.cast(tensor(arguments1()), 'bool');

// Order of accumulation: magnitudes far apart, so that any other order shows.
const wild = (shape: readonly number[], seed: number): F => {
  const x = numbers(
    shape.reduce((a, b) => a * b, 1),
    seed,
  );
  return tensor(
    x.map((v) => v * v * v * 1e6 + v),
    shape,
  );
};
for (const op of ['sum', 'max', 'min', 'mean'] as const) {
  all[`reduce/${op}`] = () =>
    [[0], [1], [2], [0, 2], [0, 1, 2]].map((axes) => core[op](wild([7, 33, 5], 4), { axis: axes }));
}
all['reduce/arg'] = () =>
  [0, 1, 2].flatMap((axis) => [core.argMax(wild([7, 33, 5], 5), { axis }), core.argMin(wild([7, 33, 5], 5), { axis })]);
for (const [m, k, n] of [
  [1, 37, 1],
  [1, 37, 19],
  [2, 5, 3],
  [5, 129, 67],
  [40, 64, 66],
] as const) {
  all[`matmul/${m}x${k}x${n}`] = () => core.matmul(wild([m, k], 6), wild([k, n], 7));
  all[`matmul/batched-${m}x${k}x${n}`] = () => core.matmul(wild([3, m, k], 8), wild([3, k, n], 9));
}
for (const transposeA of [true, false]) {
  const a = transposeA ? [37, 9] : [9, 37];
  all[`matmul/transposed-${transposeA ? 'a' : 'b'}`] = () =>
    core.matmul(wild(a, 10), wild(transposeA ? [37, 11] : [11, 37], 11), { transposeA, transposeB: !transposeA });
}
const index = (): Tensor<'int32'> => tensor(Int32Array.of(3, 0, -1, 3, 7, 6, 3, 2147483647));
all['index/gather'] = () => core.gather(wild([7, 5], 12), index());
all['index/scatter-add'] = () => core.scatterAdd(wild([8, 5], 13), index(), 7);
all['move/transpose'] = () => core.transpose(wild([3, 4, 5], 14), [2, 0, 1]);
all['move/reverse'] = () => core.reverse(wild([3, 4, 5], 14), 1);
all['move/concat'] = () => core.concat([wild([3, 2], 15), wild([3, 5], 16)], 1);
all['choose/where'] = () => core.where(core.less(wild([5, 7], 17), 0), wild([7], 18), wild([5, 1], 19));
all['softmax/last'] = () => core.softmax(random([9, 31], 20, 50));
all['softmax/edges'] = () =>
  core.softmax(
    tensor([
      [-Infinity, -Infinity],
      [Infinity, 0],
      [NaN, 1],
      [1e38, -1e38],
    ]),
  );
all['softmax/log'] = () => core.logSoftmax(random([9, 31], 21, 50));

// Cells: fused and composed, by the backend they run on.
const filled = <P extends Tree>(params: P, seed: number): P => {
  let next = seed;
  return (core.mapTree as (tree: Tree, f: (x: Tensor) => Tensor) => Tree)(params, (x) =>
    random(x.shape, next++, 0.6),
  ) as P;
};
const mask = (): Tensor<'bool'> =>
  tensor([
    [true, true, false, true, true, true, false],
    [false, false, true, true, false, true, true],
    Array(7).fill(false) as boolean[],
  ]);
function addCell(name: string, make: () => Cell<Tree, Tree>): void {
  const run = (how: object) => (): Tree => {
    const cell = make();
    const { outputs, state } = rnn(cell, filled(cell.init(6), 30), random([3, 7, 6], 40, 2), {
      returnSequences: true,
      ...how,
    });
    return [outputs, state];
  };
  all[`cells/${name}/plain`] = run({});
  all[`cells/${name}/reverse`] = run({ reverse: true });
  all[`cells/${name}/masked`] = () => run({ mask: mask() })();
  all[`cells/${name}/masked-zeros-reverse`] = () => run({ mask: mask(), zeroOutputForMask: true, reverse: true })();
  all[`cells/${name}/gradient`] = () => {
    const cell = make();
    const loss = core.grad((p: Tree, x: F) =>
      core.sum(core.square(rnn(cell, p, x, { returnSequences: true }).outputs)),
    );
    return loss(filled(cell.init(6), 30), random([3, 4, 6], 40, 2));
  };
}
const cell = <C>(make: () => C): (() => Cell<Tree, Tree>) => make as unknown as () => Cell<Tree, Tree>;
addCell(
  'simple-rnn',
  cell(() => simpleRNNCell({ units: 5 })),
);
addCell(
  'lstm',
  cell(() => lstmCell({ units: 5 })),
);
addCell(
  'gru',
  cell(() => gruCell({ units: 5 })),
);
addCell(
  'gru-reset-before',
  cell(() => gruCell({ units: 5, resetAfter: false })),
);
addCell(
  'peephole-lstm',
  cell(() => peepholeLSTMCell({ units: 5 })),
);
addCell(
  'projected-lstm',
  cell(() => projectedLSTMCell({ units: 5, projectionUnits: 3 })),
);
addCell(
  'layer-norm-lstm',
  cell(() => layerNormLSTMCell({ units: 5 })),
);
addCell(
  'coupled-lstm',
  cell(() => coupledLSTMCell({ units: 5 })),
);
addCell(
  'minimal-gated',
  cell(() => minimalGatedCell({ units: 5 })),
);
addCell(
  'stacked',
  cell(() => stackedRNNCells([lstmCell({ units: 4 }), gruCell({ units: 3 })])),
);
addCell(
  'residual-zoneout',
  cell(() => residual(zoneout(gruCell({ units: 6 }), { rates: { h: 0.3 }, seed: 3 }))),
);
for (const [name, make] of [
  ['simple-rnn', () => simpleRNNCell({ units: 5, dropout: 0.3, recurrentDropout: 0.2, seed: 4 })],
  ['lstm', () => lstmCell({ units: 5, dropout: 0.3, recurrentDropout: 0.2, seed: 4 })],
  ['lstm-inputs', () => lstmCell({ units: 5, dropout: 0.3, seed: 4 })],
  ['gru', () => gruCell({ units: 5, dropout: 0.3, recurrentDropout: 0.2, seed: 4 })],
  ['zoneout', () => zoneout(lstmCell({ units: 5 }), { rates: { h: 0.1, c: 0.5 }, seed: 4 })],
] as [string, () => Cell<Tree, Tree>][]) {
  all[`cells/${name}/training`] = () => {
    const made = make();
    const params = filled(made.init(6), 30);
    const { outputs, state } = rnn(made, params, random([3, 7, 6], 40, 2), { training: true, dropoutCounter: 2 });
    return [outputs, state];
  };
}
// Gradients of whole recurrences in one call: three blocks of the sums over rows, masks, each direction.
for (const [name, make] of [
  ['simple-rnn', () => simpleRNNCell({ units: 5 })],
  ['lstm', () => lstmCell({ units: 5 })],
  ['gru', () => gruCell({ units: 5 })],
  ['gru-reset-before', () => gruCell({ units: 5, resetAfter: false })],
] as [string, () => Cell<Tree, Tree>][]) {
  const gradient = (sizes: readonly [number, number, number], how: object, made = make()): Tree => {
    const loss = ({ params, x }: { readonly params: Tree; readonly x: F }): F => {
      const { outputs, state } = rnn(made, params, x, how);
      const parts = core.leaves(state).map((part) => core.sum(part as F));
      return parts.reduce((total, part) => core.add(total, part), core.sum(core.square(outputs)));
    };
    return core.grad(loss)({ params: filled(made.init(sizes[2]), 30), x: random(sizes, 40, 2) });
  };
  all[`bptt/${name}/plain`] = () => gradient([3, 7, 6], {});
  all[`bptt/${name}/long`] = () => gradient([19, 17, 6], { returnSequences: true });
  all[`bptt/${name}/masked`] = () => gradient([3, 7, 6], { mask: mask(), returnSequences: true });
  all[`bptt/${name}/masked-zeros-reverse`] = () =>
    gradient([3, 7, 6], { mask: mask(), zeroOutputForMask: true, reverse: true });
  for (const activation of named) {
    if (name !== 'simple-rnn') continue;
    all[`bptt/activation/${activation}`] = () =>
      gradient([2, 3, 6], {}, simpleRNNCell({ units: 5, activation }) as never);
  }
}
for (const mergeMode of ['concat', 'sum', 'mul', 'ave', null] as const) {
  all[`cells/bidirectional/${mergeMode ?? 'both'}`] = () => {
    const made = lstmCell({ units: 5 });
    const [forward, backward] = [filled(made.init(6), 30), filled(made.init(6), 35)];
    const options = { mergeMode: mergeMode as 'concat', mask: mask(), returnSequences: true } as const;
    const { outputs, state } = bidirectional(
      { forward: [made, forward], backward: [made, backward] },
      random([3, 7, 6], 40, 2),
      options,
    );
    return [outputs as Tree, state];
  };
}
for (const [name, make] of [
  ['simple-rnn', () => simpleRNNCell({ units: 5 })],
  ['lstm', () => lstmCell({ units: 5 })],
  ['gru', () => gruCell({ units: 5 })],
  ['gru-reset-before', () => gruCell({ units: 5, resetAfter: false })],
  ['stacked', () => stackedRNNCells([lstmCell({ units: 4 }), gruCell({ units: 3 })])],
] as [string, () => Cell<Tree, Tree>][]) {
  all[`streams/${name}`] = () => {
    const made = make();
    const live = stream(made, filled(made.init(6), 30), { batch: 2 });
    const frames = numbers(7 * 12, 41, 2);
    const out = new Float32Array(2 * made.units);
    const steps = Array.from({ length: 7 }, (_, t) =>
      tensor(live.step(frames.slice(t * 12, (t + 1) * 12), out), [2, made.units]),
    );
    const after = live.state();
    live.dispose();
    return [steps, after];
  };
}
for (const activation of named) {
  all[`cells/activation/${activation}`] = () => {
    const lstm = lstmCell({ units: 5, activation, recurrentActivation: 'hardSigmoid' });
    return rnn(lstm, filled(lstm.init(6), 50), random([2, 3, 6], 51)).outputs;
  };
}

// Attention.
const scores = {
  additive: additiveScore({ units: 5 }),
  concat: concatScore({ units: 5 }),
  dot: dotScore(),
  general: generalScore(),
  'scaled-dot': scaledDotScore(),
};
for (const [name, score] of Object.entries(scores)) {
  all[`attention/${name}`] = () => {
    const params = filled(score.init({ query: 6, keys: 6 }) as Tree, 60);
    const valid = tensor([[[true, true, false, true]], [[false, false, false, false]]]);
    const { context, weights } = attention(
      score as never,
      params,
      random([2, 3, 6], 61),
      random([2, 4, 6], 62),
      undefined,
      { mask: valid },
    );
    return [context, weights];
  };
}

for (const gaussian of [false, true]) {
  all[`attention/local-${gaussian ? 'p' : 'm'}`] = () => {
    const predict = predictiveCentres({ units: 5 });
    const query = random([2, 3, 6], 61);
    const centres = predict(filled(predict.init({ query: 6 }), 66), query, 7);
    const keys = random([2, 7, 6], 62);
    const { context, weights } = localAttention(dotScore(), {}, query, keys, keys, {
      radius: 2,
      ...(gaussian && { centres }),
    });
    return [context, weights];
  };
}
const heads = {
  'multi-head': multiHeadAttention({ numHeads: 3, keyDim: 4, useGate: true, dropout: 0.2, seed: 5 }),
  'grouped-query': groupedQueryAttention({ headDim: 4, numQueryHeads: 4, numKeyValueHeads: 2 }),
};
for (const [name, layer] of Object.entries(heads)) {
  const run = (call: object) => () => {
    const params = filled(layer.init({ query: 6, value: 6 }), 70);
    const { outputs, scores: weights } = layer(params, [random([2, 5, 6], 61), random([2, 5, 6], 62)], call);
    return [outputs, weights];
  };
  all[`attention/${name}/plain`] = run({});
  all[`attention/${name}/causal-scores`] = run({ useCausalMask: true, returnAttentionScores: true });
  all[`attention/${name}/training`] = run({ training: true, dropoutCounter: 1 });
}

// Random numbers are made on the host.
for (const dtype of ['float32', 'float64'] as const) {
  for (const name of ['normal', 'truncatedNormal', 'uniform'] as const) {
    all[`random/${name}-${dtype}`] = () => generators[name]([1001], { seed: 7, dtype });
  }
}
all['random/randint'] = () => generators.randint([1001], -5, 1000, { seed: 7 });
all['random/dropout'] = () => generators.dropoutMask([3, 5], [1001], 0.3);
const initializers = [
  'glorotNormal',
  'glorotUniform',
  'heNormal',
  'heUniform',
  'lecunNormal',
  'lecunUniform',
  'orthogonal',
  'randomNormal',
  'randomUniform',
  'truncatedNormalInitializer',
  'varianceScaling',
] as const;
for (const name of initializers)
  all[`initializer/${name}`] = () => tensor(core[name]({ seed: 11 })([13, 9]) as Float32Array);

// Training: updates, losses with their gradients, learning rates, and a whole run.
const optimizers = {
  sgd: sgd({ momentum: 0.9, nesterov: true, clipvalue: 0.5 }),
  adam: adam({
    amsgrad: true,
    globalClipnorm: 0.7,
    learningRate: cosineDecay({ initialLearningRate: 0.1, decaySteps: 3 }),
  }),
  adamW: adamW({ excludeFromWeightDecay: ['bias'] }),
  rmsprop: rmsprop({ centered: true, momentum: 0.5, clipnorm: 0.5 }),
  adagrad: adagrad({ weightDecay: 0.1 }),
};
for (const [name, optimizer] of Object.entries(optimizers)) {
  all[`train/${name}`] = () => {
    let params: { kernel: F; bias: F } = { kernel: random([5, 7], 80), bias: random([7], 81) };
    let state = optimizer.init(params);
    for (let step = 0; step < 4; step++) {
      const grads = { kernel: random([5, 7], 82 + step, 2), bias: random([7], 92 + step, 2) };
      [params, state] = optimizer.update(grads, state, params);
    }
    return [params, state.slots];
  };
}
const losses: Readonly<Record<string, (p: F) => F>> = {
  'mean-squared-error': (p) => meanSquaredError(random([4, 3, 5], 101), p),
  'mean-absolute-error': (p) => meanAbsoluteError(random([4, 3, 5], 101), p),
  huber: (p) => huber(random([4, 3, 5], 101), p, { delta: 0.4 }),
  'binary-crossentropy': (p) => binaryCrossentropy(core.abs(random([4, 3, 5], 101)), core.sigmoid(p)),
  'binary-crossentropy-logits': (p) => binaryCrossentropy(core.abs(random([4, 3, 5], 101)), p, { fromLogits: true }),
  'categorical-crossentropy': (p) =>
    categoricalCrossentropy(core.abs(random([4, 3, 5], 101)), core.softmax(p), { labelSmoothing: 0.1 }),
  'sparse-categorical-crossentropy': (p) =>
    sparseCategoricalCrossentropy(
      tensor(
        Int32Array.from({ length: 12 }, (_, i) => (i * 7) % 5),
        [4, 3],
      ),
      p,
      {
        fromLogits: true,
        mask: tensor(
          Uint8Array.from({ length: 12 }, (_, i) => Number(i % 3 > 0)),
          [4, 3],
          { dtype: 'bool' },
        ),
      },
    ),
};
for (const [name, loss] of Object.entries(losses)) {
  all[`train/loss/${name}`] = () => core.valueAndGrad(loss)(random([4, 3, 5], 100, 3));
}
for (const [name, schedule] of Object.entries({
  cosine: cosineDecay({ initialLearningRate: 0.01, warmupTarget: 0.3, warmupSteps: 7, decaySteps: 31, alpha: 0.1 }),
  exponential: exponentialDecay({ initialLearningRate: 0.3, decaySteps: 3, decayRate: 0.7 }),
})) {
  all[`train/schedule/${name}`] = () =>
    tensor(Float64Array.from({ length: 50 }, (_, step) => schedule(step) * 2 ** 20));
}
all['train/fit'] = async () => {
  const lstm = lstmCell({ units: 4, dropout: 0.3, recurrentDropout: 0.2, seed: 6 });
  const params = { cell: filled(lstm.init(3), 110), kernel: random([4, 2], 111), bias: random([2], 112) };
  const run = fit({
    params,
    data: { x: random([13, 5, 3], 113), y: random([13, 2], 114) },
    loss: (p: typeof params, { x, y }, { training, dropoutCounter }) =>
      meanSquaredError(
        y,
        core.add(core.matmul(rnn(lstm, p.cell, x, { training, dropoutCounter }).outputs, p.kernel), p.bias),
      ),
    optimizer: adam({ learningRate: 0.05, globalClipnorm: 1 }),
    schedule: cosineDecay({ initialLearningRate: 0.05, decaySteps: 9 }),
    batchSize: 3,
    accumulate: 2,
    epochs: 4,
    shuffle: 3,
    validation: { data: { x: random([4, 5, 3], 115), y: random([4, 2], 116) } },
    earlyStopping: { patience: 2, restoreBest: true },
  });
  const seen: number[] = [];
  for await (const { loss } of run) seen.push(loss);
  return [run.params, tensor(seen)];
};
