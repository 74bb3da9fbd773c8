/** Light or dark: as the system says, until the visitor says otherwise; the choice is kept. */
import { el } from './element.js';
import { remember, remembered } from './remember.js';

type Theme = 'light' | 'dark';
const dark = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();

export function theme(): Theme {
  return (document.documentElement.dataset['theme'] as Theme | undefined) ?? (dark.matches ? 'dark' : 'light');
}

/** Calls `redraw` whenever the colours change: canvases have to be drawn again. */
export function onTheme(redraw: () => void): void {
  listeners.add(redraw);
}

/** The button that changes the theme. */
export function themeButton(): HTMLButtonElement {
  const button = el('button', { type: 'button', class: 'quiet', onclick: toggle });
  const show = (): void => {
    const other = theme() === 'dark' ? 'light' : 'dark';
    button.textContent = other === 'dark' ? '☾' : '☀';
    button.setAttribute('aria-label', `Switch to the ${other} theme`);
    button.title = `Switch to the ${other} theme`;
  };
  const kept = remembered('theme');
  if (kept === 'light' || kept === 'dark') document.documentElement.dataset['theme'] = kept;
  onTheme(show);
  dark.addEventListener('change', changed);
  show();
  return button;
}

function toggle(): void {
  const next: Theme = theme() === 'dark' ? 'light' : 'dark';
  document.documentElement.dataset['theme'] = next;
  remember('theme', next);
  changed();
}

function changed(): void {
  for (const redraw of listeners) redraw();
}
