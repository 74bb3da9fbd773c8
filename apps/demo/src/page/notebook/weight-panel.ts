/** The weights as heat maps; one of them can be held and turned, by pointer or by keyboard. */
import { heatMap, largest } from '../draw/heat-map.js';
import { fixed } from '../draw/numbers.js';
import { el } from '../shell/element.js';
import type { Matrix } from './sizes.js';
import type { Change, Traced } from './trace.js';

export interface WeightPanel {
  readonly element: HTMLElement;
  readonly draw: (traced: Traced, original: Traced, changes: readonly Change[]) => void;
  /** Whether the heat maps over time are to show only what a change changes. */
  readonly onlyChange: () => boolean;
}

export function weightPanel(change: (changes: readonly Change[]) => void): WeightPanel {
  let held: { matrix: Matrix; row: number; column: number } = { matrix: 'W', row: 0, column: 0 };
  let changes: readonly Change[] = [];
  let last: [Traced, Traced] | undefined;

  const hold = (matrix: Matrix, row: number, column: number): void => {
    held = { matrix, row, column };
    if (last) draw(...last, changes);
  };
  const turn = (value: number): void => {
    const others = changes.filter((c) => c.matrix !== held.matrix || c.row !== held.row || c.column !== held.column);
    change([...others, { ...held, value }]);
  };

  const maps = { W: heatMap({ onPick: (i, j) => hold('W', i, j) }), U: heatMap({ onPick: (i, j) => hold('U', i, j) }) };
  const matrix = el(
    'select',
    { id: 'matrix', onchange: () => hold(matrix.value as Matrix, 0, 0) },
    el('option', { value: 'W' }, 'W, from the input'),
    el('option', { value: 'U' }, 'U, from the state'),
  );
  const number = (id: string): HTMLInputElement =>
    el('input', {
      type: 'number',
      id,
      min: 1,
      value: 1,
      oninput: () => {
        const [row, column] = [rowInput, columnInput].map((input) =>
          Math.min(Math.max(1, Math.trunc(Number(input.value)) || 1), Number(input.max) || 1),
        );
        hold(held.matrix, row! - 1, column! - 1);
      },
    });
  const [rowInput, columnInput] = [number('weight-row'), number('weight-column')];
  const value = el('input', {
    type: 'range',
    id: 'weight',
    min: -3,
    max: 3,
    step: 0.01,
    oninput: () => turn(Number(value.value)),
  });
  const shown = el('output', { for: 'weight' });
  const only = el('input', { type: 'checkbox', id: 'only', onchange: () => change(changes) });
  const back = el('button', { type: 'button', onclick: () => change([]) }, 'Put Keras’s weights back');

  const draw = (traced: Traced, original: Traced, now: readonly Change[]): void => {
    [last, changes] = [[traced, original], now];
    for (const name of ['W', 'U'] as const) {
      const { shape, data } = traced.weights[name];
      const [rows, columns] = shape as readonly [number, number];
      if (held.matrix === name) {
        held = { ...held, row: Math.min(held.row, rows - 1), column: Math.min(held.column, columns - 1) };
        [rowInput.max, columnInput.max] = [String(rows), String(columns)];
      }
      maps[name].draw({
        rows,
        columns,
        at: (i, j) => data[i * columns + j]!,
        limit: largest(original.weights[name].data),
        ...(held.matrix === name && { cell: [held.row, held.column] as const }),
        label: `${name}, ${rows} by ${columns} weights`,
      });
    }
    const { shape, data } = traced.weights[held.matrix];
    const weight = data[held.row * shape[1]! + held.column]!;
    matrix.value = held.matrix;
    if (document.activeElement !== rowInput) rowInput.value = String(held.row + 1);
    if (document.activeElement !== columnInput) columnInput.value = String(held.column + 1);
    value.value = String(weight);
    shown.textContent = fixed(weight);
    back.disabled = changes.length === 0;
  };

  const element = el(
    'div',
    { class: 'card weights' },
    el(
      'div',
      { class: 'row' },
      el('div', {}, el('label', { for: 'matrix' }, 'Matrix'), matrix),
      el('div', {}, el('label', { for: 'weight-row' }, 'Row'), rowInput),
      el('div', {}, el('label', { for: 'weight-column' }, 'Column'), columnInput),
    ),
    el('div', { class: 'slider' }, el('label', { for: 'weight' }, 'Weight'), value, shown),
    el('div', { class: 'row' }, el('label', { class: 'check' }, only, 'Show only what it changes'), back),
    el(
      'div',
      { class: 'pair' },
      el(
        'figure',
        {},
        el('figcaption', {}, el('b', {}, 'W'), ' from the input; click a weight to hold it'),
        maps.W.element,
      ),
      el('figure', {}, el('figcaption', {}, el('b', {}, 'U'), ' from the state before'), maps.U.element),
    ),
  );
  return { element, draw, onlyChange: () => only.checked };
}
