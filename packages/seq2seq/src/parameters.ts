/** What parameters are drawn with: a name or a function of core's, in their shape, on a backend. */
import { checkShapes, tensor } from '@recurra/core';
import type { Backend, Initializer, InitializerName, Shape } from '@recurra/core';
import type { NoParams } from '@recurra/attention';
import type { Floats } from '@recurra/cells';

/** An initializer by Keras's name in camelCase, or one made by core. */
export type InitializerOption = InitializerName | Initializer;

export function drawn(from: Initializer, shape: Shape, backend: Backend | undefined): Floats {
  return tensor(from(shape), shape, { dtype: 'float32', ...(backend && { backend }) });
}

/** The two functions of what has nothing to learn. */
export const noParams: {
  readonly init: () => NoParams;
  readonly check: (params: NoParams) => void;
} = {
  init: () => ({}),
  check: (params) => checkShapes('attentionCell', 'params', params, {}),
};
