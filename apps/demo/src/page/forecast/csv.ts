/** Columns of numbers from a text file: separated by commas, semicolons or tabs, with or without a line of names. */

export interface Column {
  readonly name: string;
  readonly values: readonly number[];
}

/** How a missing number is often written. */
const missing = /^(?:nan|n\/?a|null|none|-+|\.+|\?)$/i;

/** What was wrong with the file is said as an Error's message. */
export function columnsOf(text: string): Column[] {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));
  if (lines.length === 0) throw new Error('The file is empty.');
  // By the first lines together: a title above the table has no separator.
  const first = lines.slice(0, 20);
  const separator =
    ['\t', ';', ','].find((s) => first.filter((line) => line.includes(s)).length > first.length / 2) ?? '\n';
  const table = lines.map((line) => cells(line, separator));
  const width = table.reduce((most, row) => Math.max(most, row.length), 0);
  const rows = table.slice(table.findIndex((row) => row.length > 1 || width === 1));
  const named = rows[0]!.some((cell) => cell !== '' && !missing.test(cell) && Number.isNaN(number(cell, separator)));
  const body = named ? rows.slice(1) : rows;
  const columns: Column[] = [];
  for (let j = 0; j < width; j++) {
    const values = body.map((row) => number(row[j] ?? '', separator));
    // A missing number here and there is left out; a column of words is no column of numbers.
    const present = values.filter((v) => Number.isFinite(v));
    if (present.length === 0 || present.length < 0.8 * body.length) continue;
    columns.push({ name: (named && rows[0]![j]) || `column ${j + 1}`, values: present });
  }
  if (columns.length === 0)
    throw new Error(
      'No column of numbers was found. The file needs one number a line, or columns separated by commas, semicolons or tabs.',
    );
  return columns;
}

function cells(line: string, separator: string): string[] {
  const found: string[] = [];
  let [cell, quoted] = ['', false];
  for (const c of line) {
    if (c === '"') quoted = !quoted;
    else if (c === separator && !quoted) {
      found.push(cell.trim());
      cell = '';
    } else cell += c;
  }
  return [...found, cell.trim()];
}

/** Where columns are not separated by commas, a comma is a decimal point. */
function number(cell: string, separator: string): number {
  if (cell === '') return Number.NaN;
  return Number(separator === ',' ? cell : cell.replace(',', '.'));
}
