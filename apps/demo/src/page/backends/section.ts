/** Every backend side by side: time of a step, and how far its numbers are from those of cpu. Measured when asked for. */
import { difference } from '../draw/numbers.js';
import { el } from '../shell/element.js';
import { inWords } from '../shell/notice.js';
import { choices, type BackendId } from '../worker/backend-choices.js';
import { shared } from '../worker/client.js';
import { load } from './load.js';

interface Row {
  readonly id: BackendId;
  readonly step: HTMLElement;
  readonly far: HTMLElement;
  readonly bar: HTMLElement;
  readonly button: HTMLButtonElement;
  microseconds: number | null;
}

// Our own are measured at once; engines of TensorFlow.js are loaded only when somebody wants to know.
const own: readonly BackendId[] = ['cpu', 'wasm', 'wasm-relaxed', 'wasm-threads'];

export function fill(section: HTMLElement): void {
  let reference: Float32Array | undefined;
  const rows = choices.map(({ id }): Row => {
    const button = el('button', { type: 'button', onclick: () => void all([id]) }, 'Measure');
    return {
      id,
      step: el('td', { class: 'number' }),
      far: el('td', { class: 'number far' }),
      bar: el('span'),
      button,
      microseconds: null,
    };
  });
  const everything = el(
    'button',
    { type: 'button', class: 'main', onclick: () => void all(choices.map(({ id }) => id)) },
    'Measure all',
  );
  const status = el('p', { class: 'hint', role: 'status' });

  section.append(
    el('h1', {}, 'One program, many machines'),
    el(
      'p',
      { class: 'lead' },
      'The same LSTM on every backend that this browser has: how long a step takes, and how far its numbers are from those of ' +
        'cpu. A backend is seventeen small functions; everything else is shared.',
    ),
    el(
      'p',
      { class: 'hint' },
      `LSTM(${load.units}), ${load.batch} sequences of ${load.steps} steps with ${load.features} features; the outputs are read ` +
        'back each time. The median over as many runs as fit into 0.4 s, divided by the steps. Measure all also loads ' +
        'TensorFlow.js (0.5 MB compressed).',
    ),
    el('div', { class: 'row' }, everything, status),
    el(
      'div',
      { class: 'scroll card', tabindex: 0, role: 'group', 'aria-label': 'Backends' },
      el(
        'table',
        { class: 'backends' },
        el(
          'thead',
          {},
          el(
            'tr',
            {},
            ...['Backend', 'Time of a step', 'Largest difference to cpu'].map((t) => el('th', { scope: 'col' }, t)),
            el('td'),
          ),
        ),
        el(
          'tbody',
          {},
          ...rows.map(({ id, step, far, bar, button }) => {
            const { label, what } = choices.find((choice) => choice.id === id)!;
            button.setAttribute('aria-label', `Measure ${label}`);
            return el(
              'tr',
              { 'data-backend': id },
              el('th', { scope: 'row' }, label, el('span', { class: 'hint' }, what), el('span', { class: 'bar' }, bar)),
              step,
              far,
              el('td', {}, button),
            );
          }),
        ),
      ),
    ),
  );

  const one = async (row: Row): Promise<void> => {
    row.step.textContent = '…';
    row.far.textContent = '';
    row.far.classList.remove('words');
    try {
      const { step, outputs, runs } = await shared.call('measure', row.id, null);
      if (row.id === 'cpu') reference = outputs;
      reference ??= (await shared.call('measure', 'cpu', null)).outputs;
      row.microseconds = step;
      row.step.textContent = `${step < 10 ? step.toFixed(1) : Math.round(step).toLocaleString('en')} µs`;
      row.step.title = `median of ${runs} runs`;
      row.far.textContent = row.id === 'cpu' ? 'the reference' : difference(farthest(outputs, reference));
    } catch (error) {
      row.microseconds = null;
      row.step.textContent = '–';
      row.far.textContent = inWords(error);
      row.far.classList.add('words');
    }
    const longest = Math.max(...rows.map((r) => r.microseconds ?? 0));
    for (const { bar, microseconds } of rows)
      bar.style.width = microseconds === null ? '0' : `${Math.max(1, (100 * microseconds) / longest)}%`;
  };
  const all = async (ids: readonly BackendId[]): Promise<void> => {
    const buttons = [everything, ...rows.map(({ button }) => button)];
    for (const button of buttons) button.disabled = true;
    for (const row of rows) {
      if (!ids.includes(row.id)) continue;
      status.textContent = `measuring ${row.id} …`;
      await one(row);
    }
    status.textContent = 'Measured on this machine, just now.';
    for (const button of buttons) button.disabled = false;
  };
  void all(own);
}

function farthest(a: Float32Array, b: Float32Array): number {
  return a.reduce((most, v, i) => {
    const d = Math.abs(v - b[i]!);
    return d <= most ? most : Number.isNaN(d) ? Infinity : d;
  }, 0);
}
