/** DOM elements in one expression: `el('p', { class: 'lead' }, 'Hello ', el('b', {}, 'you'))`. */

type Attributes = Readonly<Record<string, string | number | boolean | undefined | ((event: Event) => void)>>;
type Child = Node | string;

/** Functions become listeners (`onclick` hears `click`); true an attribute without a value; false and undefined none. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, '');
    else if (value !== false && value !== undefined) made.setAttribute(name, String(value));
  }
  made.append(...children);
  return made;
}

/** Elements from HTML that this program wrote itself: equations with their subscripts. */
export function html(text: string): DocumentFragment {
  return document.createRange().createContextualFragment(text);
}
