/** What a decoder is made of, the parameters it begins with, and the part of the cell's state that asks. */
import { ArgumentError, checkedFloats, isTensor, scope, ShapeError } from '@recurra/core';
import type { Backend, Tree } from '@recurra/core';
import type { Score } from '@recurra/attention';
import type { Cell, Floats } from '@recurra/cells';
import type { Alignment } from './alignments/alignment.js';
import type { AttentionCellParams } from './attention-cell.js';
import type { Form, FormWidths } from './forms/form.js';

const name = 'attentionCell';

/** The parts of a decoder. */
export interface Parts<P extends Tree, S extends Tree, SP extends Tree, F extends Tree, A extends Tree> {
  readonly cell: Cell<P, S>;
  readonly score: Score<SP>;
  readonly form: Form<F>;
  readonly alignment: Alignment<A>;
  readonly queryOf: (state: S) => Floats;
}

/** Parameters for inputs and a memory of so many features. */
export function freshParams<P extends Tree, S extends Tree, SP extends Tree, F extends Tree, A extends Tree>(
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

/** The part of the state that asks, where nobody says otherwise. */
export function stateH(state: Tree): Floats {
  const h = (state as { readonly h?: Floats } | null)?.h;
  if (isTensor(h)) return h as Floats;
  const hint = '{ query: (state) => state.at(-1).h } for the last of stacked cells';
  throw new ArgumentError(name, "the cell's state has no h that could ask", { state }, hint);
}

/** A query as the score takes it, [B, Dq]. */
export function checkedQuery(query: unknown, batch: number): Floats {
  const { shape } = checkedFloats(name, 'query', query);
  if (shape.length === 2 && shape[0] === batch) return query as Floats;
  throw new ShapeError(
    name,
    'the query must be a matrix',
    { query: shape, expected: [batch, 'any'] },
    'a part of the state',
  );
}
