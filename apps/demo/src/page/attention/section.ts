/** Attention: a word goes in, phonemes come out, and a heat map shows which letter each of them was read from. */
import { backend, onBackend } from '../shell/backend-picker.js';
import { el } from '../shell/element.js';
import { newest } from '../shell/newest.js';
import { notice } from '../shell/notice.js';
import { plainWord } from '../shell/plain-letters.js';
import { segmented } from '../shell/segmented.js';
import { shared } from '../worker/client.js';
import type { Look } from './network.js';
import type { About } from './pronounce.js';
import { speechMap } from './speech-map.js';
import { trainingPanel } from './training-panel.js';

const looks = ['bahdanau', 'luong'] as const;
const longest = 16;

export function fill(section: HTMLElement): void {
  const own: Record<Look, Uint8Array | null> = { bahdanau: null, luong: null };
  let use: 'came with the page' | 'trained here' = 'came with the page';

  const input = el('input', {
    type: 'text',
    id: 'word',
    value: 'attention',
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: 'false',
    'aria-describedby': 'word-hint',
    oninput: () => compute(),
  });
  const hint = el('p', { class: 'hint', id: 'word-hint', 'aria-live': 'polite' });
  const suggestions = ['rhythm', 'photograph', 'knowledge', 'recurrent'].map((word) =>
    el('button', { type: 'button', onclick: () => ((input.value = word), compute()) }, word),
  );
  const which = segmented('Networks', ['came with the page', 'trained here'], use, (next) => {
    use = next;
    compute();
  });
  const maps = {
    bahdanau: speechMap('bahdanau', 'Bahdanau, before the step', 'score(q, k) = v · tanh(W q + U k),  q = hₜ₋₁'),
    luong: speechMap('luong', 'Luong, after the step', 'score(q, k) = q · W k,  q = hₜ'),
  } as const;
  const dictionary = el('p', { class: 'hint' });
  const problems = el('div');
  const panel = trainingPanel((look, weights) => {
    own[look] = weights;
    if (use === 'trained here') compute();
  });

  section.append(
    el('h1', {}, 'Where does it look?'),
    el(
      'p',
      { class: 'lead' },
      'Two networks read a word letter by letter and say it phoneme by phoneme. Before each phoneme they look back at the ' +
        'letters: attention. Nobody told them which letters make which sound.',
    ),
    el(
      'div',
      { class: 'row' },
      el('div', { class: 'grow' }, el('label', { for: 'word' }, 'Type a word'), input, hint),
      el('div', { class: 'row tight' }, ...suggestions),
    ),
    problems,
    el('div', { class: 'twin' }, ...looks.map((look) => maps[look].element)),
    dictionary,
    which,
    el('h2', {}, 'Train it yourself'),
    panel,
  );

  /** What the maps show: the same again is not drawn letter by letter again. */
  let drawn = '';
  const compute = newest(async () => {
    const { word: typed, left } = plainWord(input.value);
    const word = typed.slice(0, longest);
    hint.textContent = [
      ...(left.length > 0 ? [`The networks know only the letters a to z: without ${left.join(' ')}.`] : []),
      ...(typed.length > longest ? [`Words of at most ${longest} letters: the first ${longest} are read.`] : []),
      ...(word === '' ? ['Type a word of the letters a to z. The last one stays below.'] : []),
    ].join(' ');
    if (word === '') return;
    const [on, of] = [backend(), use];
    const weights = of === 'trained here' ? { ...own } : { bahdanau: null, luong: null };
    try {
      const { said, about, dictionary: right } = await shared.call('pronounce', on, { word, weights });
      problems.replaceChildren();
      for (const look of looks) {
        maps[look].draw(said[look], drawn !== word + of);
        maps[look].note(weights[look] ? 'Trained here, in your browser.' : inWords(about[look], of));
      }
      drawn = word + of;
      dictionary.textContent =
        right === null
          ? `CMUdict’s part that came with the page does not have “${word}”: the networks go by its letters.`
          : `CMUdict says ${right.join(' ')}.`;
    } catch (error) {
      problems.replaceChildren(notice(error, { text: 'Try again', act: compute }));
    }
  });
  onBackend(section, compute);
  compute();
}

function inWords({ words, epochs, heldOut, phonemeErrors, wordErrors }: About, use: string): string {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  return (
    (use === 'trained here' ? 'Not trained here yet; this one came with the page. ' : '') +
    `Trained by @recurra/train on ${words.toLocaleString('en')} words, ${epochs} times through. Of ${heldOut} words it never ` +
    `saw, ${percent(phonemeErrors)} of the phonemes are wrong, and ${percent(wordErrors)} of the words have an error.`
  );
}
