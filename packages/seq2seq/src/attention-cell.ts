/**
 * A decoder with attention: a cell that looks at a memory at every step. Once it knows its memory it is a cell itself, so
 * `rnn`, `stackedRNNCells` and gradients work with it.
 *
 *     attentionCell(cell, score, form) ──with(memory, mask)──▶ a Cell
 *
 * The form says in which order (`bahdanau`, `luong`, `addonsWrapper`), the score how well query and memory fit, the
 * alignment how scores become weights. The memory is no parameter: it is the encoder's output of this batch, and gradients
 * flow into it as into any tensor. docs/adr/0004-the-memory-is-bound.md
 */
import {
  ArgumentError,
  checkedCount,
  checkedFloats,
  checkOptions,
  expandDims,
  isTensor,
  keep,
  reshape,
  sameShape,
  scope,
  ShapeError,
  zeros,
} from '@recurra/core';
import type { Backend, Shape, Tensor, Tree } from '@recurra/core';
import type { NoParams, Score } from '@recurra/attention';
import type { Cell, Floats } from '@recurra/cells';
import type { Alignment } from './alignments/alignment.js';
import { softmaxAlignment } from './alignments/softmax-alignment.js';
import { checkedPart, checkParts } from './checks.js';
import type { DecoderState, Form, FormParts, FormWidths } from './forms/form.js';
import { checkedMemory, valuesOf, type Memory } from './memory.js';

/** Options of `attentionCell`. */
export interface AttentionCellOptions<S extends Tree, A extends Tree> {
  /** How scores become weights. Default `softmaxAlignment()`. */
  readonly alignment?: Alignment<A>;
  /** The part of the cell's state that asks, where the form asks before the step: [B, Dq]. Default: the state's `h`. */
  readonly query?: (state: S) => Floats;
}

/** The parameters of a decoder with attention. */
export type AttentionCellParams<P extends Tree, SP extends Tree, F extends Tree, A extends Tree> = {
  readonly cell: P;
  readonly score: SP;
  /** The form's own: W_c of `luong`, the attention layer of `addonsWrapper`. */
  readonly attention: F;
  readonly alignment: A;
};

/** A decoder that has no memory yet. */
export interface AttentionCell<P extends Tree, S extends Tree> {
  readonly name: string;
  /** Fresh parameters for inputs x of `inputs` features and a memory of `memory` features. */
  init(widths: { readonly inputs: number; readonly memory: number }, options?: { readonly backend?: Backend }): P;
  /**
   * The cell that looks at this memory [B, Tk, M]; mask [B, Tk] is true where the memory is not padding. The memory stays
   * the caller's.
   *
   * @throws ShapeError, DTypeError when memory and mask do not fit
   */
  with(memory: Floats, mask?: Tensor<'bool'> | null): BoundAttentionCell<P, S>;
}

/** A decoder with its memory: a cell. */
export interface BoundAttentionCell<P extends Tree, S extends Tree> extends Cell<P, DecoderState<S>> {
  /** B of the memory: x must have as many rows. */
  readonly batch: number;
  /** Tk, the positions of the memory. */
  readonly memoryLength: number;
  /**
   * The same cell with the memory's half of the score computed once and for all (otherwise: once per call of `rnn`), for
   * decoding with these parameters step by step. Outside of `valueAndGrad`.
   */
  prepare(params: P): PreparedAttentionCell<P, S>;
}

/** A decoder that holds prepared keys until it is disposed. */
export interface PreparedAttentionCell<P extends Tree, S extends Tree> extends BoundAttentionCell<P, S> {
  dispose(): void;
}

/** What is computed once for a sequence. */
interface Ready {
  readonly keys: Floats;
  readonly values: Floats;
  readonly mask: Tensor<'bool'> | null;
}

const name = 'attentionCell';

/**
 *     const decoder = attentionCell(lstmCell({ units: 64 }), generalScore(), luong({ units: 64 }));
 *     const params = decoder.init({ inputs: 12, memory: 32 });
 *     const { outputs, state } = rnn(decoder.with(encoded, mask), params, x, { returnSequences: true });
 *
 * The state is `{ cell, attention [B, A], alignments [B, Tk] }`; `teacherForced` hands out the alignments of all steps.
 *
 * @throws ArgumentError unless cell, score, form and alignment are what they must be
 */
