/** What must hold of gradients whatever the numbers are: values used twice or not at all, ties, NaN that is not chosen, trees. */
import { cast, checkpoint, customGrad, defineOp, full, grad, valueAndGrad, type Tensor } from '@recurra/core';
import type { CaseEntry } from '../../case.js';
import { on, type Floats } from '../on.js';
import type { Ops } from './functions.js';

export function gradientRelations(ops: Ops): Record<string, CaseEntry> {
  const { add, gather, greater, matmul, max, maximum, minimum, mul, pow, sqrt, square, stopGradient, sum, where } = ops;
  return {
    'used-twice': ({ backend, close }) => {
      const x = on(backend).floats([2, -3]);
      void close(grad((v: Floats) => sum(add(mul(v, v), v)))(x), [5, -5]);
    },
    'not-used': ({ backend, close }) => {
      const { floats } = on(backend);
      const found = grad(({ a }: { a: Floats; b: Floats }) => sum(a))({ a: floats([1]), b: floats([2, 3]) });
      void close(found.a, [1]);
      void close(found.b, [0, 0]);
    },
    // A tree may hold what has no gradient: there it is 0, of the leaf's own dtype.
    'leaves-of-other-dtypes': ({ backend, close, same }) => {
      const { floats, ints, bools } = on(backend);
      const found = grad(({ w, i, b }: { w: Floats; i: Tensor<'int32'>; b: Tensor<'bool'> }) =>
        sum(where(b, mul(w, cast(i, 'float32')), 0)),
      )({ w: floats([2, 3, 5]), i: ints([7, -1, 4]), b: bools([1, 1, 0]) });
      void close(found.w, [7, -1, 0]);
      void same([found.i.dtype, found.b.dtype], ['int32', 'bool']);
      void close(found.i, [0, 0, 0]);
      void close(found.b, [0, 0, 0]);
    },
    'stop-gradient': ({ backend, close }) => {
      const x = on(backend).floats([2, -3]);
      void close(grad((v: Floats) => sum(mul(stopGradient(v), v)))(x), [2, -3]);
    },
    // Equals share: TensorFlow's rule for max over axes, the first operand for maximum.
    ties: ({ backend, close }) => {
      const { floats } = on(backend);
      void close(
        grad((v: Floats) => sum(max(v, { axis: 1 })))(
          floats([
            [1, 3, 3],
            [5, 2, 1],
          ]),
        ),
        [
          [0, 0.5, 0.5],
          [1, 0, 0],
        ],
      );
      const both = grad(({ a, b }: { a: Floats; b: Floats }) => sum(maximum(a, b)))({
        a: floats([1, 2]),
        b: floats([1, 3]),
      });
      void close(both.a, [1, 0]);
      void close(both.b, [0, 1]);
      const low = grad(({ a, b }: { a: Floats; b: Floats }) => sum(minimum(a, b)))({
        a: floats([1, 2]),
        b: floats([1, 3]),
      });
      void close(low.a, [1, 1]);
    },
    'scatter-same-place': ({ backend, close }) => {
      const table = on(backend).floats([
        [1, 2],
        [3, 4],
        [5, 6],
      ]);
      const found = grad((v: Floats) =>
        sum(
          mul(
            gather(v, on(backend).ints([1, 1, 0])),
            on(backend).floats([
              [1, 2],
              [4, 8],
              [16, 32],
            ]),
          ),
        ),
      )(table);
      void close(found, [
        [16, 32],
        [5, 10],
        [0, 0],
      ]);
    },
    // Not chosen, so without influence, in the gradient too.
    'where-nan': ({ backend, close }) => {
      const x = on(backend).floats([4, -1]);
      const found = grad((v: Floats) => sum(where(greater(v, 0), sqrt(where(greater(v, 0), v, 1)), 0)))(x);
      void close(found, [0.25, 0]);
    },
    'of-a-tree': ({ backend, close }) => {
      const { floats } = on(backend);
      const tree = { w: [floats([[1, 2]]), floats([[3], [4]])], s: { b: floats(2) } } as const;
      const [value, found] = valueAndGrad(({ w, s }: { w: readonly [Floats, Floats]; s: { b: Floats } }) =>
        sum(mul(matmul(w[0], w[1]), s.b)),
      )(tree);
      void close(value, 22);
      void close(found.w[0], [[6, 8]]);
      void close(found.w[1], [[2], [4]]);
      void close(found.s.b, 11);
    },
    'through-a-constant': ({ backend, close }) => {
      const x = on(backend).floats([1, 2]);
      void close(grad((v: Floats) => sum(mul(v, full([2], 3, { backend }))))(x), [3, 3]);
    },
    // Whoever brings a kernel of their own brings its gradient too: here one that no chain rule would give.
    'op-of-ones-own': ({ backend, close }) => {
      const doubled = defineOp<void>({
        name: 'doubled',
        infer: ([x]) => x!,
        forward: (kernels, [x], _, out) => kernels.binary('add', x!, x!, out),
        backward: ({ grad: g }) => [mul(g, 7)],
      });
      const x = on(backend).floats([2, -3]);
      const [value, found] = valueAndGrad((v: Floats) => sum(mul(doubled([v], undefined) as Floats, v)))(x);
      void close(value, 26);
      void close(found, [4 + 7 * 2, -6 - 7 * 3]);
    },
    // A gradient that is given instead of the one that the chain rule finds, and has a gradient in turn.
    'custom-grad': ({ backend, close }) => {
      const x = on(backend).floats([2, -3]);
      const cubed = customGrad(
        (v: Floats) => mul(square(v), v),
        ({ grad: g, inputs: [v] }) => [mul(g, square(v))],
      );
      const first = (v: Floats): Floats => grad((w: Floats) => sum(mul(cubed(w), 2)))(v);
      void close(cubed(x), [8, -27]);
      void close(first(x), [8, 18]);
      void close(grad((v: Floats) => sum(first(v)))(x), [8, -12]);
    },
    // Computed again on the way back, and of what it was not given too; the same, in the second order as well.
    // One tensor in two places of what it gives: both gradients count.
    'checkpoint-gives-one-twice': ({ backend, close }) => {
      const twice = checkpoint((v: Floats) => {
        const y = square(v);
        return { a: y, b: y };
      });
      const x = on(backend).floats([2, -3]);
      const found = grad((v: Floats) => {
        const { a, b } = twice(v);
        return add(sum(a), mul(sum(b), 2));
      })(x);
      void close(found, [12, -18]);
    },
    checkpoint: ({ backend, close }) => {
      const { floats } = on(backend);
      const [x, w] = [floats([2, -3]), floats([0.5, 0.25])];
      const loss = (again: boolean): ((v: Floats) => Floats) => {
        const block = (v: Floats): Floats => mul(square(mul(v, w)), v);
        return (v) => sum(mul(again ? checkpoint(block)(v) : block(v), v));
      };
      // Σ w²x⁴, so 4·w²·x³ and 12·w²·x².
      for (const again of [true, false]) {
        void close(grad(loss(again))(x), [8, -6.75]);
        void close(grad((v: Floats) => sum(grad(loss(again))(v)))(x), [12, 6.75]);
      }
    },
    // d²(x³)/dx² at 2 is 12, however x³ is written.
    'second-order/cube': ({ backend, close }) => {
      const x = on(backend).floats(2);
      for (const cube of [
        (v: Floats) => pow(v, 3),
        (v: Floats) => mul(square(v), v),
        (v: Floats) => mul(v, mul(v, v)),
      ]) {
        void close(grad(grad(cube))(x), 12);
        void close(grad(grad(grad(cube)))(x), 6);
      }
    },
    'second-order/stop-gradient': ({ backend, close }) => {
      const x = on(backend).floats([2, -3]);
      const first = (v: Floats): Floats => grad((w: Floats) => sum(mul(stopGradient(square(w)), square(w))))(v);
      // 2·x·[x²], where [] is held: x² itself is, in every order.
      void close(first(x), [16, -54]);
      void close(grad((v: Floats) => sum(first(v)))(x), [8, 18]);
    },
  };
}
