/** Whether kernels reach the GPU: its calls are counted. */
import type { Backend, Operand, UnaryOp } from '@recurra/core';
import type { TfHandle } from '../../src/index.js';

export interface Calls {
  count: number;
}

/** Replaces a method by one that counts its calls. */
export function counted(prototype: object, method: string): Calls {
  const calls = { count: 0 };
  const methods = prototype as Record<string, (...given: unknown[]) => unknown>;
  const original = methods[method]!;
  methods[method] = function (this: unknown, ...given: unknown[]): unknown {
    calls.count++;
    return original.apply(this, given);
  };
  return calls;
}

const ops: readonly UnaryOp[] = ['neg', 'abs', 'square', 'exp', 'tanh', 'sigmoid', 'erf', 'floor'];

/** The kernels of a small tensor, a sum and a product among them, during which there was no such call. */
export function without(calls: Calls, on: Backend<TfHandle>): string[] {
  const spec = { shape: [2, 2], dtype: 'float32' } as const;
  const x: Operand<TfHandle> = { handle: on.upload(Float32Array.of(0.25, -2, 3, 0.5), spec), ...spec };
  const plain = { transposeA: false, transposeB: false };
  const kernels: [string, () => TfHandle][] = [
    ...ops.map((op): [string, () => TfHandle] => [op, () => on.unary(op, x, spec)]),
    ['add', () => on.binary('add', x, x, spec)],
    ['sum', () => on.reduce('sum', x, [1], { shape: [2], dtype: 'float32' })],
    ['max', () => on.reduce('max', x, [1], { shape: [2], dtype: 'float32' })],
    ['matmul', () => on.matmul(x, x, plain, spec)],
    ['concat', () => on.concat([x, x], 0, { shape: [4, 2], dtype: 'float32' })],
  ];
  const missed = kernels.filter(([, run]) => {
    const before = calls.count;
    on.free(run());
    return calls.count === before;
  });
  on.free(x.handle);
  return missed.map(([name]) => name);
}
