/** A small model to train: a dense layer with random weights on random data, the same in every run. */
import { add, matmul, tanh, tensor, type Backend, type Tensor } from '@recurra/core';
import { meanSquaredError, type Floats } from '@recurra/train';
import { randoms } from './numbers.js';

export interface Weights {
  readonly hidden: { readonly kernel: Floats; readonly bias: Floats };
  readonly kernel: Floats;
}

export interface Batch {
  readonly x: Floats;
  readonly y: Floats;
}

export function weightsOf(backend: Backend, seed = 1): Weights {
  const all = randoms(seed, 20);
  const part = (from: number, shape: number[]): Floats => {
    const size = shape.reduce((n, m) => n * m, 1);
    return tensor(all.slice(from, from + size), shape, { backend });
  };
  return { hidden: { kernel: part(0, [3, 4]), bias: part(12, [1, 4]) }, kernel: part(16, [4, 1]) };
}

export function dataOf(backend: Backend, rows: number, seed = 2): Batch {
  return {
    x: tensor(randoms(seed, rows * 3), [rows, 3], { backend }),
    y: tensor(randoms(seed + 1, rows), [rows, 1], { backend }),
  };
}

export function predicted(params: Weights, x: Floats): Floats {
  return matmul(tanh(add(matmul(x, params.hidden.kernel), params.hidden.bias)), params.kernel);
}

export const squaredLoss = (params: Weights, { x, y }: Batch): Floats => meanSquaredError(y, predicted(params, x));

export function disposeAll(...tensors: readonly Tensor[]): void {
  for (const x of tensors) x.dispose();
}
