/** What went wrong, in words, with a way on. Nothing that was there is taken away. */
import { el } from './element.js';

export interface WayOn {
  readonly text: string;
  readonly act: () => void;
}

/** A box that says it; screen readers hear it at once. */
export function notice(problem: unknown, ...ways: readonly WayOn[]): HTMLElement {
  const box = el('div', { class: 'notice', role: 'alert' }, el('p', {}, inWords(problem)));
  for (const { text, act } of ways) {
    const go = (): void => {
      box.remove();
      act();
    };
    box.append(el('button', { type: 'button', onclick: go }, text));
  }
  return box;
}

export function inWords(problem: unknown): string {
  const said = problem instanceof Error ? problem.message : String(problem);
  // Each browser has its own sentence for code that did not come: "dynamically imported module", "Importing a module script failed".
  return /dynamically imported module|module script/.test(said)
    ? 'A part of this page could not be loaded. Is the connection still there?'
    : said;
}
