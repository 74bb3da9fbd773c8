/** Ops on shapes by chance, of ranks 0 to 5, broadcast on both sides: results and gradients. */
import * as core from '@recurra/core';
import { abs, add, matmul, mul, sum, valueAndGrad, where, type Backend, type Tensor } from '@recurra/core';
import type { Numbers } from '../../case.js';
import { on, type Floats } from '../on.js';
import type { Problem } from './beside-reference.js';
import type { Draw } from './draw.js';

/** What f gives, and the gradients of Σ y·g by each of its inputs. */
function withGradients(
  inputs: readonly Numbers[],
  draw: Draw,
  f: (xs: readonly Floats[], backend: Backend) => readonly Floats[],
): (backend: Backend) => readonly Tensor[] {
  const pick = draw.whole(0, 0x7fffffff);
  return (backend) => {
    const xs = inputs.map((x) => on(backend).floats(x));
    const outputs = f(xs, backend);
    const g = outputs.map(({ shape, size }, i) =>
      on(backend).floats({
        shape,
        data: Array.from({ length: size }, (_, j) => (((pick + 37 * i + 11 * j) % 31) - 15.5) / 16),
      }),
    );
    const [, grads] = valueAndGrad((given: readonly Floats[]) =>
      f(given, backend)
        .map((y, i) => sum(mul(y, g[i]!)))
        .reduce((total, term) => add(total, term)),
    )(xs);
    return [...outputs, ...grads];
  };
}

/** A shape, and two that broadcast to it: axes of 1 and missing ones on either side. */
function sides(draw: Draw): [number[], number[]] {
  const whole = draw.shape(0, 5, 3);
  const narrow = (): number[] => {
    const own = whole.map((n) => (draw.whole(0, 2) === 0 ? 1 : n));
    return own.slice(draw.coin() ? 0 : draw.whole(0, whole.length));
  };
  return draw.coin() ? [narrow(), narrow()] : [whole, narrow()];
}

const names = ['add', 'sub', 'mul', 'div', 'maximum', 'minimum', 'pow', 'where'] as const;

export const broadcast: Problem = (draw) => {
  const [left, right] = sides(draw);
  const name = draw.of(names);
  const [a, b, c] = [draw.numbers(left), draw.numbers(right), draw.numbers(left)];
  return withGradients([a, b, c], draw, ([x, y, z]) => {
    // Neither a base below 0 nor a divisor near 0: both are cases of their own.
    if (name === 'where') return [where(core.greater(z!, 0), x!, y!)];
    if (name === 'pow') return [core.pow(add(abs(x!), 0.5), y!), z!];
    if (name === 'div') return [core.div(x!, add(abs(y!), 0.25)), z!];
    return [core[name](x!, y!), z!];
  });
};

export const product: Problem = (draw) => {
  const [transposeA, transposeB] = [draw.coin(), draw.coin()];
  const [rows, inner, columns] = [draw.whole(1, 6), draw.of([1, 3, 5, 9]), draw.whole(1, 6)];
  const [left, right] = sides(draw).map((lead) => lead.slice(-2)) as [number[], number[]];
  const a = draw.numbers([...left, ...(transposeA ? [inner, rows] : [rows, inner])]);
  const b = draw.numbers([...right, ...(transposeB ? [columns, inner] : [inner, columns])]);
  return withGradients([a, b], draw, ([x, y]) => [matmul(x!, y!, { transposeA, transposeB })]);
};

export const reduction: Problem = (draw) => {
  const x = draw.numbers(draw.shape(0, 5, 4));
  const axis = x.shape.flatMap((_, i) => (draw.coin() ? [draw.coin() ? i : i - x.shape.length] : []));
  const how = { axis, keepDims: draw.coin() };
  const name = draw.of(['sum', 'mean', 'max', 'min', 'logSumExp'] as const);
  return withGradients([x], draw, ([v]) => [core[name](v!, how)]);
};

/** Where elements go: a permutation, a slice with steps, rows by their numbers, and back. */
export const movement: Problem = (draw) => {
  const shape = draw.shape(1, 5, 4);
  const x = draw.numbers(shape);
  const perm: number[] = [];
  for (const i of shape.keys()) perm.splice(draw.whole(0, i), 0, i);
  const steps = shape.map(() => draw.of([1, 1, 2, -1, -2]));
  const begin = shape.map((n) => draw.whole(0, n - 1));
  const sizes = shape.map((n, i) => {
    const room = steps[i]! > 0 ? n - 1 - begin[i]! : begin[i]!;
    return draw.whole(1, 1 + Math.floor(room / Math.abs(steps[i]!)));
  });
  const axis = draw.whole(0, shape.length - 1);
  const count = draw.whole(1, 6);
  const indices = Array.from({ length: count }, () => draw.whole(-1, shape[axis]!));
  return withGradients([x], draw, ([v], backend) => {
    const taken = core.gather(v!, on(backend).ints(indices), axis);
    return [
      core.transpose(v!, perm),
      core.slice(v!, begin, sizes, steps),
      taken,
      core.scatterAdd(taken, on(backend).ints(indices), shape[axis]! + 1, axis),
      core.concat([v!, core.reverse(v!, axis)], axis),
      core.tile(
        v!,
        shape.map((_, i) => 1 + ((i + count) % 2)),
      ),
    ];
  });
};
