/** What was measured, as Markdown that is also readable in a terminal. The claim is the ratio; times stand beside it. */
import type { Case } from './cases.js';
import type { Measured, Row } from './measure.js';
import { median, ratios, spread } from './statistics.js';
import { targetOf } from './targets.js';

/** The tables: recurrences, then the cost of one op; and below them what was left undone, in words. */
export function render(rows: readonly Row[], ours: string): string {
  const recurrent = rows.filter(({ task }) => task.kind !== 'gate');
  const gate = rows.filter(({ task }) => task.kind === 'gate');
  const parts: string[] = [];
  if (recurrent.length > 0)
    parts.push(
      markdown(
        [
          'cell',
          'batch, time, inputs, units',
          ...ratioColumns,
          'apart by',
          'rounds',
          `${ours}, a call`,
          'peer, a call',
        ],
        recurrent.map(({ task, result }) => [
          ...shapeOf(task),
          ...claim({ task, result }),
          ...detail(result, (m) => [m.apart.toExponential(1), roundsOf(m), duration(m.ours), duration(m.theirs)]),
        ]),
      ),
    );
  if (gate.length > 0)
    parts.push(
      markdown(
        ['add of two one-element tensors', ...ratioColumns, 'rounds', `${ours}, ops a second`, 'peer, ops a second'],
        gate.map(({ task, result }) => [
          ...shapeOf(task),
          ...claim({ task, result }),
          ...detail(result, (m) => [roundsOf(m), perSecond(task, m.ours), perSecond(task, m.theirs)]),
        ]),
      ),
    );
  const notes = notesOf(rows);
  if (notes.length > 0) parts.push(notes.join('\n'));
  return parts.join('\n\n');
}

const ratioColumns = ['peer', 'times as fast', 'quartiles', 'target'];

/** Whether a target was missed, or a case refused: what makes the numbers unfit to be quoted. */
export function verdict(rows: readonly Row[]): { readonly missed: number; readonly refused: number } {
  const missed = rows.filter(({ task, result }) => 'ours' in result && targetCell(task, result).includes('missed'));
  return {
    missed: missed.length,
    refused: rows.filter(({ result }) => 'refused' in result && result.refused).length,
  };
}

function shapeOf(task: Case): string[] {
  if (task.kind === 'gate') return [task.adds === 1 ? 'one in a scope' : `${task.adds} in a scope`];
  return [
    task.kind === 'training' ? `${task.cell}, a training step` : task.cell,
    [task.batch, task.time, task.inputs, task.units].join(', '),
  ];
}

function claim({ task, result }: Row): string[] {
  if (!('ours' in result)) return [result.peer, result.refused ? 'refused' : 'cannot', '', ''];
  const { lower, median: middle, upper } = spread(ratios(result.theirs, result.ours));
  return [result.peer, `${digits(middle)}×`, `${digits(lower)} to ${digits(upper)}`, targetCell(task, result)];
}

function targetCell(task: Case, { peer, ours, theirs }: Measured): string {
  const target = targetOf(task, peer);
  if (!target) return '';
  const { lower, median: middle, upper } = spread(ratios(theirs, ours));
  const unclear = lower < target.atLeast && target.atLeast <= upper ? ', unclear' : '';
  return `≥ ${target.atLeast}×: ${middle >= target.atLeast ? 'reached' : 'missed'}${unclear}`;
}

function detail(result: Row['result'], cells: (measured: Measured) => string[]): string[] {
  return 'ours' in result ? cells(result) : [];
}

function roundsOf({ ours, wanted }: Measured): string {
  return ours.length < wanted ? `${ours.length} of ${wanted}` : `${ours.length}`;
}

function notesOf(rows: readonly Row[]): string[] {
  const notes = rows.flatMap(({ task, result }) =>
    'reason' in result ? [`- ${task.id} against ${result.peer} was not timed: ${result.reason}.`] : [],
  );
  if (rows.some(({ result }) => 'ours' in result && result.ours.length < result.wanted))
    notes.push('- Fewer rounds than wanted where one call of the peer takes seconds: the time for a case is capped.');
  if (rows.some(({ task, result }) => 'ours' in result && targetCell(task, result).includes('unclear')))
    notes.push('- Unclear: the target lies between the quartiles. A quiet machine, or another run, says more.');
  return notes;
}

/** Three significant digits, and no more decimals than that. */
export function digits(value: number): string {
  const decimals = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toFixed(decimals);
}

function duration(rounds: readonly number[]): string {
  const ms = median(rounds);
  if (ms >= 1000) return `${digits(ms / 1000)} s`;
  return ms >= 1 ? `${digits(ms)} ms` : `${digits(ms * 1000)} µs`;
}

function perSecond(task: Case, rounds: readonly number[]): string {
  const ops = ((task.kind === 'gate' ? task.adds : 1) * 1000) / median(rounds);
  return ops >= 1e6 ? `${digits(ops / 1e6)} million` : `${digits(ops / 1e3)} thousand`;
}

/** A Markdown table whose columns are as wide as their widest cell; short rows are filled up. */
export function markdown(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header, ...rows].map((row) => header.map((_, i) => row[i] ?? ''));
  const widths = header.map((_, i) => Math.max(3, ...all.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]): string => `| ${cells.map((c, i) => c.padEnd(widths[i]!)).join(' | ')} |`;
  const [head = [], ...body] = all;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}
