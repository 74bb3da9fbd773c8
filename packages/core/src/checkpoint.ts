/**
 * Memory for time: a piece of a computation of which a tape holds the arguments and the results, and nothing between. On the
 * way back the piece runs once more.
 *
 * Griewank & Walther 2000; Chen et al. 2016, "Training deep nets with sublinear memory cost".
 */
import { checkFunction, GradientError } from './errors.js';
import { add } from './ops/add.js';
import { reshape } from './ops/reshape.js';
import { owns, scope } from './scope.js';
import { sameShape } from './shape.js';
import { record, taking, withTape, type Rule } from './tape.js';
import type { Tensor } from './tensor.js';
import { leaves, mapTree, type Tree } from './tree.js';

/**
 * `f`, with the same results and the same gradients, of which a tape remembers only the arguments and the results: its
 * inside is computed a second time on the way back, and then freed.
 *
 *     const block = checkpoint((params: Params, x: Floats) => deep(params, x));
 *
 * `f` is pure: the second time it gives the same (random masks from a fixed seed do). Tensors that it uses without being
 * given them get their gradients too, and have to be there until the gradient is. A second-order gradient remembers
 * everything.
 *
 * @param f gives a tree of tensors
 * @throws GradientError on the way back, when `f` gives another number of tensors than the first time, or other shapes
 */
export function checkpoint<A extends readonly unknown[], R extends Tree>(f: (...args: A) => R): (...args: A) => R {
  checkFunction('checkpoint', f, 'checkpoint((params, x) => …)');
  return (...args) =>
    taking(
      () =>
        scope(() => {
          // Tapes follow values: each result is one of its own, though `f` may hand out an argument, or one tensor twice.
          const given = new Set<Tensor>();
          return mapTree(f(...args), (y) => {
            if (given.has(y) || !owns(y)) return reshape(y, y.shape);
            given.add(y);
            return y;
          }) as R;
        }),
      (value, taken) => {
        const known = new Set(taken.map((x) => x.id));
        const others = leaves(args).filter((x) => !known.has(x.id));
        if (taken.length > 0) record('checkpoint', [...taken, ...others], leaves(value), again(f, args));
      },
    );
}

function again<A extends readonly unknown[]>(f: (...args: A) => Tree, args: A): Rule {
  return (grads, held) =>
    scope(() => {
      // The arguments themselves may be disposed by now; what the tape holds is not.
      const byId = new Map(held.inputs.map((x) => [x!.id, x!]));
      const same = args.map((arg) => mapTree(arg, (x) => byId.get(x.id)!)) as unknown as A;
      const watched = held.inputs.filter((_, i) => held.needs[i]) as Tensor[];
      const found = withTape(
        watched,
        () => scope(() => f(...same)),
        (value, walk) => {
          const ys = leaves(value);
          const asBefore = (y: Tensor, i: number): boolean => sameShape(y.shape, held.outputs[i]!.shape);
          if (ys.length !== grads.length || !ys.every(asBefore)) {
            const facts = { first: held.outputs.map(String), again: ys.map(String) };
            throw new GradientError('checkpoint', 'the function gave something else', facts, 'it has to be pure');
          }
          return walk(ys, grads, (a, b) => add(a as Tensor<'float32'>, b as Tensor<'float32'>));
        },
      );
      const byInput = new Map(watched.map((x, i) => [x.id, found[i]!]));
      return held.inputs.map((x) => byInput.get(x!.id) ?? null);
    });
}
