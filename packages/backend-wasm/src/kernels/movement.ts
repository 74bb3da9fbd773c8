/** Moving elements as they are, filling and converting them. */
import type { DType, Operand, Spec } from '@recurra/core';
import { planes, strides } from '../broadcast.js';
import { shiftOf, sizeOf, type WasmBuffer } from '../buffer.js';
import type { Space } from '../space.js';

type X = Operand<WasmBuffer>;

const dtypes: readonly DType[] = ['float32', 'int32', 'bool'];

export function fill({ kernels, heap, make }: Space, value: number, out: Spec): WasmBuffer {
  const z = make(out);
  if (out.dtype === 'bool') kernels.fill8(value ? 1 : 0, z.offset, z.size);
  else {
    // The bits of the value, as it lies in memory: even an empty buffer has room for one.
    (out.dtype === 'int32' ? heap.ints : heap.floats)[z.offset / 4] = value;
    kernels.fill32(heap.ints[z.offset / 4]!, z.offset, z.size);
  }
  return z;
}

export function cast({ kernels, make }: Space, x: X, out: Spec): WasmBuffer {
  const z = make(out);
  // To its own dtype it is a copy; core does not ask for it.
  if (x.dtype === out.dtype) copyOf(kernels, x.dtype)(1, z.size, x.handle.offset, 0, 1, z.offset, 0);
  else kernels.cast(dtypes.indexOf(x.dtype), dtypes.indexOf(out.dtype), x.handle.offset, z.offset, z.size);
  return z;
}

export function transpose(space: Space, x: X, perm: readonly number[], out: Spec): WasmBuffer {
  const own = strides(x.shape);
  const steps = perm.map((axis) => own[axis]!);
  return view(space, x, 0, steps, out);
}

/** A strided window. Negative strides run backwards. */
export function slice(space: Space, x: X, begin: readonly number[], by: readonly number[], out: Spec): WasmBuffer {
  const own = strides(x.shape);
  let start = 0;
  begin.forEach((at, axis) => (start += at * own[axis]!));
  const steps = own.map((step, axis) => step * by[axis]!);
  return view(space, x, start, steps, out);
}

/** One after the other along an axis: what lies inside the axis is contiguous in each of them. */
export function concat({ kernels, make }: Space, xs: readonly X[], axis: number, out: Spec): WasmBuffer {
  const z = make(out);
  const shift = shiftOf(out.dtype);
  const copy = copyOf(kernels, out.dtype);
  const outer = sizeOf(out.shape.slice(0, axis));
  const width = sizeOf(out.shape.slice(axis));
  let left = 0;
  for (const x of xs) {
    const n = sizeOf(x.shape.slice(axis));
    if (n > 0) copy(outer, n, x.handle.offset, n, 1, z.offset + (left << shift), width);
    left += n;
  }
  return z;
}

export function gather({ kernels, make }: Space, x: X, indices: X, axis: number, out: Spec): WasmBuffer {
  const z = make(out);
  const outer = sizeOf(x.shape.slice(0, axis));
  const inner = sizeOf(x.shape.slice(axis + 1)) << shiftOf(x.dtype);
  kernels.gather(outer, x.handle.offset, x.shape[axis]!, inner, indices.handle.offset, indices.handle.size, z.offset);
  return z;
}

function copyOf(kernels: Space['kernels'], dtype: DType): Space['kernels']['copy32'] {
  return dtype === 'bool' ? kernels.copy8 : kernels.copy32;
}

/** The dense copy of a strided view of x. */
function view({ kernels, make }: Space, x: X, start: number, own: readonly number[], out: Spec): WasmBuffer {
  const z = make(out);
  const shift = shiftOf(out.dtype);
  const copy = copyOf(kernels, out.dtype);
  planes(out.shape, [own], (m, n, [step], at, [from]) =>
    copy(m, n, x.handle.offset + ((start + from!) << shift), step!.row, step!.element, z.offset + (at << shift), n),
  );
  return z;
}
