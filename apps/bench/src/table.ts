/** What was measured, as Markdown that is also readable in a terminal. The claim is the ratio; times stand beside it. */
import type { Case } from './cases.js';
import type { Comparison } from './comparisons.js';
import type { NotMeasured } from './measure.js';

/** A table for each kind of case: a row a case, a column a peer. */
export function summary(comparisons: readonly Comparison[]): string {
  const parts = kinds.flatMap(({ kind, title, of }) => {
    const rows = comparisons.filter(({ task }) => task.kind === kind);
    return rows.length === 0 ? [] : [`### ${title}`, matrix(rows, of)];
  });
  if (comparisons.some(({ target }) => target))
    parts.push(
      'A ratio is the peer’s time over ours: above 1, Recurra is faster. ✓ and ✗: whether it reached what stands beside it; ' +
        '~ where that lies between the quartiles of this run.',
    );
  return parts.join('\n\n');
}

interface Kind {
  readonly kind: Case['kind'];
  readonly title: string;
  /** The headers of what tells the cases apart. */
  readonly of: readonly string[];
}

const kinds: readonly Kind[] = [
  { kind: 'recurrent', title: 'Sequences', of: ['cell', 'batch, time, inputs, units'] },
  { kind: 'stream', title: 'Streams, a step', of: ['cell', 'inputs and units'] },
  { kind: 'training', title: 'Training, a step', of: ['cell', 'batch, time, inputs, units'] },
  { kind: 'attention', title: 'Attention', of: ['form', 'batch, memory, width'] },
  { kind: 'gate', title: 'Additions of one number', of: ['in a scope'] },
];

function matrix(rows: readonly Comparison[], headers: readonly string[]): string {
  const columns = [...new Set(rows.map(column))];
  const ours = [...new Set(rows.map((row) => row.ours))];
  const tasks = [...new Set(rows.map(({ task }) => task))];
  return markdown(
    [...headers, ...ours, ...columns],
    tasks.map((task) => {
      const of = rows.filter((row) => row.task === task);
      return [
        ...shapeOf(task),
        ...ours.map((name) => {
          const ms = of.find((row) => row.ours === name)?.oursMs ?? of.find((row) => row.peer === name)?.peerMs;
          return ms === undefined ? '' : duration(ms);
        }),
        ...columns.map((name) => {
          const found = of.find((row) => column(row) === name);
          return found ? claim(found) : '';
        }),
      ];
    }),
  );
}

const column = ({ ours, peer }: Comparison): string => `${peer} / ${ours.replace('recurra ', '')}`;

function claim({ ratio, target }: Comparison): string {
  const value = `${digits(ratio.median)}×`;
  if (!target) return value;
  return `${value} ${target.reached ? '✓' : '✗'} ≥ ${target.atLeast}${target.unclear ? ' ~' : ''}`;
}

/** Every comparison with its spread: a row each. */
export function details(comparisons: readonly Comparison[]): string {
  return markdown(
    [
      'case',
      'peer',
      'ours',
      'times as fast',
      'quartiles',
      'target',
      'apart by',
      'rounds',
      'ours, a call',
      'peer, a call',
    ],
    comparisons.map((row) => [
      row.task.id,
      row.peer,
      row.ours,
      `${digits(row.ratio.median)}×`,
      `${digits(row.ratio.lower)} to ${digits(row.ratio.upper)}`,
      targetCell(row),
      row.apart.toExponential(1),
      row.rounds < row.wanted ? `${row.rounds} of ${row.wanted}` : `${row.rounds}`,
      duration(row.oursMs),
      duration(row.peerMs),
    ]),
  );
}

function targetCell({ target }: Comparison): string {
  if (!target) return '';
  return `≥ ${target.atLeast}×: ${target.reached ? 'reached' : 'missed'}${target.unclear ? ', unclear' : ''}`;
}

/** What was left undone, in words: a list. */
export function notes(
  left: readonly (NotMeasured & { readonly id: string })[],
  absent: Readonly<Record<string, string>>,
  comparisons: readonly Comparison[],
): string {
  const lines = [
    ...Object.entries(absent).map(([peer, reason]) => `- ${peer} is left out: ${reason}.`),
    ...left.map(({ id, peer, reason, refused }) =>
      refused ? `- ${id}: ${peer} was refused, the outputs differ: ${reason}.` : `- ${id}: ${peer} cannot: ${reason}.`,
    ),
  ];
  if (comparisons.some(({ rounds, wanted }) => rounds < wanted))
    lines.push('- Fewer rounds than wanted where one call takes seconds: the time for a case is capped.');
  return lines.join('\n');
}

export function shapeOf(task: Case): readonly string[] {
  switch (task.kind) {
    case 'gate':
      return [task.adds === 1 ? 'one' : `${task.adds}`];
    case 'attention':
      return [task.form, [task.batch, task.memory, task.width].join(', ')];
    case 'stream':
      return [task.cell, `${task.units}`];
    default:
      return [task.cell, [task.batch, task.time, task.inputs, task.units].join(', ')];
  }
}

/** Three significant digits, and no more decimals than that. */
export function digits(value: number): string {
  const decimals = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toFixed(decimals);
}

export function duration(ms: number): string {
  if (ms >= 1000) return `${digits(ms / 1000)} s`;
  return ms >= 1 ? `${digits(ms)} ms` : `${digits(ms * 1000)} µs`;
}

/** A Markdown table whose columns are as wide as their widest cell; short rows are filled up. */
export function markdown(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header, ...rows].map((row) => header.map((_, i) => row[i] ?? ''));
  const widths = header.map((_, i) => Math.max(3, ...all.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]): string => `| ${cells.map((c, i) => c.padEnd(widths[i]!)).join(' | ')} |`;
  const [head = [], ...body] = all;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}
