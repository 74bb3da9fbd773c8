/** What core's types know: dtypes in and out, trees, gradients, backends. Type-checked, never run. */
import {
  abs,
  add,
  argMax,
  cast,
  clip,
  concat,
  constant,
  div,
  equal,
  expandDims,
  full,
  gather,
  glorotUniform,
  grad,
  greaterEqual,
  initializer,
  isTensor,
  keep,
  leaves,
  less,
  logicalAnd,
  logicalNot,
  mapTree,
  matmul,
  max,
  mean,
  mul,
  oneHot,
  ones,
  registerBackend,
  reshape,
  scope,
  slice,
  softmax,
  split,
  square,
  stack,
  stopGradient,
  sub,
  sum,
  tensor,
  transfer,
  transpose,
  unstack,
  useBackend,
  valueAndGrad,
  where,
  zeros,
  type Backend,
  type CreateOptions,
  type HostArray,
  type Shape,
  type Tensor,
  type TensorData,
} from '@recurra/core';
import { normal, randint, uniform } from '@recurra/core/random';
import { cpu, type CpuBuffer } from '@recurra/backend-cpu';
import { is } from './same.js';

type Floats = Tensor<'float32'>;
type Ints = Tensor<'int32'>;
type Bools = Tensor<'bool'>;
declare const x: Floats;
declare const i: Ints;
declare const b: Bools;
declare const any: Tensor;
declare const host: HostArray;
declare const data: TensorData;
declare const backend: Backend;

// The dtype of the data, unless another is asked for.
is<Floats>()(tensor(1));
is<Floats>()(
  tensor([
    [1, 2],
    [3, 4],
  ]),
);
is<Floats>()(tensor([], [0, 3]));
is<Floats>()(tensor(new Float32Array(6), [2, 3]));
is<Floats>()(tensor(new Float64Array(6), [6], { backend }));
is<Ints>()(tensor(new Int32Array(6), [2, 3]));
is<Ints>()(tensor(new Int32Array(6), [2, 3], { backend }));
is<Bools>()(tensor(true));
is<Bools>()(tensor([[true, false]], [2], { backend }));
is<Ints>()(tensor([1, 2], [2], { dtype: 'int32' }));
is<Ints>()(tensor([], [0], { dtype: 'int32' }));
is<Floats>()(tensor(new Int32Array(6), [2, 3], { dtype: 'float32' }));
is<Floats>()(tensor([true], [1], { dtype: 'float32', backend }));
is<Bools>()(tensor(new Uint8Array(2), undefined, { dtype: 'bool' }));
is<Ints>()(tensor(host, [2], { dtype: 'int32' }));
// Of data that may be anything, nothing is claimed; nor where the options may say something else.
is<Tensor>()(tensor(host));
is<Tensor>()(tensor(data, [2]));
declare const options: CreateOptions;
is<Tensor>()(tensor(new Int32Array(2), [2], options));
declare const floatOptions: CreateOptions<'float32'>;
is<Floats>()(tensor([1], [1], floatOptions));
// @ts-expect-error text is no number
tensor('1');
// @ts-expect-error there is no such dtype
tensor([1], [1], { dtype: 'float64' });
// @ts-expect-error there is no such option
tensor([1], [1], { dType: 'int32' });
// @ts-expect-error there are no 64-bit integers
tensor(new BigInt64Array(1));

is<Floats>()(zeros([2]));
is<Floats>()(ones([2], { backend }));
is<Ints>()(zeros([2], { dtype: 'int32' }));
is<Bools>()(full([2], 1, { dtype: 'bool' }));
is<Tensor>()(zeros([2], { dtype: any.dtype }));
// @ts-expect-error a shape is a list
zeros(2);

// Numbers come in the array of the dtype.
is<Promise<Float32Array>>()(x.data());
is<Promise<Int32Array>>()(i.data());
is<Promise<Uint8Array>>()(b.data());
is<Float32Array>()(x.dataSync());
is<Int32Array>()(argMax(x).dataSync());
is<Float32Array | Int32Array | Uint8Array>()(any.dataSync());
is<'float32'>()(x.dtype);
is<Shape>()(x.shape);
// @ts-expect-error tensors do not change
x.shape = [1];

// Ops keep the dtype; a number stands for a scalar of it.
is<Floats>()(add(x, 1));
is<Ints>()(mul(2, i));
is<Ints>()(sub(i, i));
is<Floats>()(div(1, x));
is<Tensor>()(mul(any, 0.5));
is<Ints>()(abs(i));
is<Ints>()(clip(i, 0, 3));
is<Ints>()(sum(i, { axis: 0, keepDims: true }));
is<Floats>()(max(x, { axis: [0, 1] }));
is<Floats>()(mean(square(x)));
is<Bools>()(reshape(b, [-1]));
is<Ints>()(transpose(i));
is<Ints>()(slice(i, [0], [1]));
is<Floats>()(gather(x, i));
is<Ints>()(concat([i, i], 0));
is<Bools>()(stack([b, b]));
is<Ints>()(expandDims(i, 0));
is<Floats>()(stopGradient(x));
is<Ints[]>()(unstack(i));
// @ts-expect-error float32 and int32
add(x, i);
// @ts-expect-error two numbers make no tensor
add(1, 2);
// @ts-expect-error only float32 can be divided
div(i, 2);
// @ts-expect-error indices are int32
gather(x, x);
// @ts-expect-error softmax gives fractions
softmax(i);
// @ts-expect-error there is no such option
sum(x, { axes: 0 });
// @ts-expect-error matmul multiplies float32
matmul(x, i);

