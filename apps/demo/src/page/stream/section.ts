/** Typing into a streaming GRU: each key is one step, and the network says which letter it expects next. */
import { heatMap } from '../draw/heat-map.js';
import { backend, onBackend } from '../shell/backend-picker.js';
import { el } from '../shell/element.js';
import { newest } from '../shell/newest.js';
import { notice } from '../shell/notice.js';
import { labelOf, type BackendId } from '../worker/backend-choices.js';
import { shared } from '../worker/client.js';
import { ALPHABET, units } from './sizes.js';
import type { Spelled } from './spell.js';

const sample = 'recurrent attention remembers';
const longest = 60;

export function fill(section: HTMLElement): void {
  const input = el('input', {
    type: 'text',
    id: 'typed',
    maxlength: longest,
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: 'false',
    oninput: () => set(input.value), // who types ends the sample
  });
  let timer: ReturnType<typeof setInterval> | undefined;
  const play = el('button', { type: 'button', onclick: () => playSample() }, 'Play the sample');
  const clear = el('button', { type: 'button', onclick: () => set('') }, 'Clear');
  const microseconds = el('b', { class: 'big' });
  const timing = el('span', { class: 'hint' });
  const said = el('div', { class: 'typed', 'aria-hidden': 'true' });
  const map = heatMap({ cellHeight: 5 });
  const guesses = el('ol', { class: 'guesses', 'aria-label': 'The letters it expects next' });
  const about = el('p', { class: 'hint' });
  const problems = el('div');

  section.append(
    el('h1', {}, 'One letter at a time'),
    el(
      'p',
      { class: 'lead' },
      'Type, and each key is one step of a GRU that keeps its state. It has learnt how English words are spelt, and says which ' +
        'letter it expects next.',
    ),
    el(
      'div',
      { class: 'row' },
      el(
        'div',
        { class: 'grow' },
        el('label', { for: 'typed' }, `Type words here: a to z, at most ${longest} letters`),
        input,
      ),
      play,
      clear,
    ),
    problems,
    el(
      'div',
      { class: 'split' },
      el(
        'div',
        { class: 'card' },
        el('h2', {}, 'The state, letter by letter'),
        el(
          'p',
          { class: 'hint' },
          'A column a letter, a row one of 64 units. Underlined letters came as a surprise. What is no letter ends a word.',
        ),
        said,
        map.element,
      ),
      el('div', { class: 'card' }, el('h2', {}, 'What comes next?'), guesses),
    ),
    el('p', { class: 'timing', role: 'status' }, microseconds, timing),
    about,
  );

  const draw = (
    on: BackendId,
    text: string,
    { states, expected, next, microseconds: mean, timed, about: how }: Spelled,
  ): void => {
    const columns = states.length / units;
    const shown = ` ${text}`;
    map.draw({
      rows: units,
      columns: Math.max(columns, 12),
      at: (row, column) => (column < columns ? states[column * units + row]! : 0),
      limit: 1,
      label: `${units} units of the state over ${columns} steps`,
    });
    said.style.gridTemplateColumns = `repeat(${Math.max(columns, 12)}, 1fr)`;
    said.replaceChildren(
      ...Array.from(shown, (c, i) =>
        el('span', { class: i > 0 && expected[i - 1]! < 0.03 ? 'surprise' : '' }, c === ' ' ? '·' : c),
      ),
    );
    const order = next.map((p, i) => ({ p, c: ALPHABET[i]! })).sort((a, b) => b.p - a.p);
    guesses.replaceChildren(
      ...order
        .slice(0, 8)
        .map(({ p, c }) =>
          el(
            'li',
            {},
            el('span', { class: 'letter' }, c === ' ' ? 'end' : c),
            el('span', { class: 'bar' }, el('span', { style: `width:${(100 * p).toFixed(1)}%` })),
            el('span', { class: 'number' }, `${(100 * p).toFixed(0)} %`),
          ),
        ),
    );
    microseconds.textContent = mean < 100 ? `${mean.toFixed(1)} µs` : `${Math.round(mean).toLocaleString('en')} µs`;
    timing.textContent = ` a step on ${labelOf(on)}, the mean over ${timed} steps just now`;
    about.textContent =
      `What it is: GRU(64) and a dense layer, trained by @recurra/train on the letters of ${how.words.toLocaleString('en')} words ` +
      `of CMUdict, ${how.epochs} times through, to guess the next letter, and nothing else: it knows spellings, no sentences. On ` +
      `words it never saw it is as unsure as somebody who chooses among ${how.letters.toFixed(1)} letters (of 27).`;
  };

  const compute = newest(async () => {
    const [on, text] = [backend(), input.value];
    try {
      const spelled = await shared.call('spell', on, { text });
      problems.replaceChildren();
      draw(on, text, spelled);
    } catch (error) {
      problems.replaceChildren(notice(error, { text: 'Try again', act: compute }));
    }
  });
  const set = (text: string): void => {
    clearInterval(timer);
    timer = undefined;
    play.textContent = 'Play the sample';
    if (input.value !== text) input.value = text; // to write it moves the cursor
    compute();
  };
  const playSample = (): void => {
    if (timer !== undefined) return set(input.value);
    set('');
    play.textContent = 'Stop';
    timer = setInterval(() => {
      input.value = sample.slice(0, input.value.length + 1);
      compute();
      if (input.value.length === sample.length) set(sample);
    }, 180);
  };
  onBackend(section, compute);
  set('recurren');
}
