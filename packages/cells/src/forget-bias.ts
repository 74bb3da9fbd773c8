/**
 * A bias whose block of one gate starts with a fixed value. The blocks before it and those after it each ask the
 * initializer once, as in Keras's LSTM.
 */
import { checkedFlag, drawnValues } from '@recurra/core';
import type { GatedCellOptions, Resolved } from './cell-options.js';
import type { Weight } from './layout.js';

export interface ForgetBiasOptions extends GatedCellOptions {
  /** Start with ones as the bias of f (the other blocks keep the bias initializer). Default true. */
  readonly unitForgetBias?: boolean;
}

/**
 * @param before how many blocks there are before the one that starts as `value`, unless the options say otherwise
 * @param after how many after it
 */
export function forgetBias(
  name: string,
  options: ForgetBiasOptions,
  { units, useBias, init }: Resolved,
  before: number,
  value: number,
  after: number,
): Weight | null {
  const unitForgetBias = checkedFlag(name, 'unitForgetBias', options.unitForgetBias ?? true);
  if (!useBias) return null;
  const shape = [(before + 1 + after) * units];
  const draw = (): Float32Array => {
    const values = new Float32Array(shape[0]!).fill(value);
    if (before > 0) values.set(drawnValues(name, init.bias, [before * units]));
    values.set(drawnValues(name, init.bias, [after * units]), (before + 1) * units);
    return values;
  };
  return { shape, draw: unitForgetBias ? draw : init.bias };
}
