/** Every op at least once, on odd and unequal sizes: what the tests of gradients, leaks and completeness go through. */
import * as core from '../../src/index.js';
import type { Tensor } from '../../src/index.js';
import type { RandomTensors } from './random-tensors.js';

type Floats = Tensor<'float32'>;

export interface OpCase {
  /** The op, then what is special. */
  readonly name: string;
  readonly inputs: (random: RandomTensors) => Tensor[];
  readonly run: (...inputs: never[]) => Tensor | Tensor[];
  /** Whether the second derivative is something other than 0, to be held against differences. */
  readonly curved: boolean;
}

const cases: OpCase[] = [];
function add(name: string, inputs: OpCase['inputs'], run: OpCase['run'], curved = false): void {
  cases.push({ name, inputs, run, curved });
}

/** x of a typical odd shape. */
const some = (r: RandomTensors): Tensor[] => [r.awayFromZero([3, 5])];
const positive = (r: RandomTensors): Tensor[] => [r.floats([3, 5], 0.2, 3)];

for (const name of ['neg', 'abs', 'relu', 'hardSigmoid', 'hardTanh', 'leakyRelu', 'relu6', 'linear'] as const) {
  add(name, some, core[name]);
}
for (const name of ['square', 'exp', 'expm1', 'erf', 'sin', 'cos', 'tanh', 'sigmoid', 'exponential'] as const) {
  add(name, some, core[name], true);
}
for (const name of ['sqrt', 'log', 'log1p'] as const) add(name, positive, core[name], true);
for (const name of ['floor', 'sign'] as const) add(name, some, core[name]);
for (const name of ['elu', 'selu', 'gelu', 'silu', 'softplus', 'softsign', 'mish', 'hardSilu'] as const) {
  add(name, some, core[name], true);
}
add('relu6: beyond both ends', (r) => [r.floats([4, 7], -9, 15)], core.relu6);
add('hardSigmoid: beyond both ends', (r) => [r.floats([4, 7], -9, 9)], core.hardSigmoid);
add('hardSilu: beyond both ends', (r) => [r.floats([4, 7], -9, 9)], core.hardSilu, true);
add('elu: alpha', some, (x: Floats) => core.elu(x, { alpha: 0.3 }), true);
add('leakyRelu: slope', some, (x: Floats) => core.leakyRelu(x, { negativeSlope: 0.01 }));
add('gelu: approximate', some, (x: Floats) => core.gelu(x, { approximate: true }), true);
add('softplus: large', (r) => [r.floats([7], -40, 40)], core.softplus, true);

/** Both sides broadcast, one side a scalar, ranks 0 to 5. */
const pairs: Record<string, (r: RandomTensors) => Tensor[]> = {
  'same shape': (r) => [r.awayFromZero([3, 5]), r.awayFromZero([3, 5])],
  'both broadcast': (r) => [r.awayFromZero([3, 1, 5]), r.awayFromZero([2, 1])],
  scalar: (r) => [r.awayFromZero([]), r.awayFromZero([3])],
  'rank 5': (r) => [r.awayFromZero([1, 2, 1, 3, 1]), r.awayFromZero([2, 1, 2, 1, 3])],
};
for (const [how, inputs] of Object.entries(pairs)) {
  for (const name of ['add', 'sub', 'maximum', 'minimum'] as const) add(`${name}: ${how}`, inputs, core[name]);
  for (const name of ['mul', 'div'] as const) add(`${name}: ${how}`, inputs, core[name], true);
  const bases = (r: RandomTensors): Tensor[] => inputs(r).map((x, i) => (i === 0 ? core.abs(x) : x));
  add(`pow: ${how}`, bases, core.pow, true);
  for (const name of ['equal', 'notEqual', 'less', 'lessEqual', 'greater', 'greaterEqual'] as const) {
    add(`${name}: ${how}`, inputs, core[name]);
  }
}
for (const name of ['add', 'sub', 'mul', 'div', 'maximum', 'minimum'] as const) {
  const op = core[name] as (a: Floats | number, b: Floats | number) => Tensor;
  add(`${name}: number right`, some, (x: Floats) => op(x, 1.7));
  add(`${name}: number left`, some, (x: Floats) => op(-0.6, x), name === 'div');
}
add('pow: number right', some, (x: Floats) => core.pow(x, 3), true);
add('pow: number left', some, (x: Floats) => core.pow(1.3, x), true);
add('equal: number', some, (x: Floats) => core.equal(x, 1));
add('greater: number left', some, (x: Floats) => core.greater(1, x));

