/** One step of the cell: in each row an equation, the code that computes it, and the numbers it gave. */
import { largest } from '../draw/heat-map.js';
import { fillStrip } from '../draw/numbers.js';
import { el, html } from '../shell/element.js';
import { equations } from './equations.js';
import type { CellName } from './sizes.js';
import type { Traced, Track } from './trace.js';

export function stepTable(): {
  readonly element: HTMLElement;
  readonly draw: (cell: CellName, traced: Traced, t: number) => void;
} {
  const body = el('tbody');
  const element = el(
    'div',
    { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': 'One step' },
    el(
      'table',
      { class: 'step' },
      el('thead', {}, el('tr', {}, ...['Equation', 'Code', 'Numbers'].map((text) => el('th', { scope: 'col' }, text)))),
      body,
    ),
  );
  let shown: CellName | undefined;
  const strips = new Map<string, HTMLElement>();

  const build = (cell: CellName): void => {
    shown = cell;
    strips.clear();
    const inputs = row('<i>x</i><sub>t</sub>', 'slice(x, [0, t], [-1, 1])', 'what comes in', strip('x'));
    const lines = equations[cell].map(({ track, equation, code, meaning }) =>
      row(equation, code, meaning, track === null ? el('div') : strip(track)),
    );
    body.replaceChildren(inputs, ...lines);
  };
  const strip = (track: string): HTMLElement => {
    const made = el('div', { class: 'strip', 'data-track': track });
    strips.set(track, made);
    return made;
  };

  return {
    element,
    draw(cell, traced, t) {
      if (shown !== cell) build(cell);
      for (const track of traced.tracks) {
        const into = strips.get(track.name);
        if (into) fillStrip(into, track.data.subarray(t * track.width, (t + 1) * track.width), limitOf(track));
      }
    },
  };
}

/** Gates and outputs live between −1 and 1; the input and the memory may go beyond. */
export function limitOf({ name, data }: Track): number {
  return name === 'x' || name === 'c' ? largest(data, 1) : 1;
}

function row(equation: string, code: string, meaning: string, numbers: HTMLElement): HTMLTableRowElement {
  return el(
    'tr',
    {},
    el(
      'th',
      { scope: 'row' },
      el('span', { class: 'equation' }, html(equation)),
      el('span', { class: 'hint' }, meaning),
    ),
    el('td', {}, el('pre', {}, el('code', {}, code))),
    el('td', {}, numbers),
  );
}
