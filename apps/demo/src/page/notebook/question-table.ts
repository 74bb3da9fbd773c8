/** The question of every cell and attention, on the chosen backend: asked again with each change of it. */
import { difference } from '../draw/numbers.js';
import { backend, onBackend } from '../shell/backend-picker.js';
import { el } from '../shell/element.js';
import { notice } from '../shell/notice.js';
import { labelOf } from '../worker/backend-choices.js';
import { shared } from '../worker/client.js';

export function questionTable(): HTMLElement {
  const element = el('div', { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': 'Every cell and attention' });
  const ask = async (): Promise<void> => {
    const id = backend();
    try {
      const rows = await shared.call('verdicts', id, null);
      if (id !== backend()) return;
      const head = ['', `the same on ${labelOf(id)}?`, 'largest difference to Keras'];
      element.replaceChildren(
        el(
          'table',
          { class: 'verdicts' },
          el('thead', {}, el('tr', {}, ...head.map((text) => (text ? el('th', { scope: 'col' }, text) : el('td'))))),
          el(
            'tbody',
            {},
            ...rows.map(({ name, answers: [answer] }) =>
              el(
                'tr',
                {},
                el('th', { scope: 'row' }, name),
                el('td', {}, el('b', { class: answer!.equal ? 'yes' : 'no' }, String(answer!.equal))),
                el('td', { class: 'number' }, difference(answer!.far)),
              ),
            ),
          ),
        ),
      );
    } catch (error) {
      if (id !== backend()) return;
      element.replaceChildren(notice(error, { text: 'Ask again', act: () => void ask() }));
    }
  };
  onBackend(element, () => void ask());
  void ask();
  return element;
}
