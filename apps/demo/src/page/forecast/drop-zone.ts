/** Where a file is dropped or chosen, and which of its columns is meant. */
import { el } from '../shell/element.js';
import { notice } from '../shell/notice.js';
import { columnsOf, type Column } from './csv.js';

const most = 5_000_000;

/** Files may be dropped anywhere on `area`. `choose` gets the column, or null for the sunspots; problems are said in `problems`. */
export function dropZone(
  area: HTMLElement,
  problems: HTMLElement,
  choose: (column: Column | null) => void,
): {
  readonly element: HTMLElement;
  readonly reset: () => void;
} {
  let columns: readonly Column[] = [];
  const input = el('input', {
    type: 'file',
    id: 'csv',
    accept: '.csv,.tsv,.txt,text/csv,text/plain',
    onchange: () => void read(input.files?.[0]),
  });
  const select = el('select', { id: 'column', onchange: () => choose(columns[select.selectedIndex]!) });
  const which = el('div', { hidden: true }, el('label', { for: 'column' }, 'Column'), select);

  const reset = (): void => {
    input.value = '';
    which.hidden = true;
    problems.replaceChildren();
    back.hidden = true;
    choose(null);
  };
  const back = el('button', { type: 'button', hidden: true, onclick: reset }, 'Back to the sunspots');

  const read = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    try {
      if (file.size > most) throw new Error(`${file.name} has more than 5 MB: take a part of it.`);
      columns = columnsOf(await file.text());
      problems.replaceChildren();
      select.replaceChildren(
        ...columns.map(({ name, values }) => el('option', {}, `${name} (${values.length} numbers)`)),
      );
      which.hidden = false;
      back.hidden = false;
      // The last column: the first is often a date.
      select.selectedIndex = columns.length - 1;
      choose(columns.at(-1)!);
    } catch (error) {
      input.value = ''; // the same file may be chosen again when it is mended
      problems.replaceChildren(notice(error, { text: 'Choose another file', act: () => input.click() }));
    }
  };

  const element = el(
    'div',
    { class: 'card drop' },
    el('div', { class: 'row' }, el('div', {}, el('label', { for: 'csv' }, 'A CSV file'), input), which, back),
  );
  // All of the window: a file that is dropped beside the box would be opened by the browser in place of the page.
  addEventListener('dragover', (event) => {
    if (area.hidden) return;
    event.preventDefault();
    element.classList.add('over');
  });
  addEventListener('dragleave', () => element.classList.remove('over'));
  addEventListener('drop', (event) => {
    if (area.hidden) return;
    event.preventDefault();
    element.classList.remove('over');
    void read(event.dataTransfer?.files[0]);
  });
  return { element, reset };
}
