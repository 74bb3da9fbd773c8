/** The notebook: an equation beside its code beside its numbers, and a weight to turn. */
import { difference } from '../draw/numbers.js';
import { backend, onBackend } from '../shell/backend-picker.js';
import { el } from '../shell/element.js';
import { notice } from '../shell/notice.js';
import { newest } from '../shell/newest.js';
import { onTheme } from '../shell/theme.js';
import { labelOf, type BackendId } from '../worker/backend-choices.js';
import { shared } from '../worker/client.js';
import { segmented } from '../shell/segmented.js';
import { overTime } from './over-time.js';
import { questionTable } from './question-table.js';
import { batch, steps, type CellName } from './sizes.js';
import { stepTable } from './step-table.js';
import type { Change, Traced } from './trace.js';
import { weightPanel } from './weight-panel.js';

export function fill(section: HTMLElement): void {
  let cell: CellName = 'LSTM';
  let sequence = 0;
  let t = 5;
  let changes: readonly Change[] = [];
  let traced: Traced | undefined;
  /** The same run with Keras's weights: what a change is measured against. */
  let original: Traced | undefined;
  /** Which run that is, and what it and `traced` were computed on. */
  let originalOf = '';
  let computedOn: BackendId = backend();

  const cells = segmented('Cell', ['SimpleRNN', 'LSTM', 'GRU'], cell, (next) => {
    cell = next;
    changes = [];
    compute();
  });
  const rows = segmented(
    'Sequence',
    Array.from({ length: batch }, (_, i) => String(i + 1)),
    '1',
    (next) => {
      sequence = Number(next) - 1;
      compute();
    },
  );
  const slider = el('input', {
    type: 'range',
    id: 'time',
    min: 1,
    max: steps,
    value: t + 1,
    oninput: () => goTo(Number(slider.value) - 1),
  });
  const now = el('output', { for: 'time' });
  const table = stepTable();
  const maps = overTime((column) => goTo(column));
  const weights = weightPanel((next) => {
    changes = next;
    compute();
  });
  const verdict = el('div', { class: 'verdict', role: 'status' });
  const problems = el('div');

  section.append(
    el('h1', {}, 'A cell, one step at a time'),
    el(
      'p',
      { class: 'lead' },
      'A recurrent cell reads a sequence and keeps a state. Move through time and watch every gate; then turn one weight ' +
        'and see how far it reaches. The weights and the input are Keras’s, and so are the numbers, until you change them.',
    ),
    el('div', { class: 'row' }, cells, rows),
    problems,
    el(
      'div',
      { class: 'card' },
      el('div', { class: 'slider' }, el('label', { for: 'time' }, 'Time'), slider, now),
      table.element,
    ),
    el('h2', {}, 'All of time'),
    el(
      'p',
      { class: 'hint' },
      'A column is a moment, a row a unit. Gold is below zero, blue above. Click to go there.',
    ),
    maps.element,
    el('h2', {}, 'Turn a weight'),
    weights.element,
    el('h2', {}, 'Are my results the same as the Keras layer?'),
    verdict,
    questionTable(),
  );

  const draw = (): void => {
    now.textContent = `t = ${t + 1}`;
    if (traced === undefined || original === undefined) return;
    const base = weights.onlyChange() ? original : undefined;
    table.draw(traced.cell, traced, t);
    maps.draw(traced, t, base);
    weights.draw(traced, original, traced.changes);
    showVerdict(verdict, traced, computedOn);
  };
  const goTo = (next: number): void => {
    t = next;
    slider.value = String(t + 1);
    draw();
  };

  const compute = newest(async () => {
    const [on, ask] = [backend(), { cell, changes, sequence }];
    const which = [on, cell, sequence].join();
    try {
      const keras = originalOf === which ? original! : await shared.call('trace', on, { ...ask, changes: [] });
      const turned = ask.changes.length > 0 ? await shared.call('trace', on, ask) : keras;
      [original, traced, originalOf, computedOn] = [keras, turned, which, on];
      problems.replaceChildren();
      draw();
    } catch (error) {
      problems.replaceChildren(notice(error, { text: 'Compute again', act: compute }));
    }
  });
  onBackend(section, compute);
  onTheme(draw);
  compute();
}

function showVerdict(into: HTMLElement, { byHand, library, changes }: Traced, on: BackendId): void {
  const name = labelOf(on);
  into.replaceChildren(
    ...[['the lines above, op by op', byHand] as const, ['the library’s cell', library] as const].map(
      ([how, { equal, far }]) =>
        el(
          'p',
          {},
          el('b', { class: equal ? 'yes' : 'no' }, String(equal)),
          ` ${how} on ${name}: largest difference to Keras ${difference(far)}`,
        ),
    ),
    ...(changes.length > 0
      ? [el('p', { class: 'hint' }, 'You turned a weight: Keras did not. Put it back to hear true again.')]
      : []),
  );
}
