/** What ops refuse: by code, naming the op that was called, and leaving nothing behind. */
import { describe, expect, it } from 'vitest';
import * as core from '../../src/index.js';
import {
  RecurraError,
  tensor,
  useBackend,
  type Backend,
  type DType,
  type Kernels,
  type Tensor,
} from '../../src/index.js';
import { float64Backend } from '../float64-backend.js';

const backend = float64Backend();
await useBackend(backend);

const of = (dtype: DType, ...shape: number[]): Tensor => core.zeros(shape, { dtype });
const float = of('float32', 2, 3) as Tensor<'float32'>;
const int = of('int32', 2, 3) as Tensor<'int32'>;
const bool = of('bool', 2, 3) as Tensor<'bool'>;
const other = of('float32', 5) as Tensor<'float32'>;
const empty = of('float32', 2, 0) as Tensor<'float32'>;
const scalar = of('float32') as Tensor<'float32'>;

/** Plain JavaScript may pass anything. */
type Loose = (...args: unknown[]) => unknown;
const ops = core as unknown as Readonly<Record<string, Loose>>;

const onlyFloats = [
  'sqrt exp expm1 log log1p erf sin cos floor tanh sigmoid hardSigmoid relu relu6 elu selu gelu silu softplus softsign',
  'leakyRelu mish hardTanh hardSilu linear mean softmax logSoftmax logSumExp',
].flatMap((names) => names.split(' '));
const onlyNumbers = 'neg abs square sign sum max min argMax argMin'.split(' ');
const onlyBools = ['logicalNot', 'any', 'all'];
const floatPairs = ['div', 'pow', 'matmul'];
const numberPairs = 'add sub mul maximum minimum less lessEqual greater greaterEqual'.split(' ');
const boolPairs = ['logicalAnd', 'logicalOr'];
const anyPairs = ['equal', 'notEqual'];

const cases: [op: string, args: unknown[], code: string][] = [];
for (const op of onlyFloats) for (const x of [int, bool]) cases.push([op, [x], 'DTYPE']);
for (const op of onlyNumbers) cases.push([op, [bool], 'DTYPE']);
for (const op of onlyBools) for (const x of [int, float]) cases.push([op, [x], 'DTYPE']);
for (const op of floatPairs) for (const x of [int, bool]) cases.push([op, [x, x], 'DTYPE'], [op, [float, x], 'DTYPE']);
for (const op of numberPairs) cases.push([op, [bool, bool], 'DTYPE']);
for (const op of boolPairs) for (const x of [int, float]) cases.push([op, [x, x], 'DTYPE'], [op, [bool, x], 'DTYPE']);
for (const op of [...numberPairs, ...anyPairs]) cases.push([op, [float, int], 'DTYPE'], [op, [int, float], 'DTYPE']);
for (const op of [...numberPairs, ...anyPairs, 'div', 'pow']) {
  cases.push([op, [float, other], 'SHAPE'], [op, [1, 2], 'ARGUMENT'], [op, [float, '3'], 'NOT_A_TENSOR']);
  cases.push([op, [null, float], 'NOT_A_TENSOR'], [op, [3, undefined], 'NOT_A_TENSOR']);
}
for (const op of [...numberPairs, ...anyPairs]) cases.push([op, [int, 0.5], 'DTYPE'], [op, [NaN, int], 'DTYPE']);
for (const op of [...onlyFloats, ...onlyNumbers, ...onlyBools]) cases.push([op, [[1, 2]], 'NOT_A_TENSOR']);
for (const op of ['sum', 'max', 'min', 'mean', 'logSumExp']) {
  cases.push(
    [op, [float, { axis: 2 }], 'AXIS'],
    [op, [float, { axis: -3 }], 'AXIS'],
    [op, [float, { axis: 0.5 }], 'AXIS'],
  );
  cases.push([op, [float, { axis: [0, -2] }], 'AXIS'], [op, [float, { keepdims: true }], 'UNKNOWN_NAME']);
  cases.push([op, [float, 1], 'ARGUMENT'], [op, [scalar, { axis: 0 }], 'AXIS']);
}
for (const op of ['max', 'min', 'mean', 'logSumExp', 'argMax', 'argMin']) {
  cases.push([op, [empty], 'EMPTY'], [op, [empty, { axis: 1 }], 'EMPTY']);
}
for (const op of ['argMax', 'argMin']) {
  cases.push(
    [op, [float, { axis: 2 }], 'AXIS'],
    [op, [scalar, { axis: 0 }], 'AXIS'],
    [op, [float, { axes: 0 }], 'UNKNOWN_NAME'],
  );
}
for (const op of ['any', 'all'])
  cases.push([op, [bool, { axis: 2 }], 'AXIS'], [op, [bool, { axes: 0 }], 'UNKNOWN_NAME']);
