/** What cases are written with: tensors on the backend under test, and kernels called as they are. */
import {
  defineOp,
  tensor,
  type Backend,
  type DType,
  type Kernels,
  type Nested,
  type Operand,
  type Shape,
  type Spec,
  type Tensor,
} from '@recurra/core';
import type { Numbers } from '../case.js';

export type Floats = Tensor<'float32'>;
export type Ints = Tensor<'int32'>;
export type Bools = Tensor<'bool'>;

export interface On {
  floats(data: Nested<number> | Numbers): Floats;
  ints(data: Nested<number> | Numbers): Ints;
  bools(data: Nested<number> | Nested<boolean> | Numbers): Bools;
}

/** Nested lists, or flat numbers and a shape, as tensors on a backend. */
export function on(backend: Backend): On {
  const make = <D extends DType>(data: unknown, dtype: D): Tensor<D> => {
    if (typeof data === 'object' && data !== null && 'data' in data) {
      const { data: flat, shape } = data as Numbers;
      return tensor(Array.from(flat), shape, { dtype, backend });
    }
    return tensor(data as Nested<number>, undefined, { dtype, backend });
  };
  return {
    floats: (data) => make(data, 'float32'),
    ints: (data) => make(data, 'int32'),
    bools: (data) => make(data, 'bool'),
  };
}

/** One call of a kernel, with the operands and the `out` that a case chooses: no op decides in between. */
export function kernel<D extends DType>(
  shape: Shape,
  dtype: D,
  inputs: readonly Tensor[],
  call: (kernels: Kernels, operands: readonly Operand[], out: Spec) => object,
): Tensor<D> {
  const run = defineOp<void>({
    name: 'kernel',
    infer: () => ({ shape, dtype }),
    forward: (kernels, operands, _, out) => call(kernels, operands, out),
  });
  return run(inputs, undefined) as Tensor<D>;
}

/** 0, 1, 2, … as a tensor's numbers: each says where it comes from. */
export const count = (shape: Shape): { shape: Shape; data: number[] } => ({
  shape,
  data: Array.from({ length: shape.reduce((product, n) => product * n, 1) }, (_, i) => i),
});
