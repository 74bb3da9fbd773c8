/** [rows, length]: an element of the result of a reduction to a row, the elements it is made of beside each other. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Call } from '../call.js';
import { transposed } from '../transposed.js';

export function rowsOf(on: Call, x: TensorInfo, axes: readonly number[]): TensorInfo {
  const rest = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const inner = transposed(on, x, [...rest, ...axes]);
  const length = axes.reduce((size, axis) => size * x.shape[axis]!, 1);
  const count = rest.reduce((size, axis) => size * x.shape[axis]!, 1);
  return on.reshape(inner, [count, length]);
}
