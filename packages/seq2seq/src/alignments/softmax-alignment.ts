/** a_j = softmax_j(e_j) over the memory that is not padding; nothing valid gives 1/Tk each. That is `attend`. */
import { zeros } from '@recurra/core';
import type { NoParams } from '@recurra/attention';
import { noParams } from '../parameters.js';
import type { Alignment } from './alignment.js';

/** The softmax, which every step does anew. */
export function softmaxAlignment(): Alignment<NoParams, null> {
  return {
    name: 'softmaxAlignment',
    ...noParams,
    initial: (batch, length, backend) => zeros([batch, length], { backend }),
    begin: () => null,
    attend: (_, look) => look.softmax(),
  };
}
