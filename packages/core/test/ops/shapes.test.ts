/** Ops that move elements about: against index arithmetic, on random shapes, and the laws they keep. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as core from '../../src/index.js';
import { scope, tensor, useBackend, type Shape, type Tensor } from '../../src/index.js';
import { float64Backend } from '../float64-backend.js';
import { expectElements, numbersOf, reader } from './oracle.js';
import { randomTensors } from './random-tensors.js';

await useBackend(float64Backend());

const anyShape = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 5 });
const random = randomTensors('shapes');
const check = <T>(arbitrary: fc.Arbitrary<T>, f: (value: T) => void): void =>
  fc.assert(
    fc.property(arbitrary, (value) => scope(() => f(value))),
    { numRuns: 100, seed: 11 },
  );
/** 0, 1, 2, … so that every element is its own row-major number. */
const counting = (shape: Shape): Tensor<'float32'> =>
  tensor(
    Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i),
    shape,
  );

describe('reshape, expandDims, squeeze', () => {
  it('keep the order of the elements', () => {
    check(
      anyShape.chain((shape) => fc.tuple(fc.constant(shape), fc.shuffledSubarray(shape, { minLength: shape.length }))),
      ([from, to]) => {
        const y = core.reshape(counting(from), to);
        expect(y.shape).toEqual(to);
        expect(numbersOf(y)).toEqual(numbersOf(counting(to)));
      },
    );
  });

  it('−1 is what remains', () => {
    scope(() => {
      expect(core.reshape(counting([2, 3, 5]), [-1]).shape).toEqual([30]);
      expect(core.reshape(counting([2, 3, 5]), [5, -1, 2]).shape).toEqual([5, 3, 2]);
      expect(core.reshape(counting([1]), []).shape).toEqual([]);
      expect(core.reshape(counting([]), [1, -1]).shape).toEqual([1, 1]);
      expect(core.reshape(counting([0, 3]), [-1, 3]).shape).toEqual([0, 3]);
    });
  });

  it('shares the buffer, and survives the other', () => {
    const x = counting([2, 3]);
    const y = core.reshape(x, [3, 2]);
    x.dispose();
    expect(numbersOf(y)).toEqual([0, 1, 2, 3, 4, 5]);
    y.dispose();
  });

  it('expandDims puts an axis anywhere, squeeze takes it away', () => {
    check(
      anyShape.chain((shape) =>
        fc.tuple(fc.constant(shape), fc.integer({ min: -shape.length - 1, max: shape.length })),
      ),
      ([shape, axis]) => {
        const x = counting(shape);
        const y = core.expandDims(x, axis);
        const at = axis < 0 ? axis + shape.length + 1 : axis;
        expect(y.shape).toEqual([...shape.slice(0, at), 1, ...shape.slice(at)]);
        expect(core.squeeze(y, axis).shape).toEqual(shape);
        expect(numbersOf(core.squeeze(y, axis))).toEqual(numbersOf(x));
      },
    );
  });

  it('squeeze takes all, one or several', () => {
    scope(() => {
      const x = counting([1, 3, 1, 1]);
      expect(core.squeeze(x).shape).toEqual([3]);
      expect(core.squeeze(x, -1).shape).toEqual([1, 3, 1]);
      expect(core.squeeze(x, [0, 2]).shape).toEqual([3, 1]);
      expect(core.squeeze(counting([3, 2])).shape).toEqual([3, 2]);
      expect(core.squeeze(counting([])).shape).toEqual([]);
    });
  });
});

