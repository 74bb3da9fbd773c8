/** All that a run found, as text and as data. */
import type { Start } from './cold.js';
import { sentence, type Circumstances } from './circumstances.js';
import type { Comparison } from './comparisons.js';
import type { Measured } from './measure.js';
import { startTable, sizeTable } from './once.js';
import type { Size } from './size.js';
import { details, markdown, notes, summary } from './table.js';

export interface Report {
  readonly circumstances: Circumstances;
  readonly measured: readonly Measured[];
  readonly comparisons: readonly Comparison[];
  /** Peers that cannot run here, and why. */
  readonly absent: Readonly<Record<string, string>>;
  readonly starts: readonly Start[];
  readonly sizes: readonly Size[];
}

/** For a terminal. */
export function textOf(report: Report): string {
  return joined(sentence(report.circumstances), tables(report), notesOf(report));
}

/** With every comparison's spread, folded away. */
export function markdownOf(report: Report): string {
  const { comparisons } = report;
  const every = comparisons.length === 0 ? '' : details(comparisons);
  return joined(
    sentence(report.circumstances),
    missedOf(comparisons),
    tables(report),
    notesOf(report),
    every && `<details>\n<summary>Every comparison, with its quartiles</summary>\n\n${every}\n\n</details>`,
  );
}

/** What to process further: every round's times are in it. */
export function jsonOf({ circumstances, absent, comparisons, starts, sizes, measured }: Report): string {
  return `${JSON.stringify({ circumstances, absent, comparisons, starts, sizes, measured }, null, 2)}\n`;
}

const tables = ({ comparisons, starts, sizes }: Report): string =>
  joined(summary(comparisons), startTable(starts), sizeTable(sizes));

function missedOf(comparisons: readonly Comparison[]): string {
  const aims = comparisons.flatMap((row) => (row.target ? [{ ...row, target: row.target }] : []));
  if (aims.length === 0) return '';
  const missed = aims.filter(({ target }) => !target.reached);
  const count = `${aims.length - missed.length} of ${aims.length} targets reached.`;
  if (missed.length === 0) return count;
  const rows = missed.map(({ task, peer, ours, ratio, target }) => [
    task.id,
    `${peer} / ${ours.replace('recurra ', '')}`,
    `${ratio.median.toFixed(2)}×`,
    `${ratio.lower.toFixed(2)} to ${ratio.upper.toFixed(2)}`,
    `≥ ${target.atLeast}`,
  ]);
  return `${count} Missed:\n\n${markdown(['case', 'ratio', 'is', 'quartiles', 'target'], rows)}`;
}

function notesOf({ measured, absent, comparisons }: Report): string {
  const left = measured.flatMap(({ task, left: these }) => these.map((one) => ({ ...one, id: task.id })));
  return notes(left, absent, comparisons);
}

const joined = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join('\n\n');