for (const op of ['softmax', 'logSoftmax']) cases.push([op, [float, 2], 'AXIS'], [op, [scalar], 'AXIS']);

cases.push(
  ['where', [float, float, float], 'DTYPE'],
  ['where', [bool, float, int], 'DTYPE'],
  ['where', [bool, float, other], 'SHAPE'],
  ['where', [of('bool', 7), float, float], 'SHAPE'],
  ['where', [bool, 1, 2], 'ARGUMENT'],
  ['where', [true, float, 0], 'NOT_A_TENSOR'],
  ['cast', [float, 'float64'], 'DTYPE'],
  ['cast', [float], 'DTYPE'],
  ['cast', [3, 'int32'], 'NOT_A_TENSOR'],
  ['clip', [float, 2, 1], 'ARGUMENT'],
  ['clip', [float, NaN, 1], 'ARGUMENT'],
  ['clip', [float], 'ARGUMENT'],
  ['clip', [3, 0, 1], 'NOT_A_TENSOR'],
  ['stopGradient', [3], 'NOT_A_TENSOR'],
  ['matmul', [float, float], 'SHAPE'],
  ['matmul', [other, float], 'RANK'],
  ['matmul', [float, scalar], 'RANK'],
  ['matmul', [of('float32', 2, 4, 3), of('float32', 3, 3, 2)], 'SHAPE'],
  ['matmul', [float, of('float32', 3, 2), { transposeB: true }], 'SHAPE'],
  ['matmul', [float, null], 'NOT_A_TENSOR'],
  ['transpose', [float, [0]], 'AXIS'],
  ['transpose', [float, [0, 0]], 'AXIS'],
  ['transpose', [float, [0, -2]], 'AXIS'],
  ['transpose', [float, [0, 2]], 'AXIS'],
  ['transpose', [3], 'NOT_A_TENSOR'],
  ['reshape', [float, [4]], 'SHAPE'],
  ['reshape', [float, [-1, -1]], 'SHAPE'],
  ['reshape', [float, [4, -1]], 'SHAPE'],
  ['reshape', [float, [2.5, -1]], 'SHAPE'],
  ['reshape', [empty, [0, -1]], 'SHAPE'],
  ['reshape', [float, 6], 'SHAPE'],
  ['reshape', [float], 'SHAPE'],
  ['reshape', [3, [1]], 'NOT_A_TENSOR'],
  ['expandDims', [float, 3], 'AXIS'],
  ['expandDims', [float, -4], 'AXIS'],
  ['expandDims', [float], 'AXIS'],
  ['squeeze', [float, 0], 'SHAPE'],
  ['squeeze', [float, 2], 'AXIS'],
  ['squeeze', [3], 'NOT_A_TENSOR'],
  ['slice', [float, [0, 0, 0]], 'RANK'],
  ['slice', [float, [0], [1, 1, 1]], 'RANK'],
  ['slice', [float, [3]], 'SHAPE'],
  ['slice', [float, [-3]], 'SHAPE'],
  ['slice', [float, [1], [2]], 'SHAPE'],
  ['slice', [float, [0], [-2]], 'SHAPE'],
  ['slice', [float, [0.5]], 'SHAPE'],
  ['slice', [float, [0], [-1], [0]], 'SHAPE'],
  ['slice', [float, [1], [3], [-1]], 'SHAPE'],
  ['slice', [float, [4], [0]], 'SHAPE'],
  ['split', [float, 2, 1], 'SHAPE'],
  ['split', [float, 0], 'SHAPE'],
  ['split', [float, 1.5], 'SHAPE'],
  ['split', [float, Infinity], 'SHAPE'],
  ['split', [float], 'SHAPE'],
  ['split', [float, [1, 1]], 'SHAPE'],
  ['split', [float, [4, -1]], 'SHAPE'],
  ['split', [float, 2, 2], 'AXIS'],
  ['concat', [[], 0], 'ARGUMENT'],
  ['concat', [float, 0], 'ARGUMENT'],
  ['concat', [[float, other], 0], 'SHAPE'],
  ['concat', [[float, of('float32', 3, 3)], 1], 'SHAPE'],
  ['concat', [[float, int], 0], 'DTYPE'],
  ['concat', [[float, 1], 0], 'NOT_A_TENSOR'],
  ['concat', [[float], 2], 'AXIS'],
  ['concat', [[scalar], 0], 'AXIS'],
  ['stack', [[]], 'ARGUMENT'],
  ['stack', [[float, other]], 'SHAPE'],
  ['stack', [[float, null]], 'NOT_A_TENSOR'],
  ['stack', [[float], 3], 'AXIS'],
  ['unstack', [float, 2], 'AXIS'],
  ['unstack', [scalar], 'AXIS'],
  ['unstack', [3], 'NOT_A_TENSOR'],
  ['pad', [float, [[0, 1]]], 'SHAPE'],
  ['pad', [float, [[0, 1], [0, -1]]], 'SHAPE'], // prettier-ignore
  ['pad', [float, [[0, 1], [0]]], 'SHAPE'], // prettier-ignore
  ['pad', [float], 'SHAPE'],
  ['pad', [3, []], 'NOT_A_TENSOR'],
  ['reverse', [float, 2], 'AXIS'],
  ['reverse', [3], 'NOT_A_TENSOR'],
  ['tile', [float, [2]], 'SHAPE'],
  ['tile', [float, [2, -1]], 'SHAPE'],
  ['tile', [float], 'SHAPE'],
  ['gather', [float, float], 'DTYPE'],
  ['gather', [float, int, 2], 'AXIS'],
  ['gather', [scalar, int], 'AXIS'],
  ['gather', [float, [1]], 'NOT_A_TENSOR'],
  ['scatterAdd', [float, other, 4], 'DTYPE'],
  ['scatterAdd', [bool, int, 4], 'DTYPE'],
  ['scatterAdd', [float, of('int32', 3), 4], 'SHAPE'],
  ['scatterAdd', [float, of('int32', 2), -1], 'SHAPE'],
  ['scatterAdd', [float, of('int32', 2), 4, 2], 'AXIS'],
  ['scatterAdd', [other, int, 4], 'AXIS'],
  ['scatterAdd', [float, [1], 4], 'NOT_A_TENSOR'],
  ['oneHot', [float, 3], 'DTYPE'],
  ['oneHot', [int, -1], 'SHAPE'],
  ['oneHot', [int, 1.5], 'SHAPE'],
  ['oneHot', [int, 3, 3], 'AXIS'],
  ['oneHot', [[1, 2], 3], 'NOT_A_TENSOR'],
  ['broadcastTo', [float, [3, 3]], 'SHAPE'],
  ['broadcastTo', [float, [3]], 'SHAPE'],
  ['broadcastTo', [float, [1, 3]], 'SHAPE'],
  ['broadcastTo', [float, [2, -3]], 'SHAPE'],
  ['broadcastTo', [float], 'SHAPE'],
);