const bools = (r: RandomTensors): Tensor[] => [r.bools([3, 1]), r.bools([5])];
add('logicalAnd', bools, core.logicalAnd);
add('logicalOr', bools, core.logicalOr);
add('logicalNot', (r) => [r.bools([3, 5])], core.logicalNot);
add('where', (r) => [r.bools([3, 1]), r.floats([5]), r.floats([2, 1, 1])], core.where);
add(
  'where: number right',
  (r) => [r.bools([3, 5]), r.floats([5])],
  (c: Tensor<'bool'>, x: Floats) => core.where(c, x, 7),
);
add(
  'where: number left',
  (r) => [r.bools([3, 5]), r.floats([])],
  (c: Tensor<'bool'>, x: Floats) => core.where(c, 7, x),
);
add('cast: to int32', some, (x: Floats) => core.cast(x, 'int32'));
add('cast: to bool', some, (x: Floats) => core.cast(x, 'bool'));
add('cast: to itself', some, (x: Floats) => core.cast(x, 'float32'));
add(
  'cast: bool to float32',
  (r) => [r.bools([3])],
  (x: Tensor<'bool'>) => core.cast(x, 'float32'),
);
add('clip', some, (x: Floats) => core.clip(x, -0.7, 0.9));
add('stopGradient', some, core.stopGradient);

const box = (r: RandomTensors): Tensor[] => [r.floats([2, 3, 5])];
for (const name of ['sum', 'mean', 'max', 'min'] as const) {
  add(`${name}: all`, box, (x: Floats) => core[name](x));
  add(`${name}: one axis`, box, (x: Floats) => core[name](x, { axis: -2 }));
  add(`${name}: two axes kept`, box, (x: Floats) => core[name](x, { axis: [2, 0], keepDims: true }));
  add(`${name}: no axis`, box, (x: Floats) => core[name](x, { axis: [] }));
  add(
    `${name}: scalar`,
    (r) => [r.floats([])],
    (x: Floats) => core[name](x),
  );
}
for (const name of ['argMax', 'argMin'] as const) {
  add(`${name}: all`, box, (x: Floats) => core[name](x));
  add(`${name}: axis kept`, box, (x: Floats) => core[name](x, { axis: 1, keepDims: true }));
}
for (const name of ['any', 'all'] as const) {
  add(
    `${name}: all`,
    (r) => [r.bools([3, 5])],
    (x: Tensor<'bool'>) => core[name](x),
  );
  add(
    `${name}: one axis`,
    (r) => [r.bools([3, 5])],
    (x: Tensor<'bool'>) => core[name](x, { axis: 0, keepDims: true }),
  );
}
for (const name of ['softmax', 'logSoftmax'] as const) {
  add(name, box, (x: Floats) => core[name](x), true);
  add(`${name}: first axis`, box, (x: Floats) => core[name](x, 0), true);
}
add('logSumExp: all', box, (x: Floats) => core.logSumExp(x), true);
add('logSumExp: two axes', box, (x: Floats) => core.logSumExp(x, { axis: [0, -1] }), true);
add('logSumExp: one axis kept', box, (x: Floats) => core.logSumExp(x, { axis: 1, keepDims: true }), true);

