/**
 * Every kernel at ranks 0 to 5, with axes of 1 and of 0, beside the reference; and what kernels that only move numbers do to
 * NaN, infinities, zeros of both signs and denormals: nothing.
 */
import type { DType, Kernels, Operand, Shape, Spec, Tensor } from '@recurra/core';
import { defineCases, type CaseEntry, type Numbers } from '../../case.js';
import { besideReference } from '../drawn/beside-reference.js';
import type { Draw } from '../drawn/draw.js';
import { kernel, on, type On } from '../on.js';

type Call = (kernels: Kernels, operands: readonly Operand[], out: Spec) => object;
/** Draws operands of a rank and says what to call with them. */
type Edge = (draw: Draw, rank: number) => Made;
interface Made {
  readonly inputs: readonly [kind: keyof On, numbers: Numbers][];
  readonly shape: Shape;
  readonly dtype?: DType;
  readonly call: Call;
}

const sizeOf = (shape: Shape): number => shape.reduce((product, n) => product * n, 1);
/** A shape in which every fourth one has an axis of 0. */
const ranked = (draw: Draw, rank: number, shortest = draw.whole(0, 3) === 0 ? 0 : 1): number[] =>
  Array.from({ length: rank }, () => draw.whole(shortest, 3));
const bits = (draw: Draw, shape: Shape): Numbers => ({
  shape,
  data: Array.from({ length: sizeOf(shape) }, () => draw.whole(0, 1)),
});
const places = (draw: Draw, shape: Shape, length: number): Numbers => ({
  shape,
  data: Array.from({ length: sizeOf(shape) }, () => draw.whole(-1, length)),
});
/** Shapes that broadcast to one: axes of 1, and missing ones, on every side; now and then one is all of it. */
const narrowed = (draw: Draw, shape: readonly number[]): number[] => {
  if (draw.whole(0, 2) === 0) return [...shape];
  return shape.map((n) => (draw.whole(0, 2) > 0 ? n : 1)).slice(draw.coin() ? 0 : draw.whole(0, shape.length));
};
const broadcast = (shapes: readonly Shape[]): number[] => {
  const rank = Math.max(...shapes.map((s) => s.length));
  return Array.from({ length: rank }, (_, i) =>
    shapes.map((s) => s[i - rank + s.length] ?? 1).reduce((a, b) => (a === 1 ? b : a)),
  );
};

