/** Numbers go in and come out as they were, and neither side sees the other's writes. */
import { reshape, tensor } from '@recurra/core';
import { defineCases } from '../case.js';
import { on } from './on.js';
import { random } from './random.js';

export const storageCases = defineCases('storage', {
  float32: ({ backend, close }) => {
    const x = random(11, [3, 5], 2);
    void close(on(backend).floats(x), x);
  },

  int32: ({ backend, close }) => {
    void close(
      on(backend).ints([
        [0, -1, 7],
        [16777215, -16777215, 42],
      ]),
      [
        [0, -1, 7],
        [16777215, -16777215, 42],
      ],
    );
  },

  bool: ({ backend, close }) => {
    void close(on(backend).bools([true, false, false, true]), [1, 0, 0, 1]);
  },

  scalar: ({ backend, close }) => {
    void close(on(backend).floats(-2.5), -2.5);
  },

  empty: ({ backend, close }) => {
    void close(on(backend).floats({ shape: [0, 3], data: [] }), { shape: [0, 3], data: [] });
    void close(on(backend).ints({ shape: [2, 0], data: [] }), { shape: [2, 0], data: [] });
  },

  'six-axes': ({ backend, close }) => {
    const x = random(12, [2, 1, 3, 2, 1, 2]);
    void close(on(backend).floats(x), x);
  },

  'nan-and-infinities': ({ backend, close }) => {
    void close(on(backend).floats([NaN, Infinity, -Infinity, 1]), [NaN, Infinity, -Infinity, 1]);
  },

  // A typed array may be a window on a longer one.
  'part-of-an-array': ({ backend, close }) => {
    const whole = Float32Array.of(1, 2, 3, 4, 5);
    void close(tensor(whole.subarray(2, 4), [2], { backend }), [3, 4]);
    void close(tensor(Int32Array.of(1, 2, 3).subarray(1), [2], { backend }), [2, 3]);
  },

  // More than a texture row, a workgroup or a page.
  large: ({ backend, close }) => {
    const x = random(13, [7, 10007], 2);
    void close(on(backend).floats(x), x);
  },

  // What is below the step of float32 is lost there; at 64 bits it must not be.
  'precision-64': {
    skip: ({ precision }) => (precision === 64 ? undefined : `float32 tensors have ${precision} bits here`),
    run: ({ backend, same }) =>
      void same(on(backend).floats([1 + 2 ** -40, Math.PI]), on(backend).floats([1 + 2 ** -40, Math.PI])),
  },

  'upload-copies': {
    async wait({ backend, same }) {
      const given = backend.precision === 64 ? Float64Array.of(1, 2, 3) : Float32Array.of(1, 2, 3);
      const handle = backend.upload(given, { shape: [3], dtype: 'float32' });
      const later = given.slice();
      given.fill(9);
      const read = await backend.read({ handle, shape: [3], dtype: 'float32' });
      given.set(later);
      await same(read, [1, 2, 3]);
      backend.free(handle);
    },
  },

  'read-copies': {
    async wait({ backend, same }) {
      const handle = backend.upload(Int32Array.of(1, 2, 3), { shape: [3], dtype: 'int32' });
      const operand = { handle, shape: [3], dtype: 'int32' } as const;
      (await backend.read(operand)).fill(9);
      await same(await backend.read(operand), [1, 2, 3]);
      backend.free(handle);
    },
  },

  'host-arrays': {
    async wait({ backend, same }) {
      const { floats, ints, bools } = on(backend);
      const tensors = [floats([1]), ints([1]), bools([1])];
      const names = await Promise.all(tensors.map(async (x) => (await x.raw()).constructor.name));
      await same(names, [backend.precision === 64 ? 'Float64Array' : 'Float32Array', 'Int32Array', 'Uint8Array']);
      for (const x of tensors) x.dispose();
    },
  },

  'read-sync': {
    skip: (backend) =>
      backend.readSync === undefined ? `${backend.name} has no readSync: it cannot block` : undefined,
    run({ backend, same }) {
      const x = random(14, [3, 4]);
      void same(on(backend).floats(x).dataSync(), x.data);
      void same(on(backend).ints([5, -6]).dataSync(), [5, -6]);
      void same(on(backend).bools([1, 0]).dataSync(), [1, 0]);
    },
  },

  // Core reshapes by passing the same handle under another shape.
  'another-shape': ({ backend, close }) => {
    const x = random(15, [2, 6]);
    void close(reshape(on(backend).floats(x), [3, 2, 2]), { shape: [3, 2, 2], data: x.data });
  },

  'reads-at-once': {
    async wait({ backend, same }) {
      const { floats, ints } = on(backend);
      const [x, y] = [floats(random(16, [5])), ints([7, 8])];
      const [a, b, c] = await Promise.all([x.data(), y.data(), x.data()]);
      await same(a, random(16, [5]).data);
      await same(b, [7, 8]);
      await same(c, a);
      x.dispose();
      y.dispose();
    },
  },

  'live-counts': {
    skip: (backend) => (backend.live === undefined ? `${backend.name} has no live()` : undefined),
    async wait({ backend, same }) {
      const before = backend.live!();
      const x = on(backend).floats([1, 2]);
      await same(backend.live!(), before + 1);
      const y = reshape(x, [2, 1]);
      await same(backend.live!(), before + 1);
      x.dispose();
      await same(backend.live!(), before + 1);
      y.dispose();
      await same(backend.live!(), before);
    },
  },
});
