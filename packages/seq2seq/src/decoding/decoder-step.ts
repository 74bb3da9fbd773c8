/** The step of a decoder with attention: embed the tokens, run the cell, read out the logits. */
import { ArgumentError, checkedFloats, checkOptions, disposeTree, scope, type Tensor, type Tree } from '@recurra/core';
import type { Floats } from '@recurra/cells';
import type { BoundAttentionCell } from '../attention-cell.js';
import { checkedPart } from '../checks.js';
import type { DecoderState } from '../forms/form.js';
import type { DecodeStep } from './decode-step.js';

/** What stands before and behind the cell. */
export interface DecoderStepOptions {
  /** Tokens [N] → x [N, F], such as `(tokens) => gather(table, tokens)`. */
  readonly embed: (tokens: Tensor<'int32'>) => Floats;
  /** Outputs [N, units] → logits [N, V], such as `(y) => matmul(y, kernel)`. */
  readonly readout: (outputs: Floats) => Floats;
}

/** A step for `greedyDecode` and `beamSearch`, holding the memory's half of the score until it is disposed. */
export interface DecoderStep<S extends Tree> extends DecodeStep<DecoderState<S>> {
  /** The state before the first step, with as many rows as the memory. Its tensors live as long as this step. */
  initialState(): DecoderState<S>;
  /** Frees what it holds, and the states that it began with. */
  dispose(): void;
}

/**
 *     const step = decoderStep(decoder.with(encoded, mask), params, {
 *       embed: (tokens) => gather(table, tokens),
 *       readout: (y) => matmul(y, kernel),
 *     });
 *
 * @throws ArgumentError unless these are functions, ShapeError unless params are those of the cell; when used, ShapeError
 * when widths do not fit, ArgumentError when embed gives no tensor
 */
export function decoderStep<P extends Tree, S extends Tree>(
  cell: BoundAttentionCell<P, S>,
  params: NoInfer<P>,
  options: DecoderStepOptions,
): DecoderStep<S> {
  const op = 'decoderStep';
  checkedPart(op, 'cell', cell, 'prepare', 'decoder.with(memory, mask)');
  checkOptions(op, options, ['embed', 'readout']);
  const { embed, readout } = options;
  if (typeof embed !== 'function' || typeof readout !== 'function') {
    const hint = '{ embed: (tokens) => gather(table, tokens), readout: (y) => matmul(y, kernel) }';
    throw new ArgumentError(op, 'embed and readout must be functions', { embed, readout }, hint);
  }
  cell.check(params, { batch: cell.batch, inputs: cell.inputs(params) });
  const ready = cell.prepare(params);
  const step = (tokens: Tensor<'int32'>, state: DecoderState<S>): ReturnType<DecoderStep<S>> =>
    scope(() => {
      const x = checkedFloats(op, 'embed(tokens)', embed(tokens));
      const sizes = { batch: tokens.shape[0]!, inputs: x.shape.at(-1)! };
      ready.check(params, sizes, state);
      const q = ready.begin(params, { ...sizes, dropoutCounter: null });
      const [y, after] = ready.step(q, ready.project(q, x), state);
      return { logits: readout(y), state: after, alignments: after.alignments };
    });
  const begun: DecoderState<S>[] = [];
  return Object.assign(step, {
    initialState() {
      const state = scope(() => ready.initialState(params, cell.batch));
      begun.push(state);
      return state;
    },
    dispose() {
      ready.dispose();
      disposeTree(begun.splice(0) as unknown as Tree);
    },
  });
}