const edges: Readonly<Record<string, Edge>> = {
  unary(draw, rank) {
    const x = draw.numbers(ranked(draw, rank));
    return { inputs: [['floats', x]], shape: x.shape, call: (k, [p], out) => k.unary('tanh', p!, out) };
  },
  cast(draw, rank) {
    const x = draw.numbers(ranked(draw, rank), 3);
    return { inputs: [['floats', x]], shape: x.shape, dtype: 'int32', call: (k, [p], out) => k.cast(p!, out) };
  },
  binary(draw, rank) {
    const whole = ranked(draw, rank);
    const [a, b] = [narrowed(draw, whole), narrowed(draw, whole)].map((s) => draw.numbers(s)) as [Numbers, Numbers];
    const op = draw.of(['add', 'sub', 'mul', 'maximum', 'minimum'] as const);
    const shape = broadcast([a.shape, b.shape]);
    return { inputs: [['floats', a], ['floats', b]], shape, call: (k, [p, q], out) => k.binary(op, p!, q!, out) }; // prettier-ignore
  },
  compare(draw, rank) {
    const whole = ranked(draw, rank);
    const [a, b] = [narrowed(draw, whole), narrowed(draw, whole)].map((s) => places(draw, s, 2)) as [Numbers, Numbers];
    const op = draw.of(['equal', 'less', 'lessEqual'] as const);
    const shape = broadcast([a.shape, b.shape]);
    return { inputs: [['ints', a], ['ints', b]], shape, dtype: 'bool', call: (k, [p, q], out) => k.compare(op, p!, q!, out) }; // prettier-ignore
  },
  where(draw, rank) {
    const whole = ranked(draw, rank);
    const c = bits(draw, narrowed(draw, whole));
    const [a, b] = [narrowed(draw, whole), narrowed(draw, whole)].map((s) => draw.numbers(s)) as [Numbers, Numbers];
    const shape = broadcast([c.shape, a.shape, b.shape]);
    return { inputs: [['bools', c], ['floats', a], ['floats', b]], shape, call: (k, [m, p, q], out) => k.where(m!, p!, q!, out) }; // prettier-ignore
  },
  reduce(draw, rank) {
    // A max of nothing is an error, which is core's.
    const op = draw.of(['sum', 'max', 'min'] as const);
    const x = draw.numbers(ranked(draw, Math.max(1, rank), op === 'sum' ? 0 : 1));
    const first = draw.whole(0, x.shape.length - 1);
    const axes = x.shape.flatMap((_, axis) => (axis === first || draw.coin() ? [axis] : []));
    const shape = x.shape.filter((_, axis) => !axes.includes(axis));
    return { inputs: [['floats', x]], shape, call: (k, [p], out) => k.reduce(op, p!, axes, out) };
  },
  argReduce(draw, rank) {
    const x = draw.numbers(ranked(draw, Math.max(1, rank), 1));
    const axis = draw.whole(0, x.shape.length - 1);
    const op = draw.of(['argMax', 'argMin'] as const);
    const shape = x.shape.filter((_, i) => i !== axis);
    return { inputs: [['floats', x]], shape, dtype: 'int32', call: (k, [p], out) => k.argReduce(op, p!, axis, out) };
  },
  matmul(draw, rank) {
    const [n, k, m] = [draw.whole(1, 4), draw.whole(0, 4), draw.whole(1, 4)];
    const options = { transposeA: draw.coin(), transposeB: draw.coin() };
    const whole = ranked(draw, Math.max(0, rank - 2), 1);
    const [left, right] = [narrowed(draw, whole), narrowed(draw, whole)];
    const a = draw.numbers([...left, ...(options.transposeA ? [k, n] : [n, k])]);
    const b = draw.numbers([...right, ...(options.transposeB ? [m, k] : [k, m])]);
    const shape = [...broadcast([left, right]), n, m];
    return { inputs: [['floats', a], ['floats', b]], shape, call: (on_, [p, q], out) => on_.matmul(p!, q!, options, out) }; // prettier-ignore
  },
  transpose(draw, rank) {
    const x = draw.numbers(ranked(draw, rank));
    const perm: number[] = [];
    for (const axis of x.shape.keys()) perm.splice(draw.whole(0, axis), 0, axis);
    const shape = perm.map((axis) => x.shape[axis]!);
    return { inputs: [['floats', x]], shape, call: (k, [p], out) => k.transpose(p!, perm, out) };
  },
  slice(draw, rank) {
    const x = draw.numbers(Array.from({ length: rank }, () => draw.whole(2, 4)));
    const strides = x.shape.map(() => draw.of([1, 2, -1, -1, -2]));
    const begin = x.shape.map((n, i) => (strides[i]! > 0 ? draw.whole(0, 1) : n - 1 - draw.whole(0, 1)));
    const shape = x.shape.map((n, i) => {
      const room = strides[i]! > 0 ? n - 1 - begin[i]! : begin[i]!;
      return 1 + Math.floor(room / Math.abs(strides[i]!));
    });
    return { inputs: [['floats', x]], shape, call: (k, [p], out) => k.slice(p!, begin, strides, out) };
  },
  concat(draw, rank) {
    const whole = ranked(draw, Math.max(1, rank), 1);
    const axis = draw.whole(0, whole.length - 1);
    const xs = Array.from({ length: draw.whole(1, 4) }, () => draw.numbers(whole.with(axis, draw.whole(0, 3))));
    const shape = whole.with(axis, xs.reduce((sum, x) => sum + x.shape[axis]!, 0)); // prettier-ignore
    return { inputs: xs.map((x) => ['floats', x]), shape, call: (k, operands, out) => k.concat(operands, axis, out) };
  },
  gather(draw, rank) {
    const x = draw.numbers(ranked(draw, Math.max(1, rank), 1));
    const axis = draw.whole(0, x.shape.length - 1);
    const indices = places(draw, ranked(draw, draw.whole(0, 2)), x.shape[axis]!);
    const shape = x.shape.toSpliced(axis, 1, ...indices.shape);
    return { inputs: [['floats', x], ['ints', indices]], shape, call: (k, [p, q], out) => k.gather(p!, q!, axis, out) }; // prettier-ignore
  },
  scatterAdd(draw, rank) {
    const axis = draw.whole(0, Math.max(0, rank - 1));
    const length = draw.whole(1, 4);
    const shape = ranked(draw, Math.max(1, rank), 1).with(axis, length);
    const indices = places(draw, ranked(draw, draw.whole(0, 2)), length);
    const updates = draw.numbers(shape.toSpliced(axis, 1, ...indices.shape));
    return { inputs: [['floats', updates], ['ints', indices]], shape, call: (k, [p, q], out) => k.scatterAdd(p!, q!, axis, out) }; // prettier-ignore
  },
};