function caught(f: () => unknown): RecurraError {
  try {
    f();
  } catch (error) {
    expect(error).toBeInstanceOf(RecurraError);
    return error as RecurraError;
  }
  throw new Error('it did not throw');
}

describe('refusals', () => {
  for (const op of new Set(cases.map((c) => c[0]))) {
    it(op, () => {
      for (const [, args, code] of cases.filter((c) => c[0] === op)) {
        const before = backend.live();
        const error = caught(() => ops[op]!(...args));
        const call = `${op}(${args.map(String).join(', ')})`;
        expect([call, error.op, error.code]).toEqual([call, op, code]);
        expect(backend.live()).toBe(before);
      }
    });
  }

  it('div of int32 says what to type instead', () => {
    expect(caught(() => ops['div']!(int, 2)).hint).toBe("cast(a, 'float32')");
  });

  it('what is made of other ops speaks for itself', () => {
    expect(caught(() => ops['exponential']!(int))).toMatchObject({ code: 'DTYPE', op: 'exponential' });
    expect(caught(() => core.zeros([-1]))).toMatchObject({ code: 'SHAPE', op: 'zeros' });
    expect(caught(() => core.tile(int, [2 ** 30, 2]))).toMatchObject({ code: 'TOO_LARGE', op: 'tile' });
    expect(caught(() => core.pad(int, [[2 ** 31, 0], [0, 0]]))).toMatchObject({ code: 'TOO_LARGE', op: 'pad' }); // prettier-ignore
  });

  it('pad and tensors with a value the dtype cannot hold', () => {
    const before = backend.live();
    expect(caught(() => core.pad(int, [[0, 1], [0, 0]], 0.5)).code).toBe('DTYPE'); // prettier-ignore
    expect(caught(() => core.clip(int, 0.5, 2)).code).toBe('DTYPE');
    expect(caught(() => core.clip(int, 0, Infinity)).code).toBe('DTYPE');
    expect(caught(() => core.clip(bool, 0, 1)).code).toBe('DTYPE');
    expect(backend.live()).toBe(before);
  });

  it('tensors that are gone', () => {
    const gone = tensor([[1, 2, 3]]);
    gone.dispose();
    const before = backend.live();
    for (const op of [
      'neg',
      'relu',
      'softplus',
      'sum',
      'softmax',
      'reshape',
      'linear',
      'unstack',
      'mean',
      'logSumExp',
    ]) {
      const { code } = caught(() => ops[op]!(gone, op === 'reshape' ? [3] : undefined));
      expect([op, code]).toEqual([op, 'DISPOSED']);
    }
    expect(caught(() => core.add(gone, 1)).code).toBe('DISPOSED');
    expect(caught(() => core.split(gone, 3)).code).toBe('DISPOSED');
    expect(caught(() => core.concat([float, gone], 0)).code).toBe('DISPOSED');
    expect(caught(() => core.where(bool, float, gone)).code).toBe('DISPOSED');
    expect(backend.live()).toBe(before);
  });

  it('tensors of two backends', () => {
    const elsewhere = float64Backend('elsewhere');
    const x = tensor([1, 2, 3], undefined, { backend: elsewhere });
    const before = [backend.live(), elsewhere.live()];
    for (const op of ['add', 'equal', 'notEqual', 'maximum']) {
      expect([op, caught(() => ops[op]!(float, x)).code]).toEqual([op, 'BACKEND_MIXED']);
    }
    expect(caught(() => core.where(bool, float, x)).code).toBe('BACKEND_MIXED');
    expect(caught(() => core.concat([other, x], 0)).code).toBe('BACKEND_MIXED');
    expect(caught(() => core.gather(x, int)).code).toBe('BACKEND_MIXED');
    expect([backend.live(), elsewhere.live()]).toEqual(before);
  });
});

