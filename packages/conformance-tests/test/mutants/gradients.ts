/** Libraries of ops with one wrong gradient each; every value is right. */
import * as core from '@recurra/core';
import {
  abs,
  add,
  broadcastShapes,
  div,
  log,
  matmul,
  mean,
  mul,
  pow,
  reshape,
  square,
  stopGradient,
  sub,
  sum,
  tensor,
  transpose,
  type Shape,
  type Tensor,
} from '@recurra/core';
import type { Ops } from '../../src/cases/gradients/index.js';
import { firstAlone, gradientOf, type Floats } from './gradient-of.js';
import type { Mutant } from './mutant.js';

/** The op's value with the gradient of what `gradient` makes of the same arguments. */
function wrong<A extends readonly unknown[]>(
  name: string,
  op: keyof Ops,
  gradient: (...args: A) => Floats,
  caughtBy = `gradients/${op}`,
): Mutant<() => Ops> {
  const right = core[op] as unknown as (...args: A) => Floats;
  const made = (...args: A): Floats => gradientOf(right(...args), gradient(...args));
  return { name: `${op}: ${name}`, caughtBy, make: () => ({ ...core, [op]: made }) };
}

const one = (name: string, op: keyof Ops, gradient: (x: Floats) => Floats, caughtBy?: string): Mutant<() => Ops> =>
  wrong(name, op, gradient, caughtBy);
const two = (name: string, op: keyof Ops, gradient: Binary): Mutant<() => Ops> =>
  wrong(name, op, (a: Floats, b: Floats | number) =>
    gradient(a, typeof b === 'number' ? tensor(b, [], { backend: a.backend }) : b),
  );

type Binary = (a: Floats, b: Floats) => Floats;
type Axis = { readonly axis?: number };
type Transposed = { readonly transposeA?: boolean };

/** The sum over broadcast axes is forgotten. */
const alone =
  (op: Binary): Binary =>
  (a, b) => {
    const shape = broadcastShapes('alone', { a: a.shape, b: b.shape });
    return op(firstAlone(a, shape), firstAlone(b, shape));
  };
const LAMBDA = 1.0507009873554805;
const held = stopGradient;
const itself = (x: Floats): Floats => mul(x, 1);
const half = (x: Floats): Floats => mul(square(x), 0.5);
/** Its elements as if they lay in the order of its transpose. */
const misread = (x: Floats): Floats => reshape(transpose(x), x.shape);

