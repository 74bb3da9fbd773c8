/** The five sections, one shown at a time: the address names it (#forecast), and its code is loaded when it is first seen. */
import { el } from './element.js';
import { notice } from './notice.js';

export interface SectionInfo {
  readonly id: string;
  readonly title: string;
  /** Fills the section; it is called once. */
  readonly load: () => Promise<{ readonly fill: (into: HTMLElement) => void | Promise<void> }>;
}

/** Builds the navigation and shows the section that the address names. */
export function showSections(nav: HTMLElement, main: HTMLElement, sections: readonly SectionInfo[]): void {
  const links = sections.map(({ id, title }) => el('a', { href: `#${id}` }, title));
  nav.append(...links);
  // The arrow keys walk along the sections, as well as Tab.
  nav.addEventListener('keydown', (event) => {
    const at = links.indexOf(document.activeElement as HTMLAnchorElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: links.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    links[(to + links.length) % links.length]!.focus();
  });

  const shown = new Map<string, HTMLElement>();
  const show = (focus: boolean): void => {
    const id = location.hash.slice(1);
    const section = sections.find((s) => s.id === id) ?? sections[0]!;
    for (const link of links) {
      const here = link.hash === `#${section.id}`;
      if (here) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
    links.find((link) => link.hash === `#${section.id}`)?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    let element = shown.get(section.id);
    if (element === undefined) {
      element = el('section', { id: `section-${section.id}`, 'aria-label': section.title });
      shown.set(section.id, element);
      main.append(element);
      void fill(section, element);
    }
    for (const other of shown.values()) other.hidden = other !== element;
    document.title = `${section.title} · Recurra`;
    if (focus) main.focus({ preventScroll: true });
    scrollTo({ top: 0 });
    dispatchEvent(new CustomEvent('section', { detail: section.id }));
  };
  // The link past the navigation leaves the address alone, which names the section.
  document.querySelector('.skip')?.addEventListener('click', (event) => {
    event.preventDefault();
    main.focus();
  });
  addEventListener('hashchange', () => show(true));
  show(false);
}

async function fill(section: SectionInfo, element: HTMLElement): Promise<void> {
  try {
    const { fill: into } = await section.load();
    await into(element);
    element.dataset['ready'] = '';
  } catch (error) {
    element.replaceChildren(notice(error, { text: 'Try again', act: () => void fill(section, element) }));
  }
}
