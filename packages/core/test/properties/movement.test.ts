/** What goes somewhere can be brought back, and its gradient with it. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as core from '../../src/index.js';
import {
  concat,
  gather,
  mul,
  pad,
  reshape,
  reverse,
  scatterAdd,
  scope,
  slice,
  split,
  sum,
  transpose,
  useBackend,
} from '../../src/index.js';
import { float64Backend } from '../float64-backend.js';
import { numbersOf } from '../ops/oracle.js';
import { floats, gradients, ints, near, often, plain, shape, type Floats } from './shapes.js';

await useBackend(float64Backend());

/** Back where it was: the values are those of x, and the gradient is that of x itself. */
function expectIdentity(of: readonly number[], there: (x: Floats) => Floats): void {
  scope(() => {
    const x = floats('x', of);
    expect(plain(there(x))).toEqual(plain(x));
    expect(gradients(([v]) => there(v!), [x])).toEqual(gradients(([v]) => mul(v!, 1), [x]));
  });
}

const withAxis = shape({ min: 1 }).chain((of) => fc.tuple(fc.constant(of), fc.nat({ max: of.length - 1 })));

describe('there and back', () => {
  it('transpose, by the inverse permutation', () => {
    const permuted = shape().chain((of) =>
      fc.tuple(fc.constant(of), fc.shuffledSubarray([...of.keys()], { minLength: of.length })),
    );
    const property = fc.property(permuted, ([of, perm]) =>
      expectIdentity(of, (x) => {
        const y = transpose(x, perm);
        expect(y.shape).toEqual(perm.map((axis) => of[axis]));
        return transpose(y, [...perm.keys()].map((axis) => perm.indexOf(axis))); // prettier-ignore
      }),
    );
    fc.assert(property, often);
  });
  it('reshape, with an axis that is worked out', () => {
    const property = fc.property(shape({}, 1), (of) => expectIdentity(of, (x) => reshape(reshape(x, [-1, 1]), of)));
    fc.assert(property, often);
  });
  it('reverse, twice', () => {
    const property = fc.property(withAxis, ([of, axis]) => expectIdentity(of, (x) => reverse(reverse(x, axis), axis)));
    fc.assert(property, often);
  });
  it('split and concat', () => {
    const cut = withAxis.chain(([of, axis]) =>
      fc.tuple(fc.constant(of), fc.constant(axis), fc.nat({ max: of[axis]! })),
    );
    const property = fc.property(cut, ([of, axis, at]) =>
      expectIdentity(of, (x) => concat(split(x, [at, of[axis]! - at], axis) as Floats[], axis)),
    );
    fc.assert(property, often);
  });
  it('pad and slice', () => {
    const padded = shape().chain((of) =>
      fc.tuple(
        fc.constant(of),
        fc.array(fc.tuple(fc.nat(2), fc.nat(2)), { minLength: of.length, maxLength: of.length }),
      ),
    );
    const property = fc.property(padded, ([of, widths]) =>
      expectIdentity(of, (x) => {
        const y = pad(x, widths, 7);
        expect(y.shape).toEqual(of.map((n, i) => widths[i]![0] + n + widths[i]![1]));
        return slice(y, widths.map(([before]) => before), of); // prettier-ignore
      }),
    );
    fc.assert(property, often);
  });
});

describe('gather and scatterAdd', () => {
  const taken = withAxis.chain(([of, axis]) =>
    fc.tuple(fc.constant(of), fc.constant(axis), fc.array(fc.integer({ min: -1, max: 3 }), { maxLength: 5 })),
  );
  it('are each other turned round: ⟨gather(x), g⟩ = ⟨x, scatterAdd(g)⟩, so each is the gradient of the other', () => {
    const property = fc.property(taken, ([of, axis, places]) =>
      scope(() => {
        const [x, rows] = [floats('x', of), ints(places)];
        const y = gather(x, rows, axis);
        expect(y.shape).toEqual(of.with(axis, places.length));
        const g = floats('cotangent', y.shape);
        const back = scatterAdd(g, rows, of[axis]!, axis);
        expect(near(numbersOf(sum(mul(y, g))), numbersOf(sum(mul(x, back))))).toBe(true);
        expect(near(gradients(([v]) => gather(v!, rows, axis), [x])[0]!, numbersOf(back))).toBe(true);
        const again = gather(floats('cotangent', of), rows, axis);
        expect(near(gradients(([v]) => scatterAdd(v!, rows, of[axis]!, axis), [g])[0]!, numbersOf(again))).toBe(true);
      }),
    );
    fc.assert(property, often);
  });
});

describe('reductions', () => {
  const reduced = shape({}, 1).chain((of) => fc.tuple(fc.constant(of), fc.subarray([...of.keys()]), fc.boolean()));
  it.each(['sum', 'mean', 'max', 'min', 'logSumExp'] as const)(
    '%s over several axes is one axis after another',
    (name) => {
      const property = fc.property(reduced, ([of, axes, keepDims]) =>
        scope(() => {
          const x = floats('x', of);
          const y = core[name](x, { axis: axes, keepDims });
          expect(y.shape).toEqual(of.flatMap((n, i) => (axes.includes(i) ? (keepDims ? [1] : []) : [n])));
          const slowly = (v: Floats): Floats =>
          reshape(axes.reduce((held: Floats, axis) => core[name](held, { axis, keepDims: true }), v), y.shape); // prettier-ignore
          expect(near(numbersOf(y), numbersOf(slowly(x)))).toBe(true);
          const [found, expected] = [
            gradients(([v]) => core[name](v!, { axis: axes, keepDims }), [x]),
            gradients(([v]) => slowly(v!), [x]),
          ];
          expect(near(found[0]!, expected[0]!)).toBe(true);
        }),
      );
      fc.assert(property, often);
    },
  );
});
