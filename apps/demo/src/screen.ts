/** Printing: colour where the terminal has one, plain text where it has none. */
import colors from 'picocolors';

export const { bold, dim, cyan, yellow } = colors;

export function heading(text: string): void {
  console.log(`\n${bold(text)}`);
}

/** true in green, false in red. */
export function verdict(same: boolean): string {
  return same ? colors.green('true') : colors.red('false');
}

/** 2.4e-7, or "same bits" for a difference of exactly nothing. */
export function difference(largest: number): string {
  return largest === 0 ? 'same bits' : largest.toExponential(1);
}

/** A table whose columns are as wide as their widest entry; colour codes do not count. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): void {
  const all = [header, ...rows];
  const widths = header.map((_, i) => Math.max(...all.map((row) => plain(row[i]!).length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => cell + ' '.repeat(widths[i]! - plain(cell).length))
      .join('   ')
      .trimEnd();
  console.log(`  ${dim(line(header))}`);
  for (const row of rows) console.log(`  ${line(row)}`);
}

function plain(text: string): string {
  // eslint-disable-next-line no-control-regex -- colour codes begin with the escape character
  return text.replace(/\u001B\[\d+m/g, '');
}
