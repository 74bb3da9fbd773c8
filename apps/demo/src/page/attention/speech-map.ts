/** Where a network looked as it spoke: a row a phoneme, a column a letter, drawn one after the other. */
import { heatMap } from '../draw/heat-map.js';
import { el } from '../shell/element.js';
import type { Said } from './evaluation.js';

const pause = 130; // ms between two phonemes
const still = matchMedia('(prefers-reduced-motion: reduce)');

export interface SpeechMap {
  readonly element: HTMLElement;
  readonly draw: (said: Said, animate: boolean) => void;
  readonly note: (text: string) => void;
}

export function speechMap(id: string, title: string, how: string): SpeechMap {
  const letters = el('div', { class: 'letters', 'aria-hidden': 'true' });
  const phonemes = el('div', { class: 'phonemes', 'aria-hidden': 'true' });
  const map = heatMap({ cellHeight: 34 });
  const spoken = el('p', { class: 'spoken', 'aria-live': 'polite' });
  const footnote = el('p', { class: 'hint' });
  let timer: ReturnType<typeof setInterval> | undefined;

  const show = (said: Said, rows: number): void => {
    const { word, looked } = said;
    map.draw({
      rows: said.phonemes.length,
      columns: word.length,
      at: (i, j) => (i < rows ? (looked[i]?.[j] ?? 0) : 0),
      limit: 1,
      label: `${title}: where it looked. ${said.phonemes
        .map((p, i) => `${p} at ${word[strongest(looked[i] ?? [])] ?? 'nothing'}`)
        .join(', ')}`,
    });
    phonemes.replaceChildren(...said.phonemes.map((p, i) => el('span', { class: i < rows ? '' : 'later' }, p)));
  };

  return {
    element: el(
      'figure',
      { class: 'card speech', 'data-look': id },
      el('h3', {}, title),
      el('p', { class: 'equation' }, how),
      spoken,
      el('div', { class: 'alignment' }, el('div'), letters, phonemes, map.element),
      footnote,
    ),
    draw(said, animate) {
      clearInterval(timer);
      letters.style.gridTemplateColumns = `repeat(${said.word.length}, 1fr)`;
      letters.replaceChildren(...Array.from(said.word, (c) => el('span', {}, c)));
      spoken.textContent = said.phonemes.join(' ') + (said.stopped ? '' : ' …');
      if (!animate || still.matches) return show(said, said.phonemes.length);
      let rows = 0;
      show(said, rows);
      timer = setInterval(() => {
        show(said, ++rows);
        if (rows >= said.phonemes.length) clearInterval(timer);
      }, pause);
    },
    note: (text) => (footnote.textContent = text),
  };
}

function strongest(row: readonly number[]): number {
  return row.reduce((best, v, i) => (v > row[best]! ? i : best), 0);
}