describe('a kernel that fails', () => {
  /** The n-th call of any kernel throws. */
  function failing(n: number): Backend & { live(): number } {
    let calls = 0;
    const whole = float64Backend('failing');
    const kernels =
      'fill cast unary binary compare where reduce argReduce matmul transpose slice concat gather scatterAdd';
    const guarded = kernels.split(' ').map((name) => {
      const kernel = whole[name as keyof Kernels] as Loose;
      return [name, (...args: unknown[]) => (++calls === n ? raise() : kernel(...args))];
    });
    return { ...whole, ...(Object.fromEntries(guarded) as object) } as never;
  }
  function raise(): never {
    throw new Error('out of memory');
  }

  const made: Record<string, (x: Tensor<'float32'>) => unknown> = {
    softmax: (x) => core.softmax(x),
    logSumExp: (x) => core.logSumExp(x),
    mish: (x) => core.mish(x),
    gelu: (x) => core.gelu(x),
    split: (x) => core.split(x, 3),
    unstack: (x) => core.unstack(x),
    tile: (x) => core.tile(x, [2, 3]),
    pad: (x) => core.pad(x, [[1, 1], [1, 1]]), // prettier-ignore
    clip: (x) => core.clip(x, -1, 1),
    mean: (x) => core.mean(x),
    broadcastTo: (x) => core.broadcastTo(x, [5, 2, 3]),
    notEqual: (x) => core.notEqual(x, 1),
    stack: (x) => core.stack([x, x]),
    gradient: (x) => core.grad((v: Tensor<'float32'>) => core.sum(core.pow(core.slice(v, [], [], [2, 2]), 3)))(x),
  };
  for (const [name, run] of Object.entries(made)) {
    it(`${name}: a BackendError, and nothing is left`, () => {
      let failures = 0;
      for (let n = 1; n < 60; n++) {
        const broken = failing(n);
        const x = tensor([[1, -2, 3], [4, 5, -6]], undefined, { backend: broken }); // prettier-ignore
        const before = broken.live();
        try {
          run(x);
        } catch (error) {
          expect((error as RecurraError).code).toBe('BACKEND_FAILED');
          expect(broken.live()).toBe(before);
          failures++;
          continue;
        }
        break;
      }
      expect(failures).toBeGreaterThan(0);
    });
  }
});
