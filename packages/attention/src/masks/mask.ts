/** A mask is a bool tensor, true where attention may go. */
import type { Tensor } from '@recurra/core';

export type Mask = Tensor<'bool'>;
