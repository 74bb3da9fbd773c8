/** What the ops of core answer to bad input. */
import * as core from '@recurra/core';
import type { DType } from '@recurra/core';
import {
  axisAt,
  entry,
  flagAt,
  holes,
  notFlags,
  notLists,
  notNumbers,
  notShapes,
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
type Op = Exclude<keyof typeof core, never>;
function add(names: string, good: Arguments, rows: readonly Rows[], op?: string): void {
  for (const name of names.split(' ')) entries[name] = entry(core[name as Op], good, rows, op);
}

const intAndBool: DType[] = ['int32', 'bool'];
const empty = { shape: [0, 3], data: [] };
/** A batch of none is a batch. */
const none = (dtype: DType = 'float32', gives: DType = dtype): Rows =>
  works('x has no elements, [0, 3]', 'the result has none either, [0, 3]', (w) => [[w.make([0, 3], dtype)]], {
    ...empty,
    dtype: gives,
  });
const x: Arguments = (w) => [w.make([2, 3])];
const b: Arguments = (w) => [w.make([2, 3], 'bool')];
const pair: Arguments = (w) => [w.make([2, 3]), w.make([2, 3])];

add('sqrt exp expm1 log log1p erf sin cos floor tanh sigmoid', x, [tensorAt(0, 'x', { wrong: intAndBool }), none()]);
add('exponential relu relu6 selu silu hardSigmoid hardTanh hardSilu softplus softsign mish linear', x, [
  tensorAt(0, 'x', { wrong: intAndBool }),
  none(),
]);
add('neg abs square sign', x, [tensorAt(0, 'x', { wrong: ['bool'] }), none()]);
add('stopGradient', x, [tensorAt(0, 'x'), none()]);
add('logicalNot', b, [tensorAt(0, 'x', { wrong: ['float32', 'int32'] }), none('bool')]);
add('elu', (w) => [w.make([2, 3]), { alpha: 0.5 }], [
  tensorAt(0, 'x', { wrong: intAndBool }),
  optionsAt(1, 'alhpa'),
  optionAt(
    1,
    'alpha',
    'is not a finite number',
    'ARGUMENT',
    notWhole.filter((v) => v !== 0.5 && v !== null),
  ),
  none(),
]);
add('leakyRelu', (w) => [w.make([2, 3]), { negativeSlope: 0.5 }], [
  tensorAt(0, 'x', { wrong: intAndBool }),
  optionsAt(1, 'negativeslope'),
  optionAt(
    1,
    'negativeSlope',
    'is not a finite number',
    'ARGUMENT',
    notWhole.filter((v) => v !== 0.5 && v !== null),
  ),
  none(),
]);
add('gelu', (w) => [w.make([2, 3]), { approximate: true }], [
  tensorAt(0, 'x', { wrong: intAndBool }),
  optionsAt(1, 'aproximate'),
  flagAt(1, 'approximate'),
  none(),
]);

const pairShapes = refusesMade(1, 'shapes that do not broadcast', 'SHAPE', (w) => [w.make([5]), w.make([3, 3])]);
const twoNumbers = refusesCalls('two numbers', 'ARGUMENT', () => [[1, 2]]);
const emptyPair = (dtype: DType, gives = dtype): Rows =>
  works(
    'a has no elements, [0, 3]',
    'the result has none either, [0, 3]',
    (w) => [[w.make([0, 3], dtype), w.make([3], dtype)]],
    {
      ...empty,
      dtype: gives,
    },
  );
const binary = (wrong: DType[], gives: DType = 'float32', second: DType[] = intAndBool): Rows[] => [
  tensorAt(0, 'a', { wrong, numbers: true, mixed: true }),
  tensorAt(1, 'b', { wrong: second, numbers: true, mixed: true }),
  pairShapes,
  twoNumbers,
  emptyPair('float32', gives),
];
add('add sub mul maximum minimum', pair, binary(['bool']));
add('div pow', pair, binary(intAndBool));
add('less lessEqual greater greaterEqual', pair, binary(['bool'], 'bool'));
add('equal notEqual', pair, binary([...intAndBool], 'bool'));
for (const name of ['add', 'sub', 'mul', 'maximum', 'minimum', 'equal', 'notEqual', 'less', 'lessEqual', 'greater']) {
  const more = refusesCalls('a number that the tensor’s int32 cannot hold', 'DTYPE', (w) => [
    [w.make([2], 'int32'), 0.5],
    [NaN, w.make([2], 'int32')],
  ]);
  entries[name] = { ...entries[name]!, rows: [...entries[name]!.rows, ...more(pair)] };
}
add('logicalAnd logicalOr', (w) => [w.make([2, 3], 'bool'), w.make([2, 3], 'bool')], [
  tensorAt(0, 'a', { wrong: ['float32', 'int32'], numbers: true, mixed: true }),
  tensorAt(1, 'b', { wrong: ['float32', 'int32'], numbers: true, mixed: true }),
  refusesMade(1, 'shapes that do not broadcast', 'SHAPE', (w) => [w.make([5], 'bool')]),
  emptyPair('bool'),
]);
add('where', (w) => [w.make([2, 3], 'bool'), w.make([2, 3]), w.make([2, 3])], [
  tensorAt(0, 'cond', { wrong: ['float32', 'int32'], mixed: true }),
  tensorAt(1, 'a', { wrong: intAndBool, numbers: true, mixed: true }),
  tensorAt(2, 'b', { wrong: intAndBool, numbers: true, mixed: true }),
  refusesMade(0, 'shapes that do not broadcast', 'SHAPE', (w) => [w.make([7], 'bool')]),
  refusesCalls('two numbers', 'ARGUMENT', (w) => [[w.make([2], 'bool'), 1, 2]]),
]);
add('clip', (w) => [w.make([2, 3]), 0.5, 1], [
  tensorAt(0, 'x'),
  refusesMade(0, 'x is bool', 'DTYPE', (w) => [w.make([2, 3], 'bool')]),
  refusesCalls('a limit that the dtype of x cannot hold', 'DTYPE', (w) => [
    [w.make([2], 'int32'), 0.5, 2],
    [w.make([2], 'int32'), 0, Infinity],
  ]),
  refuses(1, 'low is not a number, or above high', 'ARGUMENT', [undefined, ...notNumbers, NaN, 2]),
  refuses(2, 'high is not a number, or below low', 'ARGUMENT', [undefined, ...notNumbers, NaN, 0]),
  works('a limit is infinite', 'there is none on that side', (w) => [[w.make([2]), -Infinity, 1]], {
    shape: [2],
    dtype: 'float32',
    data: [0.25, 1],
  }),
]);
add('cast', (w) => [w.make([2, 3]), 'int32'], [
  tensorAt(0, 'x'),
  refuses(1, 'dtype is not the name of one', 'DTYPE', [undefined, ...notNumbers, 'float64', 'Float32']),
  works('x has no elements, [0, 3]', 'the result has none either, [0, 3]', (w) => [[w.make([0, 3]), 'int32']], {
    ...empty,
    dtype: 'int32',
  }),
]);

// Reductions.
const reduction = [
  optionsAt(1, 'axes'),
  optionAt(1, 'axis', 'is neither a number nor a list of numbers', 'ARGUMENT', [...strange, {}, () => 1]),
  optionAt(1, 'axis', 'is not a whole number, is named twice, or there is no such axis', 'AXIS', [
    2,
    -3,
    0.5,
    NaN,
    Infinity,
    [0, 0],
    [0, -2],
    [2],
    ['0'],
    [null],
    [Symbol('axis')],
    [1n],
    holes,
  ]),
  optionAt(1, 'keepDims', 'is neither true nor false', 'ARGUMENT', notFlags),
];
const alongRows: Arguments = (w) => [w.make([2, 3]), { axis: 1, keepDims: true }];
const nothing = refusesCalls('nothing along the axis', 'EMPTY', (w) => [
  [w.make([2, 0])],
  [w.make([2, 0]), { axis: 1 }],
]);
const emptyBatch = (gives: DType, dtype: DType = 'float32'): Rows =>
  works(
    'an empty batch, [0, 3], along the other axis',
    'the result is empty too, [0]',
    (w) => [[w.make([0, 3], dtype), { axis: 1 }]],
    {
      shape: [0],
      dtype: gives,
      data: [],
    },
  );
add('sum', alongRows, [
  tensorAt(0, 'x', { wrong: ['bool'] }),
  ...reduction,
  works('nothing along the axis', 'its sum is 0', (w) => [[w.make([2, 0]), { axis: 1 }]], {
    shape: [2],
    dtype: 'float32',
    data: [0, 0],
  }),
  emptyBatch('float32'),
]);
add('max min', alongRows, [tensorAt(0, 'x', { wrong: ['bool'] }), ...reduction, nothing, emptyBatch('float32')]);
add('mean logSumExp', alongRows, [
  tensorAt(0, 'x', { wrong: intAndBool }),
  ...reduction,
  nothing,
  emptyBatch('float32'),
]);
add('any all', (w) => [w.make([2, 3], 'bool'), { axis: 1, keepDims: true }], [
  tensorAt(0, 'x', { wrong: ['float32', 'int32'] }),
  ...reduction,
  emptyBatch('bool', 'bool'),
]);
add('argMax argMin', (w) => [w.make([2, 3]), { axis: 1, keepDims: true }], [
  tensorAt(0, 'x', { wrong: ['bool'] }),
  optionsAt(1, 'axes'),
  optionAt(1, 'axis', 'is not a whole number, or there is no such axis', 'AXIS', [...notWhole, 2, -3]),
  flagAt(1, 'keepDims'),
  nothing,
  emptyBatch('int32'),
]);
add('softmax logSoftmax', (w) => [w.make([2, 3]), 0], [
  tensorAt(0, 'x', { wrong: intAndBool }),
  axisAt(1, 2),
  works('x has no elements, [0, 3]', 'the result has none either, [0, 3]', (w) => [[w.make([0, 3])]], {
    ...empty,
    dtype: 'float32',
  }),
]);

// Linear algebra and shapes.
add('matmul', (w) => [w.make([2, 3]), w.make([4, 3]), { transposeB: true }], [
  tensorAt(0, 'a', { wrong: intAndBool, mixed: true }),
  tensorAt(1, 'b', { wrong: intAndBool, mixed: true }),
  optionsAt(2, 'transposeC'),
  flagAt(2, 'transposeA'),
  flagAt(2, 'transposeB'),
  refusesCalls('inner axes that differ, or leading axes that do not broadcast', 'SHAPE', (w) => [
    [w.make([2, 3]), w.make([2, 3])],
    [w.make([2, 4, 3]), w.make([3, 3, 2])],
  ]),
  refusesCalls('a rank below 2', 'RANK', (w) => [
    [w.make([3]), w.make([3, 2])],
    [w.make([2, 3]), w.make([])],
  ]),
  works(
    'an empty batch, [0, 3] · [3, 4]',
    'the result is empty too, [0, 4]',
    (w) => [[w.make([0, 3]), w.make([3, 4])]],
    {
      shape: [0, 4],
      dtype: 'float32',
      data: [],
    },
  ),
  works('inner axes of length 0, [2, 0] · [0, 1]', 'a sum of nothing is 0', (w) => [[w.make([2, 0]), w.make([0, 1])]], {
    shape: [2, 1],
    dtype: 'float32',
    data: [0, 0],
  }),
]);
add('transpose', (w) => [w.make([2, 3]), [1, 0]], [
  tensorAt(0, 'x'),
  refuses(1, 'perm is not a list that names every axis once', 'AXIS', [
    ...notLists.filter((v) => v !== null),
    holes,
    [0],
    [0, 0],
    [0, -2],
    [0, 2],
    ['0', '1'],
    [0n, 1n],
    [null, 1],
  ]),
]);
add('reshape', (w) => [w.make([2, 3]), [3, -1]], [
  tensorAt(0, 'input 0'),
  refuses(1, 'shape is not a list of whole numbers, or the numbers of elements differ', 'SHAPE', [
    undefined,
    ...notLists,
    holes,
    [4],
    [-1, -1],
    [4, -1],
    [-2, -3],
    [2.5, -1],
    ['6'],
    [6n],
    [null],
  ]),
  refusesCalls('−1 beside a length 0', 'SHAPE', (w) => [[w.make([0, 3]), [0, -1]]]),
]);
add('expandDims', (w) => [w.make([2, 3]), 1], [tensorAt(0, 'x'), axisAt(1, 3, { optional: false })]);
add('squeeze', (w) => [w.make([1, 2, 1]), 0], [
  tensorAt(0, 'x'),
  refuses(1, 'axis is neither a number nor a list of numbers', 'ARGUMENT', [
    ...strange.filter((v) => v !== null),
    {},
    () => 1,
  ]),
  refuses(1, 'axis is not a whole number, is named twice, or there is no such axis', 'AXIS', [
    3,
    0.5,
    NaN,
    [0, 0],
    [9],
    ['0'],
    holes,
  ]),
  refuses(1, 'axis is longer than 1', 'SHAPE', [1, [0, 1]]),
]);
const entriesOf = refuses(1, 'an entry is not a whole number', 'SHAPE', [
  ['0'],
  [0.5],
  [NaN],
  [Infinity],
  [Symbol('begin')],
  [1n],
  [{}],
]);
add('slice', (w) => [w.make([2, 3]), [0, 1], [2, 2], [1, 1]], [
  tensorAt(0, 'x'),
  refuses(1, 'begin is not a list', 'ARGUMENT', [undefined, ...notLists]),
  refuses(2, 'size is not a list', 'ARGUMENT', notLists),
  refuses(3, 'strides is not a list', 'ARGUMENT', notLists),
  entriesOf,
  refusesMade(2, 'the window leaves x', 'SHAPE', () => [
    [3, 2],
    [2, 3],
    [-2, 1],
  ]),
  refuses(3, 'a stride is 0', 'SHAPE', [[0, 1]]),
  refuses(1, 'more entries than axes', 'RANK', [[0, 0, 0]]),
  works(
    'an entry is left out, null or a hole',
    'begin is the first, size what is there, the stride 1',
    (w) => [[w.make([2, 3]), holes, [null]]],
    { shape: [2, 1], dtype: 'float32', data: [1, 0.75] },
  ),
]);
add('split', (w) => [w.make([2, 3]), [1, 2], 1], [
  tensorAt(0, 'x'),
  refuses(
    1,
    'parts do not make up the axis',
    'SHAPE',
    [undefined, ...notLists, holes, 2, 0, -3, 1.5, NaN, Infinity, [1, 1], [4, -1], ['1', '2'], [1n, 2n]].filter(
      (v) => v !== 3,
    ),
  ),
  axisAt(2, 2),
]);
add('concat', (w) => [[w.make([2, 3]), w.make([2, 3])], 0], [
  refuses(0, 'xs is not a list, or empty', 'ARGUMENT', [undefined, ...notLists, []]),
  tensorAt(0, 'one of xs', {
    wrong: intAndBool,
    mixed: true,
    inside: { put: ([first]: unknown[], v) => [first, v], take: ([, second]: core.Tensor[]) => second! },
  }),
  refusesMade(0, 'a hole in xs', 'NOT_A_TENSOR', (w) => [new Array<unknown>(2), [w.make([2, 3]), undefined]]),
  refusesMade(0, 'shapes that differ beside the axis', 'SHAPE', (w) => [
    [w.make([2, 3]), w.make([2, 4])],
    [w.make([2, 3]), w.make([2])],
  ]),
  axisAt(1, 2, { optional: false }),
]);
add('stack', (w) => [[w.make([2, 3]), w.make([2, 3])], 0], [
  refuses(0, 'xs is not a list, or empty', 'ARGUMENT', [undefined, ...notLists, []]),
  refusesMade(0, 'tensors of several dtypes', 'DTYPE', (w) => [[w.make([2, 3]), w.make([2, 3], 'int32')]]),
  tensorAt(0, 'one of xs', {
    mixed: true,
    inner: 'concat',
    inside: { put: ([first]: unknown[], v) => [first, v], take: ([, second]: core.Tensor[]) => second! },
  }),
  refusesMade(0, 'shapes that differ', 'SHAPE', (w) => [[w.make([2, 3]), w.make([2, 4])]]),
  axisAt(1, 3),
]);
add('unstack', (w) => [w.make([2, 3]), 1], [
  tensorAt(0, 'x'),
  axisAt(1, 2),
  works('the axis has length 0', 'a list of none', (w) => [[w.make([0, 3])]], []),
]);
add(
  'pad',
  (w) => [
    w.make([2, 3]),
    [
      [1, 0],
      [0, 2],
    ],
    0.5,
  ],
  [
    // prettier-ignore
    tensorAt(0, 'x'),
    refuses(1, 'margins are not one [before, after] for each axis', 'SHAPE', [
    undefined, ...notLists, holes, [[0, 1]], [[0, 1], [0]], [[0, 1], null], [[0, 1], [0, -1]], [[0, 1], [0, 0.5]], [[0, 1], ['1', 1]], [[0, 1], holes],
  ]), // prettier-ignore
    refuses(2, 'value is not a number', 'ARGUMENT', notNumbers),
    refusesCalls('a value that the dtype of x cannot hold', 'DTYPE', (w) => [[w.make([2], 'int32'), [[0, 1]], 0.5]]),
    refuses(1, 'more than 2³¹ − 1 elements', 'TOO_LARGE', [
      [
        [2 ** 30, 0],
        [0, 0],
      ],
    ]),
  ],
);
add('reverse', (w) => [w.make([2, 3]), 0], [
  tensorAt(0, 'x'),
  refuses(1, 'axis is neither a number nor a list of numbers', 'ARGUMENT', [...strange, {}, () => 1]),
  refuses(1, 'axis is not a whole number, is named twice, or there is no such axis', 'AXIS', [
    2,
    -3,
    0.5,
    NaN,
    [0, 0],
    [9],
    ['0'],
    holes,
  ]),
]);
add('tile', (w) => [w.make([2, 3]), [2, 1]], [
  tensorAt(0, 'x'),
  refuses(1, 'repeats are not one whole number for each axis', 'SHAPE', [
    undefined,
    ...notShapes,
    [2],
    [2, -1],
    [2, 0.5],
    [1n, 2],
  ]),
  refuses(1, 'more than 2³¹ − 1 elements', 'TOO_LARGE', [[2 ** 30, 1]]),
  works('a repeat is 0', 'the result has no elements', (w) => [[w.make([2, 3]), [0, 1]]], {
    ...empty,
    dtype: 'float32',
  }),
]);
add('broadcastTo', (w) => [w.make([1, 3]), [2, 3]], [
  tensorAt(0, 'x'),
  refuses(1, 'shape is not a list of whole numbers, or x does not broadcast to it', 'SHAPE', [
    undefined,
    ...notShapes,
    [2, 4],
    [3],
    [1],
  ]),
  refuses(1, 'more than 2³¹ − 1 elements', 'TOO_LARGE', [[2 ** 30, 3]]),
]);
add('gather', (w) => [w.make([4, 3]), w.make([2], 'int32'), 0], [
  tensorAt(0, 'x', { mixed: true }),
  tensorAt(1, 'indices', { wrong: ['float32', 'bool'], mixed: true }),
  axisAt(2, 2),
  works('an index that is negative or too large', 'gives 0', (w) => [[w.make([1]), w.make([2], 'int32')]], {
    shape: [2],
    dtype: 'float32',
    data: [0.25, 0],
  }),
]);
add('scatterAdd', (w) => [w.make([2, 3]), w.make([2], 'int32'), 4, 0], [
  tensorAt(0, 'updates', { wrong: ['bool'], mixed: true }),
  tensorAt(1, 'indices', { wrong: ['float32', 'bool'], mixed: true }),
  refuses(2, 'length is not a whole number of at least 0', 'SHAPE', [undefined, ...notWhole, -1]),
  refuses(2, 'more than 2³¹ − 1 elements', 'TOO_LARGE', [2 ** 31]),
  axisAt(3, 2),
  refusesMade(1, 'updates lack the axes of indices', 'SHAPE', (w) => [w.make([3], 'int32')]),
  works('an index that is negative or too large', 'is dropped', (w) => [[w.make([2]), w.make([2], 'int32'), 1]], {
    shape: [1],
    dtype: 'float32',
    data: [0.25],
  }),
]);
add('oneHot', (w) => [w.make([2], 'int32'), 3, 0], [
  tensorAt(0, 'indices', { wrong: ['float32', 'bool'] }),
  refuses(1, 'depth is not a whole number of at least 0', 'SHAPE', [undefined, ...notWhole, -1]),
  refuses(1, 'more than 2³¹ − 1 elements', 'TOO_LARGE', [2 ** 31]),
  axisAt(2, 2),
  works('an index that is negative or too large', 'gives zeros', (w) => [[w.make([2], 'int32'), 1]], {
    shape: [2, 1],
    dtype: 'float32',
    data: [1, 0],
  }),
]);

export const ops: Readonly<Record<string, Entry>> = entries;