// Comparisons give bool, positions int32, cast what it is told.
is<Bools>()(equal(x, 1));
is<Bools>()(less(1, i));
is<Bools>()(greaterEqual(x, x));
is<Bools>()(logicalAnd(b, logicalNot(b)));
is<Ints>()(argMax(x, { axis: -1 }));
is<Floats>()(oneHot(i, 3));
is<Bools>()(cast(any, 'bool'));
is<Floats>()(where(b, x, 0));
is<Ints>()(where(less(i, 3), 0, i));
// @ts-expect-error a condition is bool
where(x, x, x);
// @ts-expect-error float32 or int32?
where(b, x, i);
// @ts-expect-error there is no such dtype
cast(x, 'float');

// A split has as many parts as it was told.
is<[Floats, Floats, Floats]>()(split(x, 3));
is<[Ints, Ints]>()(split(i, [1, 5], 1));
is<Floats[]>()(split(x, x.rank));
is<Floats[]>()(split(x, [...x.shape]));
const [z_i, , , z_o] = split(x, 4, -1);
is<Floats>()(z_i);
is<Floats>()(z_o);
// @ts-expect-error there are two
const [, , _third] = split(x, 2);

// Trees keep their types.
type Params = { readonly kernel: Floats; readonly bias?: Floats };
declare const params: Params;
declare const state: readonly [h: Floats, counts: { n: Ints }];
is<Params>()(mapTree(params, (leaf) => mul(leaf, 0.5)));
is<typeof state>()(mapTree(state, (leaf) => reshape(leaf, [-1])));
is<Shape>()(mapTree(params, (leaf) => leaf.shape).kernel);
is<Shape | undefined>()(mapTree(params, (leaf) => leaf.shape).bias);
is<readonly [h: number, counts: { n: number }]>()(mapTree(state, (leaf) => leaf.size));
is<readonly [h: Bools, counts: { n: Bools }]>()(mapTree(state, (leaf) => cast(leaf, 'bool')));
is<Tensor[]>()(leaves(state));
is<Params>()(scope(() => params));
is<Ints>()(keep(i));

// Gradients have the form of what they are gradients of.
const step = valueAndGrad((p: Params, y: Floats) => mean(square(sub(matmul(y, p.kernel), 1))));
is<readonly [value: Floats, grads: Params]>()(step(params, x));
is<Params>()(grad((p: Params) => sum(p.kernel))(params));
is<Floats>()(grad((w: Floats) => sum(grad((v: Floats) => sum(mul(v, w)))(w)))(x));
// @ts-expect-error the other arguments have types too
step(params, i);
// @ts-expect-error a loss is float32
valueAndGrad((w: Floats) => argMax(w));
// @ts-expect-error recording is synchronous
grad(async (w: Floats) => sum(w));

// Backends: itself, a promise of it, or a name.
is<Promise<Backend<CpuBuffer>>>()(useBackend(cpu()));
is<Promise<Backend<CpuBuffer>>>()(useBackend(Promise.resolve(cpu({ fused: false }))));
is<Promise<Backend>>()(useBackend('cpu'));
is<Promise<Ints>>()(transfer(i, backend));
registerBackend('cpu', cpu);
registerBackend('cpu', () => ({ default: async () => cpu() }));
registerBackend('cpu', async () => ({ default: cpu }));
// @ts-expect-error cpu is called
useBackend(cpu);
// @ts-expect-error there is no such option
cpu({ threads: 4 });

// Initializers and random numbers are typed arrays; a float64 is wider.
is<Float32Array>()(glorotUniform({ seed: 42 })([2, 3]));
is<Float32Array>()(constant({ value: 1 })([2]));
is<Float32Array>()(initializer('glorot_uniform')([2, 3]));
is<Float32Array>()(normal([2], { stddev: 0.05 }));
is<Float64Array>()(uniform([2], { dtype: 'float64' }));
is<Int32Array>()(randint([2], 0, 3));
// @ts-expect-error there is no such initializer
initializer('glorot');
// @ts-expect-error there is no such option
glorotUniform({ sede: 42 });

// What came from elsewhere has to be looked at.
declare const unknown: unknown;
if (isTensor(unknown)) is<Tensor>()(unknown);
