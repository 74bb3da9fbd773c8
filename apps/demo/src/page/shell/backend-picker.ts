/** The choice of the backend. A choice that cannot be had is taken back, and the reason said. */
import { choices, type BackendId } from '../worker/backend-choices.js';
import { shared } from '../worker/client.js';
import { el } from './element.js';
import { inWords } from './notice.js';
import { remember, remembered } from './remember.js';

let chosen: BackendId = choices.find(({ id }) => id === remembered('backend'))?.id ?? 'cpu';
const listeners = new Set<() => void>();

/** The backend that computes now. */
export function backend(): BackendId {
  return chosen;
}

/** Calls `changed` after each change of the backend, at once or when the element's section is seen again. */
export function onBackend(element: HTMLElement, changed: () => void): void {
  const hidden = (): boolean => Boolean(element.closest('section')?.hidden);
  let stale = false;
  const hear = (): void => {
    stale = hidden();
    if (!stale) changed();
  };
  listeners.add(hear);
  addEventListener('section', () => {
    if (stale) hear();
  });
}

/** The labelled choice, and a line for what it has to say. */
export function backendPicker(): HTMLElement {
  const said = el('p', { class: 'said', role: 'status' });
  const options = choices.map(({ id, label, what }) => el('option', { value: id, title: what }, label));
  const select = el('select', { id: 'backend', onchange: () => void choose(select.value as BackendId) }, ...options);

  const choose = async (id: BackendId): Promise<void> => {
    select.setAttribute('aria-busy', 'true');
    said.textContent = `loading ${id} …`;
    try {
      await shared.call('load', id, null);
      if (select.value !== id) return; // another choice was made meanwhile
      chosen = id;
      remember('backend', id);
      said.textContent = '';
      for (const listener of listeners) listener();
    } catch (error) {
      if (select.value !== id) return;
      // What was remembered from another day may be gone: cpu never is.
      if (chosen === id) return void fallBack(inWords(error));
      select.value = chosen;
      said.textContent = `${inWords(error)} Still on ${chosen}.`;
    } finally {
      select.removeAttribute('aria-busy');
    }
  };
  const fallBack = async (why: string): Promise<void> => {
    select.value = 'cpu';
    await choose('cpu');
    said.textContent = `${why} Back on cpu.`;
  };
  select.value = chosen;
  if (chosen !== 'cpu') void choose(chosen);
  return el('div', { class: 'backend' }, el('label', { for: 'backend' }, 'Backend'), select, said);
}