export const brokenGradients: readonly Mutant<() => Ops>[] = [
  two('no sum over broadcast axes', 'add', alone(add)),
  two('no sum over broadcast axes', 'sub', alone(sub)),
  two('the sign of the second', 'sub', add),
  two('no sum over broadcast axes', 'mul', alone(mul)),
  two('each gets its own value', 'mul', (a, b) => add(half(a), half(b))),
  two('the sign of the divisor', 'div', (a, b) => sub(div(a, held(b)), div(held(a), b))),
  two('the divisor is not squared', 'div', (a, b) => sub(div(a, held(b)), mul(held(a), log(abs(b))))),
  two('none for the exponent', 'pow', (a, b) => pow(a, held(b))),
  two('the exponent is not lowered', 'pow', (a, b) => add(mul(mul(a, held(pow(a, b))), held(b)), pow(held(a), b))),
  two('both get it', 'maximum', add),
  two('that of maximum', 'minimum', core.maximum),
  one('the sign', 'neg', itself),
  one('the sign is dropped', 'abs', itself),
  one('twice too large', 'sqrt', (x) => mul(core.sqrt(x), 2)),
  one('1', 'exp', itself),
  one('its value, and not one more', 'expm1', (x) => sub(core.exp(x), x)),
  one('that of log', 'log1p', (x) => log(abs(x))),
  one('without 2/√π', 'erf', (x) => mul(core.erf(x), Math.sqrt(Math.PI) / 2)),
  one('that of cos', 'sin', core.cos),
  one('the sign', 'cos', (x) => mul(core.cos(x), -1)),
  one('1 − x² for 1 − y²', 'tanh', (x) => sub(x, div(mul(square(x), x), 3))),
  one('y for y(1 − y)', 'sigmoid', core.softplus),
  one('leaks below 0', 'relu', itself),
  one('without the sum', 'softmax', (x) => mul(held(core.softmax(x)), x)),
  one(
    'right once, but a constant to the next tape',
    'square',
    (x) => mul(held(mul(x, 2)), x),
    'gradients/second-order/tanh',
  ),
  wrong('passes beyond the ends', 'clip', itself),
  wrong('both sides get it', 'where', (_: unknown, a: Floats, b: Floats) => add(a, b)),
  wrong('not divided', 'mean', (x: Floats, how: Axis) => sum(x, how)),
  wrong('everyone gets it', 'max', (x: Floats, how: Axis) => sum(x, how)),
  wrong('in equal parts', 'logSumExp', (x: Floats, how: Axis) => mean(x, how)),
  wrong(
    'that of the first reads the second as if it were laid out',
    'matmul',
    (a: Floats, b: Floats, how?: Transposed) => add(matmul(a, misread(held(b)), how), matmul(held(a), b, how)),
  ),
  wrong(
    'a matrix that serves a whole batch is not summed',
    'matmul',
    (a: Floats, b: Floats, how?: Transposed) => {
      const lead = broadcastShapes('lead', { a: a.shape.slice(0, -2), b: b.shape.slice(0, -2) });
      const each = (x: Floats): Floats => firstAlone(x, [...lead, ...x.shape.slice(-2)]);
      return matmul(each(a), each(b), how);
    },
    'gradients/matmul-broadcast',
  ),
  wrong('goes back in another order', 'reshape', (x: Floats, shape: Shape) => reshape(misread(x), shape)),
  wrong('goes back to the beginning', 'slice', (x: Floats, begin: number[], sizes: number[], steps?: number[]) => {
    const { shape } = core.slice(x, begin, sizes, steps);
    return core.slice(
      x,
      begin.map((b, axis) => ((steps?.[axis] ?? 1) > 0 ? 0 : b)),
      shape as number[],
      steps,
    );
  }),
  wrong('goes back to the others', 'concat', (xs: Floats[], axis: number) =>
    core.concat([...xs.slice(1), xs[0]!], axis),
  ),
  wrong('goes back as if padded at the other end', 'pad', (x: Floats, widths: [number, number][]) =>
    core.pad(
      x,
      widths.map(([before, after]) => [after, before] as const),
    ),
  ),
  wrong('the mean of the copies', 'tile', (x: Floats, times: number[]) =>
    core.tile(mul(x, 1 / times.reduce((a, b) => a * b, 1)), times),
  ),
  wrong('no sum', 'broadcastTo', (x: Floats, shape: Shape) => firstAlone(x, shape)),
  wrong('goes back in input order', 'reverse', (x: Floats) => itself(x)),
  wrong(
    'a row that is taken twice counts once',
    'gather',
    (x: Floats, rows: Tensor<'int32'>, axis: number | undefined) => {
      const taken = core.gather(x, rows, axis);
      return axis === undefined ? mul(taken, tensor([[0], [1], [1], [1]], undefined, { backend: x.backend })) : taken;
    },
  ),
  wrong('does not', 'stopGradient', itself, 'gradients/stop-gradient'),
  one(
    'at 0 that of the negative side',
    'selu',
    (x) =>
      core.where(core.less(0, x), mul(x, LAMBDA), mul(core.expm1(core.minimum(x, 0)), LAMBDA * 1.6732632423543772)),
    'gradients/kinks/selu',
  ),
  one(
    'at 0 that of the positive side',
    'leakyRelu',
    (x) => core.where(core.less(x, 0), mul(x, 0.2), x),
    'gradients/kinks/leakyRelu',
  ),
  one(
    'overflows where it is not chosen',
    'elu',
    (x) => core.where(core.less(x, 0), core.expm1(x), x),
    'gradients/kinks/elu',
  ),
  wrong(
    'takes the logarithm of what is negative',
    'pow',
    (a: Floats, given: Floats | number) => {
      const b = typeof given === 'number' ? tensor(given, [], { backend: a.backend }) : given;
      return add(pow(a, held(b)), mul(mul(held(pow(a, b)), log(add(abs(held(a)), 1e-30))), b));
    },
    'gradients/kinks/pow',
  ),
  {
    name: 'logSumExp: of nothing but −∞ is NaN',
    caughtBy: 'gradients/kinks/logSumExp-infinite',
    make: () => ({
      ...core,
      logSumExp(x: Floats, { axis }: core.ReduceOptions = {}) {
        const along = axis === undefined ? {} : { axis };
        const top = stopGradient(core.max(x, { ...along, keepDims: true }));
        const shape = core.max(stopGradient(x), along).shape;
        return add(log(sum(core.exp(sub(x, top)), along)), reshape(top, shape));
      },
    }),
  },
];