export function attentionCell<
  P extends Tree,
  S extends Tree,
  SP extends Tree,
  F extends Tree,
  A extends Tree = NoParams,
>(
  cell: Cell<P, S>,
  score: Score<SP>,
  form: Form<F>,
  options: AttentionCellOptions<NoInfer<S>, A> = {},
): AttentionCell<AttentionCellParams<P, SP, F, A>, S> {
  checkedPart(name, 'cell', cell, 'step', 'lstmCell({ units: 64 })');
  checkedPart(name, 'score', score, 'compare', 'additiveScore({ units: 64 })');
  checkedPart(name, 'form', form, 'step', 'luong({ units: 64 })');
  checkOptions(name, options, ['alignment', 'query']);
  const alignment = (options.alignment ?? softmaxAlignment()) as Alignment<A>;
  checkedPart(name, 'alignment', alignment, 'attend', 'softmaxAlignment()');
  const queryOf = options.query ?? stateH;
  checkedPart(name, 'query', { query: queryOf }, 'query', '(state) => state.h');
  const parts: Parts<P, S, SP, F, A> = { cell, score, form, alignment, queryOf };
  return {
    name,
    init: (widths, given = {}) =>
      scope(() => {
        checkOptions(name, given, ['backend']);
        const hint = `init({ inputs: 12, memory: 32 }): the features of x and of the memory`;
        const { inputs, memory } = (widths ?? {}) as Readonly<Record<string, unknown>>;
        return fresh(
          parts,
          checkedCount(name, 'inputs', inputs, hint),
          checkedCount(name, 'memory', memory, hint),
          given.backend,
        );
      }),
    with: (memory, mask) => bound(parts, checkedMemory(name, memory, mask)),
  };
}

interface Parts<P extends Tree, S extends Tree, SP extends Tree, F extends Tree, A extends Tree> {
  readonly cell: Cell<P, S>;
  readonly score: Score<SP>;
  readonly form: Form<F>;
  readonly alignment: Alignment<A>;
  readonly queryOf: (state: S) => Floats;
}

function fresh<P extends Tree, S extends Tree, SP extends Tree, F extends Tree, A extends Tree>(
  { cell, score, form, alignment, queryOf }: Parts<P, S, SP, F, A>,
  inputs: number,
  memory: number,
  backend: Backend | undefined,
): AttentionCellParams<P, SP, F, A> {
  const on = backend && { backend };
  const widths: FormWidths = { memory, units: cell.units };
  const ofCell = cell.init(inputs + form.sizes(widths).fed, { ...on });
  const query =
    form.query === 'output'
      ? cell.units
      : scope(() => checkedQuery(queryOf(cell.initialState(ofCell, 1)), 1)).shape[1]!;
  return {
    cell: ofCell,
    score: score.init({ query, keys: memory }, { ...on }),
    attention: form.init(widths, backend),
    alignment: alignment.init(backend),
  };
}