const ranks = [0, 1, 2, 3, 4, 5].flatMap((rank) => [rank, rank, rank, rank, rank]);
const everyRank = (name: string, edge: Edge): CaseEntry =>
  besideReference(0, `${name}/every-rank`, (draw) => {
    const made = ranks.map((rank) => edge(draw, rank));
    return (backend) =>
      made.map(({ inputs, shape, dtype = 'float32', call }) => {
        const operands = inputs.map(([kind, numbers]): Tensor => on(backend)[kind](numbers));
        return kernel(shape, dtype, operands, call);
      });
  });

/** What numbers may be, and must still be when they have been moved; denormals may flush to zero. */
const strange = [NaN, -0, Infinity, 0, -Infinity, 1.5, NaN, -2.25];
const denormals = [1e-40, -1e-40, 2 ** -149, 1.5];

const moves: Readonly<Record<string, { at: readonly number[]; call: Call }>> = {
  transpose: { at: [0, 4, 1, 5, 2, 6, 3, 7], call: (k, [x], out) => k.transpose(x!, [1, 0], out) },
  slice: { at: [7, 6, 5, 4, 3, 2, 1, 0], call: (k, [x], out) => k.slice(x!, [1, 3], [-1, -1], out) },
  concat: { at: [0, 1, 2, 3, 4, 5, 6, 7], call: (k, [x], out) => k.concat([x!], 0, out) },
  gather: { at: [4, 5, 6, 7, 0, 1, 2, 3], call: (k, [x, i], out) => k.gather(x!, i!, 0, out) },
  scatterAdd: { at: [4, 5, 6, 7, 0, 1, 2, 3], call: (k, [x, i], out) => k.scatterAdd(x!, i!, 0, out) },
};

const moved = ({ at, call }: { at: readonly number[]; call: Call }, shape: Shape): CaseEntry => ({
  async wait({ backend, close, same }) {
    const { floats, ints } = on(backend);
    const rows = ints([1, 0]);
    const x = floats({ shape: [2, 4], data: strange });
    const y = kernel(shape, 'float32', [x, rows], call);
    await close(y, { shape, data: at.map((i) => strange[i]!) });
    const small = floats({ shape: [2, 4], data: [...denormals, ...denormals] });
    const z = kernel(shape, 'float32', [small, rows], call);
    const held = backend.precision === 64 ? denormals : denormals.map(Math.fround);
    const found = Array.from(await z.raw());
    await same(
      found,
      found.map((v, i) => (v === 0 && at[i]! % 4 < 3 ? 0 : held[at[i]! % 4]!)),
    );
    for (const each of [rows, x, y, small, z]) each.dispose();
  },
});

export const edgeCases = defineCases('kernels', {
  ...Object.fromEntries(Object.entries(edges).map(([name, edge]) => [`${name}/every-rank`, everyRank(name, edge)])),
  ...Object.fromEntries(
    Object.entries(moves).map(([name, move]) => [
      `${name}/strange-values`,
      moved(move, name === 'transpose' ? [4, 2] : [2, 4]),
    ]),
  ),
});
