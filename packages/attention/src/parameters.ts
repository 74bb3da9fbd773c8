/** Initial parameters: the numbers an initializer draws on the host, as a tensor. */
import { drawnValues, tensor } from '@recurra/core';
import type { Backend, Initializer, InitializerName, Shape } from '@recurra/core';
import type { FanAxes } from '@recurra/core/random';
import type { Floats } from './score.js';

/** A name such as 'glorotUniform', or what `glorotUniform({ seed })` gives. */
export type InitializerOption = InitializerName | Initializer;

/**
 * @param op who asks, for the error
 * @param axes which axes count as inputs and outputs, for kernels that have several of a kind
 */
export function drawn(
  op: string,
  from: Initializer,
  shape: Shape,
  backend: Backend | undefined,
  axes?: FanAxes,
): Floats {
  return tensor(drawnValues(op, from, shape, axes), shape, { dtype: 'float32', ...(backend && { backend }) });
}
