/** Gradients of a function of tensors, by the chain rule, backwards over what a tape recorded. */
import { full } from './create.js';
import { checkFunction, GradientError } from './errors.js';
import { add } from './ops/add.js';
import { reshape } from './ops/reshape.js';
import { owns, scope } from './scope.js';
import { withTape } from './tape.js';
import { Tensor } from './tensor.js';
import { checkTree, leaves, mapTree } from './tree.js';

/**
 * The value of `f` and its gradient with respect to every float32 tensor of its first argument, as a tree of the same
 * form. Nests: the gradient of a gradient is second order.
 *
 *     const [loss, grads] = valueAndGrad((w: Tensor<'float32'>) => sum(square(w)))(w);
 *
 * @throws GradientError when `f` gives a promise, or anything but a float32 scalar
 */
export function valueAndGrad<P, A extends readonly unknown[]>(
  f: (params: P, ...args: A) => Tensor<'float32'>,
): (params: P, ...args: A) => readonly [value: Tensor<'float32'>, grads: P] {
  checkFunction('valueAndGrad', f, 'valueAndGrad((params) => …)');
  return (params, ...args) =>
    scope(() => {
      checkTree('valueAndGrad', 'params', params);
      for (const x of leaves(params)) Tensor.bufferOf(x, 'valueAndGrad');
      const watched = leaves(params).filter((x) => x.dtype === 'float32');
      return withTape(
        watched,
        () => f(params, ...args),
        (value, walk) => {
          checkScalar(value);
          const seed = full([], 1, { backend: value.backend });
          const grads = walk([value], [seed], (a, b) => add(a, b));
          const byLeaf = new Map(watched.map((x, i) => [x, grads[i]!]));
          // Each result is a tensor of its own, so that it can be disposed alone: one may be the gradient of several
          // leaves, and a function may hand out what belongs to its caller.
          const given = new Set<Tensor>();
          const fresh = <T extends Tensor>(x: T): T => {
            if (given.has(x) || !owns(x)) return reshape(x, x.shape) as T;
            given.add(x);
            return x;
          };
          return [
            fresh(value),
            mapTree(params, (x) => fresh(byLeaf.get(x) ?? full(x.shape, 0, { dtype: x.dtype, backend: x.backend }))),
          ] as const;
        },
      );
    });
}

/** As `valueAndGrad`, without the value. */
export function grad<P, A extends readonly unknown[]>(
  f: (params: P, ...args: A) => Tensor<'float32'>,
): (params: P, ...args: A) => P {
  const both = valueAndGrad(f);
  return (params, ...args) => scope(() => both(params, ...args)[1]);
}

function checkScalar(value: unknown): asserts value is Tensor<'float32'> {
  if (value instanceof Promise) {
    value.catch(() => undefined);
    throw new GradientError(
      'grad',
      'the function gave a promise',
      {},
      'recording is synchronous: await before or after',
    );
  }
  if (!Tensor.is(value) || value.rank !== 0 || value.dtype !== 'float32') {
    const got = Tensor.is(value) ? `${value.dtype} [${value.shape.join(', ')}]` : typeof value;
    throw new GradientError('grad', 'the function must give one float32 scalar', { got }, 'sum or mean makes one');
  }
  Tensor.bufferOf(value, 'grad');
}