describe('slice', () => {
  /** For one axis: its length, and a window inside of it. */
  const window = fc
    .tuple(fc.integer({ min: 1, max: 6 }), fc.constantFrom(-3, -2, -1, 1, 2, 3))
    .chain(([length, stride]) => fc.tuple(fc.constant(length), fc.constant(stride), fc.nat(length - 1)))
    .chain(([length, stride, begin]) => {
      const room = stride > 0 ? Math.ceil((length - begin) / stride) : Math.floor(begin / -stride) + 1;
      return fc.record({
        length: fc.constant(length),
        stride: fc.constant(stride),
        begin: fc.constantFrom(begin, begin - length),
        start: fc.constant(begin),
        size: fc.constantFrom(-1, ...Array.from({ length: room + 1 }, (_, i) => i)),
        room: fc.constant(room),
      });
    });

  it('any window, any stride', () => {
    check(fc.array(window, { maxLength: 4 }), (axes) => {
      const x = random.floats(axes.map((a) => a.length));
      const at = reader(x);
      const y = core.slice(x, axes.map((a) => a.begin), axes.map((a) => a.size), axes.map((a) => a.stride)); // prettier-ignore
      const shape = axes.map((a) => (a.size === -1 ? a.room : a.size));
      expectElements(y, shape, (...index) => at(...index.map((n, i) => axes[i]!.start + n * axes[i]!.stride)));
    });
  });

  it('takes trailing axes whole', () => {
    scope(() => {
      const at = reader(counting([3, 4, 2]));
      expectElements(core.slice(counting([3, 4, 2]), [1], [1]), [1, 4, 2], (i, j, k) => at(1 + i!, j!, k!));
      expectElements(core.slice(counting([3, 4, 2]), []), [3, 4, 2], (...index) => at(...index));
      expectElements(core.slice(counting([3, 4, 2]), [], [], [-1]), [3, 4, 2], (i, j, k) => at(2 - i!, j!, k!));
    });
  });

  it('empty windows and empty axes', () => {
    scope(() => {
      expect(core.slice(counting([3]), [3]).shape).toEqual([0]);
      expect(core.slice(counting([3]), [1], [0]).shape).toEqual([0]);
      expect(core.slice(counting([3, 0]), [1], [-1]).shape).toEqual([2, 0]);
      expect(core.slice(counting([0]), [0]).shape).toEqual([0]);
      expect(core.slice(counting([0]), [], [], [-1]).shape).toEqual([0]);
      expect(core.slice(counting([]), []).shape).toEqual([]);
    });
  });

  it('int32 and bool', () => {
    scope(() => {
      const ints = core.slice(tensor([1, 2, 3], [3], { dtype: 'int32' }), [1]);
      expect([ints.dtype, ...numbersOf(ints)]).toEqual(['int32', 2, 3]);
      const bools = core.slice(tensor([true, false]), [1]);
      expect([bools.dtype, ...numbersOf(bools)]).toEqual(['bool', 0]);
    });
  });
});

describe('reverse, transpose', () => {
  it('reverse turns the chosen axes around', () => {
    check(
      anyShape.chain((shape) => fc.tuple(fc.constant(shape), fc.subarray(shape.map((_, i) => i)))),
      ([shape, axes]) => {
        const x = random.floats(shape);
        const at = reader(x);
        const y = core.reverse(
          x,
          axes.map((a) => a - shape.length),
        );
        expectElements(y, shape, (...index) => at(...index.map((n, i) => (axes.includes(i) ? shape[i]! - 1 - n : n))));
        expect(numbersOf(core.reverse(core.reverse(x)))).toEqual(numbersOf(x));
      },
    );
  });

  it('transpose permutes axes, and back', () => {
    check(
      anyShape.chain((shape) =>
        fc.tuple(
          fc.constant(shape),
          fc.shuffledSubarray(
            shape.map((_, i) => i),
            { minLength: shape.length },
          ),
        ),
      ),
      ([shape, perm]) => {
        const x = random.floats(shape);
        const at = reader(x);
        const y = core.transpose(x, perm);
        expectElements(
          y,
          perm.map((axis) => shape[axis]!),
          (...index) => at(...shape.map((_, axis) => index[perm.indexOf(axis)]!)),
        );
        expect(
          numbersOf(
            core.transpose(
              y,
              perm.map((_, axis) => perm.indexOf(axis)),
            ),
          ),
        ).toEqual(numbersOf(x));
      },
    );
  });

  it('transpose reverses the axes by default', () => {
    scope(() => {
      const at = reader(counting([2, 3, 5]));
      expectElements(core.transpose(counting([2, 3, 5])), [5, 3, 2], (i, j, k) => at(k!, j!, i!));
      expect(numbersOf(core.transpose(counting([2, 3]), [-1, -2]))).toEqual([0, 3, 1, 4, 2, 5]);
      expect(core.transpose(counting([])).shape).toEqual([]);
    });
  });
});

