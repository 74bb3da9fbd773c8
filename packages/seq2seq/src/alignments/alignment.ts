/**
 * What an alignment is: how scores become weights over the memory, and what the weights of the step before have to do with
 * it.
 *
 *     scores e [B, 1, Tk], mask, alignments a′ of the step before [B, 1, Tk] → alignments a [B, 1, Tk], context a·values
 */
import type { Backend, Shape, Tensor, Tree } from '@recurra/core';
import type { Attended } from '@recurra/attention';
import type { Floats } from '@recurra/cells';

/** One look at the memory. */
export interface Look {
  /** e [B, 1, Tk] */
  readonly scores: Floats;
  /** [B, Tk, M], 0 where the memory is padding */
  readonly values: Floats;
  /** [B, 1, Tk], true where the memory is not padding */
  readonly mask: Tensor<'bool'> | null;
  /** a′ [B, 1, Tk] */
  readonly previous: Floats;
  /** What `noise` drew for this step, [B, 1, Tk]. */
  readonly noise?: Floats | null;
  /** The softmax of these scores: `attend`, in one call of the backend where it has a fused attention for them. */
  softmax(): Attended;
}

/** An alignment with parameters `A`; `K` is what it prepares once for each sequence. */
export interface Alignment<A extends Tree = Tree, K = unknown> {
  readonly name: string;
  init(backend: Backend | undefined): A;
  /** Throws unless the parameters fit. */
  check(params: A): void;
  /** The alignments before the first step, [B, Tk]. */
  initial(batch: number, length: number, backend: Backend): Floats;
  /** Once per sequence. */
  begin(params: A, length: number, backend: Backend): K;
  attend(k: K, look: Look): Attended;
  /**
   * In training, random numbers in this shape, [B, Tk] or [B, T, Tk]: those of one or of all steps.
   *
   * @param calls that came before, `dropoutCounter`
   * @param nth how often this call has asked before
   */
  noise?(calls: number, nth: number, shape: Shape, backend: Backend): Floats;
}
