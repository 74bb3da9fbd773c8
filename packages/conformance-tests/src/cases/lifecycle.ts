/** Who frees what: after each of these the runner finds every buffer back. */
import { gruCell, rnn } from '@recurra/cells';
import {
  add,
  exp,
  grad,
  keep,
  matmul,
  mul,
  reshape,
  scope,
  square,
  sum,
  tanh,
  transfer,
  valueAndGrad,
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
