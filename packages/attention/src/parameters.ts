/** Initial parameters: the numbers an initializer draws on the host, as a tensor. */
import { tensor } from '@recurra/core';
import type { Backend, Initializer, InitializerName, Shape } from '@recurra/core';
import type { Floats } from './score.js';

/** A name such as 'glorotUniform', or what `glorotUniform({ seed })` gives. */
export type InitializerOption = InitializerName | Initializer;

export function drawn(from: Initializer, shape: Shape, backend: Backend | undefined): Floats {
  return tensor(from(shape), shape, { dtype: 'float32', ...(backend && { backend }) });
}
