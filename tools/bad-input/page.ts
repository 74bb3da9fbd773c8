/** The tables of docs/bad-input.md: functions that answer alike share one. */
import type { Catalogue, Row } from './row.js';

/** The part of the page between its markers. */
export function tables(catalogues: Readonly<Record<string, Catalogue>>): string {
  const packages = Object.entries(catalogues).map(([name, catalogue]) => [
    `## ${name}`,
    ...alike(catalogue, false).map((group) => section(group)),
  ]);
  const open = Object.values(catalogues).flatMap((catalogue) => alike(catalogue, true));
  const hint = 'These do not come true yet: what comes of them is no typed error, or one that names another function.';
  const pending = open.length === 0 ? [] : ['## Not yet', hint, ...open.map(section)];
  return [...packages.flat(), ...pending].join('\n\n');
}

interface Group {
  readonly names: string[];
  readonly lines: readonly (readonly [given: string, gives: string])[];
}

/** Functions with the same rows, of those that come true or of those that do not yet. */
function alike({ entries }: Catalogue, pending: boolean): Group[] {
  const groups = new Map<string, Group>();
  for (const [name, { rows }] of Object.entries(entries)) {
    const lines = rows.filter((row) => (row.pending ?? false) === pending).map(line);
    if (lines.length === 0 && (pending || rows.length > 0)) continue;
    const key = JSON.stringify(lines);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { names: [name], lines });
    else group.names.push(name);
  }
  return [...groups.values()];
}

function line({ given, gives }: Row): readonly [string, string] {
  return [given, gives.startsWith('works: ') ? gives : `\`${gives}\``];
}

function section({ names, lines }: Group): string {
  const title = `### ${names.map((name) => `\`${name}\``).join(', ')}`;
  if (lines.length === 0) return `${title}\n\nNothing that could be wrong is checked.`;
  const all = [['Given', 'What comes of it'] as const, ...lines];
  const widths = [0, 1].map((column) => Math.max(...all.map((cells) => [...cells[column]!].length)));
  const text = all.map(
    (cells) => `| ${cells.map((cell, i) => cell + ' '.repeat(widths[i]! - [...cell].length)).join(' | ')} |`,
  );
  const rule = `| ${widths.map((n) => '-'.repeat(n)).join(' | ')} |`;
  return [title, '', text[0], rule, ...text.slice(1)].join('\n');
}

/** The page with new text between its markers. */
export function between(page: string, text: string): string {
  return page.replace(
    /(<!-- rows -->\n)[\s\S]*(<!-- \/rows -->)/,
    (_, open: string, close: string) => `${open}\n${text}\n\n${close}`,
  );
}