for (const transposeA of [false, true]) {
  for (const transposeB of [false, true]) {
    const a = transposeA ? [3, 2] : [2, 3];
    const b = transposeB ? [4, 3] : [3, 4];
    const run = (x: Floats, y: Floats): Tensor => core.matmul(x, y, { transposeA, transposeB });
    const how = `${transposeA ? 'Aᵀ' : 'A'}${transposeB ? 'Bᵀ' : 'B'}`;
    add(`matmul: ${how}`, (r) => [r.floats(a), r.floats(b)], run, true);
    add(`matmul: ${how} batched`, (r) => [r.floats([2, 1, ...a]), r.floats([3, ...b])], run, true);
    add(`matmul: ${how} one B for all`, (r) => [r.floats([2, 1, ...a]), r.floats(b)], run, true);
    add(`matmul: ${how} one A for all`, (r) => [r.floats(a), r.floats([3, ...b])], run, true);
  }
}
add('transpose', box, (x: Floats) => core.transpose(x));
add('transpose: perm', box, (x: Floats) => core.transpose(x, [1, -1, 0]));
add('reshape', box, (x: Floats) => core.reshape(x, [5, -1]));
add('expandDims', box, (x: Floats) => core.expandDims(x, -2));
add(
  'squeeze',
  (r) => [r.floats([1, 3, 1])],
  (x: Floats) => core.squeeze(x),
);
add('slice', box, (x: Floats) => core.slice(x, [0, 1], [-1, 2]));
add(
  'slice: strides',
  (r) => [r.floats([5, 7, 4])],
  (x: Floats) => core.slice(x, [1, -2, 3], [2, 2, -1], [2, -3, -3]),
);
add('slice: nothing', box, (x: Floats) => core.slice(x, [0, 3], [-1, 0]));
add('slice: dense', box, (x: Floats) => core.slice(x, [1, 0, 1], [1, 3, 2], [1, 1, 2]));
add(
  'split: equal',
  (r) => [r.floats([2, 6])],
  (x: Floats) => core.split(x, 3),
);
add('split: sizes', box, (x: Floats) => core.split(x, [1, 0, 4], 2));
add('split: one of the parts', box, (x: Floats) => core.scope(() => core.split(x, [1, 2], 1)[1]!));
add(
  'concat',
  (r) => [r.floats([2, 3]), r.floats([2, 0]), r.floats([2, 4])],
  (...xs: Floats[]) => core.concat(xs, -1),
);
add('concat: one', some, (x: Floats) => core.concat([x], 0));
add(
  'stack',
  (r) => [r.floats([2, 3]), r.floats([2, 3])],
  (...xs: Floats[]) => core.stack(xs, -1),
);
add('unstack', box, (x: Floats) => core.unstack(x, 1));
add('pad', box, (x: Floats) => core.pad(x, [[1, 2], [0, 0], [0, 3]], 0.7)); // prettier-ignore
add('reverse', box, (x: Floats) => core.reverse(x, [0, -1]));
add('reverse: all', box, (x: Floats) => core.reverse(x));
add('tile', box, (x: Floats) => core.tile(x, [3, 1, 2]));
add('tile: none', box, (x: Floats) => core.tile(x, [1, 0, 2]));
add(
  'broadcastTo',
  (r) => [r.floats([3, 1])],
  (x: Floats) => core.broadcastTo(x, [2, 3, 5]),
);
add(
  'broadcastTo: bool',
  (r) => [r.bools([3, 1])],
  (x: Tensor<'bool'>) => core.broadcastTo(x, [2, 3, 5]),
);
add('broadcastTo: itself', box, (x: Floats) => core.broadcastTo(x, [2, 3, 5]));
add(
  'gather',
  (r) => [r.floats([4, 3]), r.ints([2, 5], -1, 5)],
  (x: Floats, i: Tensor<'int32'>) => core.gather(x, i),
);
add(
  'gather: axis',
  (r) => [r.floats([2, 4, 3]), r.ints([5], 0, 4)],
  (x: Floats, i: Tensor<'int32'>) => core.gather(x, i, -2),
);
add(
  'gather: scalar',
  (r) => [r.floats([4, 3]), r.ints([], 0, 3)],
  (x: Floats, i: Tensor<'int32'>) => core.gather(x, i, 1),
);
add(
  'scatterAdd',
  (r) => [r.floats([2, 5, 3]), r.ints([2, 5], -1, 5)],
  (u: Floats, i: Tensor<'int32'>) => core.scatterAdd(u, i, 4),
);
add(
  'scatterAdd: axis',
  (r) => [r.floats([2, 5, 3]), r.ints([5], 0, 4)],
  (u: Floats, i: Tensor<'int32'>) => core.scatterAdd(u, i, 4, 1),
);
add(
  'oneHot',
  (r) => [r.ints([2, 3], -1, 5)],
  (i: Tensor<'int32'>) => core.oneHot(i, 4),
);
add(
  'oneHot: axis',
  (r) => [r.ints([2, 3], 0, 4)],
  (i: Tensor<'int32'>) => core.oneHot(i, 4, 0),
);

export const catalog: readonly OpCase[] = cases;
