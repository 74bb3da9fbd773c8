/** A few choices side by side: radio buttons, so that arrow keys and screen readers know what to do. */
import { el } from './element.js';

let count = 0;

export function segmented<T extends string>(
  title: string,
  options: readonly T[],
  chosen: T,
  choose: (option: T) => void,
): HTMLFieldSetElement {
  const name = `segmented-${count++}`;
  return el(
    'fieldset',
    { class: 'segmented' },
    el('legend', {}, title),
    ...options.map((option) =>
      el(
        'label',
        {},
        el('input', { type: 'radio', name, value: option, checked: option === chosen, onchange: () => choose(option) }),
        el('span', {}, option),
      ),
    ),
  );
}
