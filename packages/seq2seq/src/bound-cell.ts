/** A decoder that knows its memory: the functions of a `Cell`, made of those of cell, score, form and alignment. */
import {
  ArgumentError,
  checkedCount,
  checkedFloats,
  checkOptions,
  concat,
  expandDims,
  keep,
  reshape,
  sameShape,
  scope,
  ShapeError,
  split,
  zeros,
} from '@recurra/core';
import type { Shape, Tensor, Tree } from '@recurra/core';
import type { Floats } from '@recurra/cells';
import type { Look } from './alignments/alignment.js';
import type { AttentionCellParams, BoundAttentionCell } from './attention-cell.js';
import { checkParts } from './checks.js';
import type { DecoderState, FormParts, FormWidths } from './forms/form.js';
import { valuesOf, type Memory } from './memory.js';
import { checkedQuery, freshParams, type Parts } from './parts.js';

const name = 'attentionCell';

/** What is computed once for a sequence. */
interface Ready {
  readonly keys: Floats;
  readonly values: Floats;
  readonly mask: Tensor<'bool'> | null;
}

export function bound<P extends Tree, S extends Tree, SP extends Tree, F extends Tree, A extends Tree>(
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
  const begun = (params: All, { keys, values, mask }: Ready, q: unknown, calls: number | null) => ({
    q,
    keys,
    values,
    mask,
    params,
    weights: alignment.begin(params.alignment, Tk, backend),
    noise: noiseOf(calls),
  });
  /** What draws the noise of one call. It counts: a cell between others is asked step by step. */
  const noiseOf = (calls: number | null): ((rows: Shape) => Floats) | null => {
    const { noise } = alignment;
    let asked = 0;
    return calls === null || noise === undefined ? null : (rows) => noise(calls, asked++, [...rows, Tk], backend);
  };

  type Begun = ReturnType<typeof begun>;

  const self: BoundAttentionCell<All, S> = {
    name,
    units: sizes.output,
    draws: cell.draws,
    batch: B,
    memoryLength: Tk,
    init: (inputs, options = {}) =>
      scope(() => {
        checkOptions(name, options, ['backend']);
        return freshParams(parts, checkedCount(name, 'inputs', inputs), M, options.backend ?? backend);
      }),
    inputs(params) {
      checkParts(name, params);
      return inputsOf(params);
    },
    initialState(params, batch): State {
      checkParts(name, params);
      return {
        cell: cell.initialState(params.cell, batch),
        attention: zeros([batch, sizes.attention], { backend }),
        alignments: alignment.initial(batch, Tk, backend),
      };
    },
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
      return begun(params, ready(params), q, call.dropoutCounter);
    },
    // Nothing of x can go ahead: the cell sees it beside what the step before attended to. Noise goes with it, to its step.
    project(of, x) {
      const { noise } = of as Begun;
      return noise === null ? x : concat([x, noise(x.shape.slice(0, -1))], -1);
    },
    step(of, z, state) {
      const { q, keys, values, mask, params, weights, ...begins } = of as Begun;
      const [x, e] = begins.noise === null ? [z] : split(z, [z.shape[1]! - Tk, Tk], -1);
      const noise = e === undefined ? null : expandDims(e, 1);
      const around: FormParts<S> = {
        run: (fed, s) => cell.step(q, cell.project(q, fed), s),
        queryOf: (s) => checkedQuery(queryOf(s), B),
        look(query, previous) {
          const q1 = expandDims(query, 1);
          let scores: Floats | undefined;
          const look: Look = {
            // Made when they are asked for: a softmax in one call never does.
            get scores() {
              return (scores ??= score.compare(params.score, q1, keys));
            },
            values,
            mask,
            previous: expandDims(previous, 1),
            noise,
            softmax: () => score.attend(params.score, q1, keys, values, mask),
          };
          const { context, weights: a } = alignment.attend(weights, look);
          return [reshape(context, [B, M]), reshape(a, [B, Tk])];
        },
      };
      return form.step(params.attention, around, x!, state);
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

function checkState(state: unknown, attention: Shape, alignments: Shape): void {
  if (state === null || typeof state !== 'object')
    throw new ArgumentError(
      name,
      'initialState must be an object',
      { initialState: state },
      '{ cell, attention, alignments }',
    );
  // Left out, the cell would take the check for one of a call without a state.
  if ((state as Readonly<Record<string, unknown>>)['cell'] == null)
    throw new ArgumentError(name, 'initialState.cell is missing', { state }, '{ cell, attention, alignments }');
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