describe('concat, split, stack, unstack', () => {
  const cut = anyShape
    .filter((shape) => shape.length > 0)
    .chain((shape) =>
      fc.tuple(fc.constant(shape), fc.nat(shape.length - 1), fc.array(fc.nat(3), { minLength: 1, maxLength: 4 })),
    );

  it('concat puts one after the other, split cuts them apart again', () => {
    check(cut, ([shape, axis, sizes]) => {
      const parts = sizes.map((n) => random.floats(shape.with(axis, n)));
      const joined = core.concat(parts, axis - shape.length);
      const readers = parts.map((part) => reader(part));
      expectElements(
        joined,
        shape.with(
          axis,
          sizes.reduce((a, b) => a + b),
        ),
        (...index) => {
          let k = index[axis]!;
          let which = 0;
          while (k >= sizes[which]!) k -= sizes[which++]!;
          return readers[which]!(...index.with(axis, k));
        },
      );
      core.split(joined, sizes, axis).forEach((part, i) => {
        expect(part.shape).toEqual(parts[i]!.shape);
        expect(numbersOf(part)).toEqual(numbersOf(parts[i]!));
      });
    });
  });

  it('split into equal parts, along the last axis by default', () => {
    scope(() => {
      const [a, b] = core.split(counting([2, 6]), 2);
      expect(numbersOf(a!)).toEqual([0, 1, 2, 6, 7, 8]);
      expect(numbersOf(b!)).toEqual([3, 4, 5, 9, 10, 11]);
      expect(core.split(counting([4, 3]), 4, 0).map((part) => part.shape)).toEqual([[1, 3], [1, 3], [1, 3], [1, 3]]); // prettier-ignore
      expect(core.split(counting([0]), 3, 0).map((part) => part.shape)).toEqual([[0], [0], [0]]);
      expect(core.split(tensor([true, false]), 2).map((part) => part.dtype)).toEqual(['bool', 'bool']);
    });
  });

  it('stack makes an axis, unstack takes it apart', () => {
    check(
      anyShape.chain((shape) =>
        fc.tuple(
          fc.constant(shape),
          fc.integer({ min: -shape.length - 1, max: shape.length }),
          fc.integer({ min: 1, max: 3 }),
        ),
      ),
      ([shape, axis, n]) => {
        const xs = Array.from({ length: n }, () => random.floats(shape));
        const at = axis < 0 ? axis + shape.length + 1 : axis;
        const y = core.stack(xs, axis);
        const readers = xs.map((x) => reader(x));
        expectElements(y, shape.toSpliced(at, 0, n), (...index) => readers[index[at]!]!(...index.toSpliced(at, 1)));
        core.unstack(y, axis).forEach((x, i) => {
          expect(x.shape).toEqual(shape);
          expect(numbersOf(x)).toEqual(numbersOf(xs[i]!));
        });
      },
    );
  });

  it('unstack of an empty axis is an empty list', () => {
    scope(() => expect(core.unstack(counting([0, 3]))).toEqual([]));
  });

  it('stack along the first axis by default', () => {
    scope(() => expect(core.stack([counting([3]), counting([3])]).shape).toEqual([2, 3]));
  });
});

describe('pad, tile, broadcastTo', () => {
  it('pad puts margins of one value around', () => {
    const margins = anyShape.chain((shape) =>
      fc.tuple(
        fc.constant(shape),
        fc.array(fc.tuple(fc.nat(2), fc.nat(2)), { minLength: shape.length, maxLength: shape.length }),
      ),
    );
    check(margins, ([shape, around]) => {
      const x = random.floats(shape);
      const at = reader(x);
      const y = core.pad(x, around, -7.5);
      expectElements(
        y,
        shape.map((n, i) => n + around[i]![0] + around[i]![1]),
        (...index) => {
          const inner = index.map((n, i) => n - around[i]![0]);
          return inner.every((n, i) => n >= 0 && n < shape[i]!) ? at(...inner) : -7.5;
        },
      );
    });
    scope(() => {
      expect(numbersOf(core.pad(tensor([1, 2]), [[1, 2]]))).toEqual([0, 1, 2, 0, 0]);
      expect(numbersOf(core.pad(tensor([true]), [[1, 1]], 1))).toEqual([1, 1, 1]);
      expect(numbersOf(core.pad(tensor([5], [1], { dtype: 'int32' }), [[0, 1]], -2))).toEqual([5, -2]);
    });
  });

  it('tile repeats along each axis', () => {
    const repeats = anyShape.chain((shape) =>
      fc.tuple(fc.constant(shape), fc.array(fc.nat(3), { minLength: shape.length, maxLength: shape.length })),
    );
    check(repeats, ([shape, times]) => {
      const x = random.floats(shape);
      const at = reader(x);
      expectElements(
        core.tile(x, times),
        shape.map((n, i) => n * times[i]!),
        (...index) => at(...index.map((n, i) => n % shape[i]!)),
      );
    });
    scope(() => {
      expect(numbersOf(core.tile(tensor([true, false]), [2]))).toEqual([1, 0, 1, 0]);
      expect(core.tile(tensor([1, 2], [2], { dtype: 'int32' }), [2]).dtype).toBe('int32');
    });
  });

  it('broadcastTo repeats axes of length 1, and puts axes before', () => {
    const target = anyShape.chain((shape) =>
      fc.tuple(fc.constant(shape), fc.nat(shape.length), fc.array(fc.boolean(), { minLength: 5, maxLength: 5 })),
    );
    check(target, ([shape, drop, ones]) => {
      const from = shape.map((n, i) => (ones[i]! ? 1 : n)).slice(drop);
      const x = random.floats(from);
      const at = reader(x);
      expectElements(core.broadcastTo(x, shape), shape, (...index) =>
        at(...from.map((n, i) => (n === 1 ? 0 : index[i + drop]!))),
      );
    });
  });

  it('broadcastTo is exact for special values and every dtype', () => {
    scope(() => {
      const specials = [NaN, Infinity, -Infinity, -0, 1e300];
      expectElements(core.broadcastTo(tensor(specials), [2, 5]), [2, 5], (_, j) => specials[j!]!);
      expect(numbersOf(core.broadcastTo(tensor([[true], [false]]), [2, 2]))).toEqual([1, 1, 0, 0]);
      expect(core.broadcastTo(tensor([3], [1], { dtype: 'int32' }), [2]).dtype).toBe('int32');
    });
  });
});