function bound<P extends Tree, S extends Tree, SP extends Tree, F extends Tree, A extends Tree>(
  parts: Parts<P, S, SP, F, A>,
  memory: Memory,
  held?: Ready,
): BoundAttentionCell<AttentionCellParams<P, SP, F, A>, S> {
  type All = AttentionCellParams<P, SP, F, A>;
  type State = DecoderState<S>;
  const { cell, score, form, alignment, queryOf } = parts;
  const { batch: B, length: Tk, features: M } = memory;
  const { backend } = memory.memory;
  const widths: FormWidths = { memory: M, units: cell.units };
  const sizes = form.sizes(widths);
  const inputsOf = (params: All): number => cell.inputs(params.cell) - sizes.fed;
  const ready = (params: All): Ready => {
    if (held) return held;
    const values = valuesOf(memory);
    const mask = memory.mask && expandDims(memory.mask, 1);
    return { values, mask, keys: score.prepare(params.score, values) };
  };

  /** What the step needs: named, so that a type can be inferred. */
  const begun = (params: All, { keys, values, mask }: Ready, q: unknown) => ({
    q,
    keys,
    values,
    mask,
    params,
    weights: alignment.begin(params.alignment, Tk, backend),
  });

  const self: BoundAttentionCell<All, S> = {
    name,
    units: sizes.output,
    draws: cell.draws,
    batch: B,
    memoryLength: Tk,
    init: (inputs, options = {}) =>
      scope(() => {
        checkOptions(name, options, ['backend']);
        return fresh(parts, checkedCount(name, 'inputs', inputs), M, options.backend ?? backend);
      }),
    inputs(params) {
      checkParts(name, params);
      return inputsOf(params);
    },
    initialState: (params, batch): State => ({
      cell: cell.initialState(params.cell, batch),
      attention: zeros([batch, sizes.attention], { backend }),
      alignments: alignment.initial(batch, Tk, backend),
    }),
    check(params, { batch, inputs }, state) {
      checkParts(name, params);
      if (batch !== B) {
        const facts = { 'batch of x': batch, 'batch of the memory': B };
        const hint = 'one row of memory for each row of x; tileBatch repeats rows for beams';
        throw new ShapeError(name, 'x and the memory must have as many rows', facts, hint);
      }
      const expected = inputsOf(params);
      if (inputs !== expected) {
        const facts = {
          'features of x': inputs,
          expected,
          'features of the memory': M,
          'fed back to the cell': sizes.fed,
        };
        throw new ShapeError(
          name,
          `x has ${inputs} features, the parameters take ${expected}`,
          facts,
          `init(${inputs})`,
        );
      }
      form.check(params.attention, widths);
      alignment.check(params.alignment);
      if (state !== undefined) checkState(state, [B, sizes.attention], [B, Tk]);
      cell.check(params.cell, { batch, inputs: inputs + sizes.fed }, state?.cell);
    },
    begin(params, call) {
      const q = cell.begin(params.cell, { ...call, inputs: call.inputs + sizes.fed });
      return begun(params, ready(params), q);
    },
    // Nothing of x can go ahead: the cell sees it beside what the step before attended to.
    project: (_, x) => x,
    step(of, x, state) {
      const { q, keys, values, mask, params, weights } = of as ReturnType<typeof begun>;
      const around: FormParts<S> = {
        run: (fed, s) => cell.step(q, cell.project(q, fed), s),
        queryOf: (s) => checkedQuery(queryOf(s), B),
        look(query, previous) {
          const scores = score.compare(params.score, expandDims(query, 1), keys);
          const look = { scores, values, mask, previous: expandDims(previous, 1) };
          const { context, weights: a } = alignment.attend(weights, look);
          return [reshape(context, [B, M]), reshape(a, [B, Tk])];
        },
      };
      return form.step(params.attention, around, x, state);
    },
    prepare(params) {
      checkParts(name, params);
      const { keys, values, mask } = scope(() => ready(params));
      // Shares of its own: what it was prepared from may be freed.
      const mine: Ready = scope(() => ({
        keys: keep(reshape(keys, keys.shape)),
        values: keep(reshape(values, values.shape)),
        mask: mask && keep(reshape(mask, mask.shape)),
      }));
      if (!held) for (const x of [keys, values, mask]) x?.dispose();
      return {
        ...bound(parts, memory, mine),
        dispose: () => [mine.keys, mine.values, mine.mask].forEach((x) => x?.dispose()),
      };
    },
  };
  return self;
}

function stateH(state: Tree): Floats {
  const h = (state as { readonly h?: Floats } | null)?.h;
  if (isTensor(h)) return h as Floats;
  const hint = '{ query: (state) => state.at(-1).h } for the last of stacked cells';
  throw new ArgumentError(name, "the cell's state has no h that could ask", { state }, hint);
}

function checkedQuery(query: unknown, batch: number): Floats {
  const { shape } = checkedFloats(name, 'query', query);
  if (shape.length === 2 && shape[0] === batch) return query as Floats;
  throw new ShapeError(
    name,
    'the query must be a matrix',
    { query: shape, expected: [batch, 'any'] },
    'a part of the state',
  );
}

function checkState(state: unknown, attention: Shape, alignments: Shape): void {
  if (state === null || typeof state !== 'object')
    throw new ArgumentError(
      name,
      'initialState must be an object',
      { initialState: state },
      '{ cell, attention, alignments }',
    );
  for (const [part, expected] of Object.entries({ attention, alignments })) {
    const role = `initialState.${part}`;
    const { shape } = checkedFloats(name, role, (state as Readonly<Record<string, unknown>>)[part]);
    if (!sameShape(shape, expected))
      throw new ShapeError(
        name,
        `${role} has the wrong shape`,
        { [part]: shape, expected },
        'cell.initialState(params, batch)',
      );
  }
}
