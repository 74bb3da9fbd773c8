/** A bias whose block of one gate starts with a fixed value; the blocks before and after it ask the initializer. */
import { checkedFlag } from '@recurra/core';
import type { GatedCellOptions, Resolved } from '../cell-options.js';
import { drawn, type Weight } from '../layout.js';

export interface ForgetBiasOptions extends GatedCellOptions {
  /** Start with ones as the bias of f (the other blocks keep the bias initializer). Default true. */
  readonly unitForgetBias?: boolean;
}

/** @param at the block of the gate, of `gates`; its bias starts as `value`, unless the options say otherwise */
export function forgetBias(
  name: string,
  options: ForgetBiasOptions,
  { units, useBias, init }: Resolved,
  { gates, at, value }: { readonly gates: number; readonly at: number; readonly value: number },
): Weight | null {
  const unitForgetBias = checkedFlag(name, 'unitForgetBias', options.unitForgetBias ?? true);
  if (!useBias) return null;
  const shape = [gates * units];
  if (!unitForgetBias) return { shape, draw: init.bias };
  const draw = (): Float32Array => {
    const values = new Float32Array(gates * units).fill(value, at * units, (at + 1) * units);
    if (at > 0) values.set(drawn(name, init.bias, [at * units]), 0);
    values.set(drawn(name, init.bias, [(gates - 1 - at) * units]), (at + 1) * units);
    return values;
  };
  return { shape, draw };
}
