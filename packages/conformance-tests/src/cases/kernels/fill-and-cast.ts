/** Kernels that make numbers of one kind: fill, and cast from one dtype to another. */
import { full, type DType, type Shape, type Tensor } from '@recurra/core';
import { defineCases, type Testing } from '../../case.js';
import { kernel, on } from '../on.js';

const cast = (x: Tensor, dtype: DType): Tensor =>
  kernel(x.shape, dtype, [x], (kernels, [operand], out) => kernels.cast(operand!, out));

/** Core's `full` is the kernel and no more. */
const fill = ({ backend, close }: Testing, value: number, shape: Shape, dtype: DType): void => {
  const size = shape.reduce((product, n) => product * n, 1);
  const filled = full(shape, value, { dtype, backend });
  void close(filled, { shape, data: Array.from({ length: size }, () => value) });
};

export const fillAndCastCases = defineCases('kernels', {
  'fill/float32': (t) => fill(t, -1.25, [2, 3], 'float32'),
  'fill/int32': (t) => fill(t, -7, [3], 'int32'),
  'fill/bool': (t) => fill(t, 1, [5], 'bool'),
  'fill/scalar': (t) => fill(t, 3, [], 'float32'),
  'fill/empty': (t) => fill(t, 3, [2, 0], 'float32'),
  'fill/nan-and-infinity': (t) => {
    fill(t, NaN, [2], 'float32');
    fill(t, -Infinity, [1, 2], 'float32');
  },

  'cast/float32-to-int32': ({ backend, close }) =>
    void close(cast(on(backend).floats([2.75, -2.75, 0.5, -0.5, 1000, -0]), 'int32'), [2, -2, 0, 0, 1000, 0]),
  'cast/float32-to-bool': ({ backend, close }) =>
    void close(cast(on(backend).floats([0, -0, 0.25, -3, NaN, 256, Infinity]), 'bool'), [0, 0, 1, 1, 1, 1, 1]),
  'cast/int32-to-float32': ({ backend, close }) =>
    void close(cast(on(backend).ints([3, -2047, 0]), 'float32'), [3, -2047, 0]),
  'cast/int32-to-bool': ({ backend, close }) =>
    void close(cast(on(backend).ints([0, 1, -1, 256, 512]), 'bool'), [0, 1, 1, 1, 1]),
  'cast/bool-to-float32': ({ backend, close }) => void close(cast(on(backend).bools([1, 0, 1]), 'float32'), [1, 0, 1]),
  'cast/bool-to-int32': ({ backend, close }) => void close(cast(on(backend).bools([1, 0, 1]), 'int32'), [1, 0, 1]),
  'cast/scalar-and-empty': ({ backend, close }) => {
    void close(cast(on(backend).floats(-2.5), 'int32'), -2);
    void close(cast(on(backend).ints({ shape: [0], data: [] }), 'bool'), { shape: [0], data: [] });
  },
  'cast/to-itself': ({ backend, close }) => {
    const { floats, ints, bools } = on(backend);
    void close(cast(floats([1.5, -2]), 'float32'), [1.5, -2]);
    void close(cast(ints([3, -4]), 'int32'), [3, -4]);
    void close(cast(bools([0, 1]), 'bool'), [0, 1]);
  },
});
