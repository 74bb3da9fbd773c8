/** Who frees what: after each of these the runner finds every buffer back. */
import { gruCell, lstmCell, rnn } from '@recurra/cells';
import {
  add,
  broadcastTo,
  cast,
  concat,
  customGrad,
  exp,
  grad,
  keep,
  matmul,
  max,
  mul,
  pad,
  reshape,
  scope,
  slice,
  square,
  sum,
  tanh,
  tile,
  transfer,
  transpose,
  valueAndGrad,
  type Tensor,
} from '@recurra/core';
import { defineCases, type Case } from '../case.js';
import { on, type Floats } from './on.js';
import { random } from './random.js';

const needsLive: NonNullable<Case['skip']> = (backend) =>
  backend.live === undefined ? `${backend.name} has no live(): buffers cannot be counted` : undefined;

export const lifecycleCases = defineCases('lifecycle', {
  'scope/frees-all-but-its-result': {
    skip: needsLive,
    run({ backend, same, close }) {
      const before = backend.live!();
      const y = scope(() => {
        const x = on(backend).floats([1, 2]);
        return { sum: add(x, 1), parts: [mul(x, 2)] };
      });
      void same(backend.live!(), before + 2);
      void close(y.sum, [2, 3]);
      void close(y.parts[0]!, [2, 4]);
    },
  },
  // What comes out in a map, a set or a list of lists comes out alive.
  'scope/keeps-maps-and-sets': ({ backend, close }) => {
    const x = on(backend).floats([1, 2]);
    const made = scope(() => ({ map: new Map([['a', mul(x, 2)]]), set: new Set([mul(x, 3)]), list: [[mul(x, 4)]] }));
    void close(made.map.get('a')!, [2, 4]);
    void close([...made.set][0]!, [3, 6]);
    void close(made.list[0]![0]!, [4, 8]);
    for (const y of [...made.map.values(), ...made.set]) y.dispose();
  },
  'scope/nested': {
    skip: needsLive,
    run({ backend, same, close }) {
      const before = backend.live!();
      const outer = scope(() => {
        const x = on(backend).floats([1, 2]);
        const y = scope(() => exp(mul(x, 0)));
        void same(backend.live!(), before + 2);
        return add(y, x);
      });
      void same(backend.live!(), before + 1);
      void close(outer, [2, 3]);
    },
  },
  'scope/frees-when-something-throws': {
    skip: needsLive,
    run({ backend, same, throws }) {
      const before = backend.live!();
      void throws('SHAPE', () =>
        scope(() => {
          const x = on(backend).floats([1, 2]);
          return add(x, on(backend).floats([1, 2, 3]));
        }),
      );
      void same(backend.live!(), before);
    },
  },
  'keep/outlives-its-scope': {
    skip: needsLive,
    async wait({ backend, same, close }) {
      let kept: Floats | undefined;
      scope(() => {
        kept = keep(on(backend).floats([3, 4]));
      });
      await close(kept!, [3, 4]);
      kept!.dispose();
      await same(kept!.disposed, true);
    },
  },
  'dispose/twice': {
    async wait({ backend, same }) {
      const x = on(backend).floats([1]);
      x.dispose();
      x.dispose();
      await same(x.disposed, true);
    },
  },
  'dispose/one-of-two-that-share': {
    async wait({ backend, close }) {
      const x = on(backend).floats([1, 2]);
      const y = reshape(x, [2, 1]);
      x.dispose();
      await close(y, [[1], [2]]);
      y.dispose();
    },
  },
  'dispose/operands-after-use': {
    async wait({ backend, close }) {
      const x = on(backend).floats(random(101, [3, 3]));
      const y = matmul(x, x);
      x.dispose();
      const z = square(y);
      y.dispose();
      const again = on(backend).floats(random(101, [3, 3]));
      const expected = scope(() => square(matmul(again, again)));
      await close(z, { shape: [3, 3], data: Array.from(await expected.raw()) });
      for (const each of [z, again, expected]) each.dispose();
    },
  },
  'gradient/frees-its-tape': {
    skip: needsLive,
    run({ backend, same, close }) {
      const x = on(backend).floats([0.5, -1]);
      const before = backend.live!();
      const [value, g] = valueAndGrad((v: Floats) => sum(tanh(mul(v, v))))(x);
      void same(backend.live!(), before + 2);
      void close(value, Math.tanh(0.25) + Math.tanh(1));
      void close(g, [1 - Math.tanh(0.25) ** 2, -2 * (1 - Math.tanh(1) ** 2)]);
    },
  },
  'gradient/frees-its-tape-when-something-throws': {
    skip: needsLive,
    run({ backend, same, throws }) {
      const x = on(backend).floats([0.5, -1]);
      const before = backend.live!();
      void throws('GRADIENT', () => grad((v: Floats) => tanh(mul(v, v)))(x));
      void same(backend.live!(), before);
    },
  },
  'gradient/nested-frees-both-tapes': {
    skip: needsLive,
    run({ backend, same, close }) {
      const x = on(backend).floats([0.5, -1]);
      const before = backend.live!();
      const second = grad((v: Floats) => sum(grad((w: Floats) => sum(mul(square(w), w)))(v)))(x);
      void same(backend.live!(), before + 1);
      void close(second, [3, -6]);
    },
  },
  // Long runs hold no more than short ones.
  'long-loop': {
    skip: needsLive,
    run({ backend, same, close }) {
      let x: Floats = on(backend).floats([1, -1]);
      const before = backend.live!();
      for (let i = 0; i < 200; i++) {
        const next: Floats = scope(() => add(mul(x, 0.5), 1));
        if (i > 0) x.dispose();
        x = next;
      }
      void same(backend.live!(), before + 1);
      void close(x, [2, 2]);
    },
  },
  'sequence-keeps-one-state': {
    skip: needsLive,
    run({ backend, same }) {
      const cell = gruCell({ units: 3 });
      const params = cell.init(2, { backend });
      const x = on(backend).floats(random(102, [2, 20, 2]));
      const before = backend.live!();
      const { outputs, state } = rnn(cell, params, x);
      // Without a mask the last output is the state: one buffer or two, but none for the steps before.
      void same(backend.live!() - before <= 2, true);
      void same([...outputs.shape, ...state.h.shape], [2, 3, 2, 3]);
    },
  },
  // Each step frees what the one before it left: at the fortieth as much is held as at the fifth.
  'steps-hold-no-more-as-time-goes-on': {
    skip: needsLive,
    run({ backend, same }) {
      const held: number[] = [];
      const cell = lstmCell({
        units: 3,
        activation(x) {
          held.push(backend.live!());
          return tanh(x);
        },
      });
      const params = cell.init(2, { backend });
      rnn(cell, params, on(backend).floats(random(103, [2, 40, 2])));
      // The activation is applied twice a step, and z is cut up beforehand.
      void same(held.length, 80);
      void same(held[78]! - held[10]!, 0);
    },
  },
  // The last output often is the state: two tensors all the same, on any path.
  'last-output-and-state-are-two': {
    async wait({ backend, close, same }) {
      for (const activation of ['tanh', (v: Floats) => tanh(v)] as const) {
        const cell = gruCell({ units: 3, activation });
        const [params, x] = [cell.init(2, { backend }), on(backend).floats(random(104, [2, 3, 2]))];
        const [one, other] = [rnn(cell, params, x), rnn(cell, params, x)];
        const numbers = { shape: [2, 3], data: Array.from(await one.state.h.raw()) };
        one.outputs.dispose();
        await same(one.state.h.disposed, false);
        await close(one.state.h, numbers);
        other.state.h.dispose();
        await close(other.outputs, numbers);
        for (const left of [one.state.h, other.outputs, x, ...Object.values(params)]) left.dispose();
      }
    },
  },
  'transfer/dtypes': {
    async wait({ backend, same }) {
      const { ints, bools } = on(backend);
      for (const x of [ints([1, -2]), bools([1, 0])] as Tensor[]) {
        const y = await transfer(x, backend);
        await same(y.dtype, x.dtype);
        await same(y, x);
        for (const each of [x, y]) each.dispose();
      }
    },
  },
  // Nothing to sum over, pad, tile or select: the numbers are the same, the tensor is another.
  'ops-that-change-nothing-give-tensors-of-their-own': ({ backend, close }) => {
    const x = on(backend).floats([[1, 2]]);
    const same = [
      sum(x, { axis: [] }),
      max(x, { axis: [] }),
      pad(x, [
        [0, 0],
        [0, 0],
      ]),
      tile(x, [1, 1]),
      broadcastTo(x, [1, 2]),
      cast(x, 'float32'),
      concat([x], 0),
      reshape(x, [1, 2]),
      transpose(x, [0, 1]),
      slice(x, [0, 0], [1, 2]),
    ];
    for (const y of same) {
      void close(y, [[1, 2]]);
      y.dispose();
    }
    void close(x, [[1, 2]]);
  },
  // The same numbers in several places are as many tensors; and what a function hands out of its caller's stays its caller's.
  'gradients-are-tensors-of-their-own': ({ backend, close, same }) => {
    const { floats } = on(backend);
    const x = { a: floats([1, 2]), b: floats([3, 4]) };
    const both = grad(({ a, b }: { a: Floats; b: Floats }) => sum(add(a, b)))(x);
    both.a.dispose();
    void close(both.b, [1, 1]);
    const [scalar, g] = [floats(7), floats([5, 6])];
    const [value] = valueAndGrad(() => scalar)(x.a);
    value.dispose();
    void same(scalar.disposed, false);
    const given = customGrad(
      (v: Floats) => sum(v),
      () => [g],
    );
    grad((v: Floats) => given(v))(x.a).dispose();
    void close(g, [5, 6]);
  },
  transfer: {
    async wait({ backend, close }) {
      const x = on(backend).floats([1.5, NaN]);
      const y = await transfer(x, backend);
      x.dispose();
      await close(y, [1.5, NaN]);
      y.dispose();
    },
  },
  'many-small-buffers': ({ backend, close }) => {
    const xs = Array.from({ length: 300 }, (_, i) => on(backend).floats([i % 4]));
    void close(
      xs.reduce((total, x) => add(total, x)),
      [450],
    );
  },
});
