/** A report as text: a row for each area, every failure with its numbers, every skip with its reason. */
import { areas } from './case.js';
import type { Difference } from './compare.js';
import type { CaseResult } from './run-case.js';
import type { Report } from './run-suite.js';
import type { Input } from './watch.js';

const statuses = ['passed', 'failed', 'known', 'skipped'] as const;

/** A report as text: a row for each area, every failure with its numbers, every skip with its reason. */
export function formatReport(report: Report): string {
  const { results } = report;
  const lines = [
    `${report.name} (precision ${report.precision}${report.seed === undefined ? '' : `, seed ${report.seed}`}): ${countsOf(results)}`,
    '',
    ...table(results),
    ...results.flatMap((result) => (result.status === 'failed' ? ['', ...formatFailure(result)] : [])),
    ...section(
      'known to fail',
      results.filter(({ status }) => status === 'known').map(({ id, reason }) => `${id}: ${reason}`),
    ),
    ...section('known failures that name no case', report.unknownIds),
    ...section('skipped', grouped(results.filter(({ status }) => status === 'skipped'))),
    ...section('not checked', [...new Set(results.flatMap(({ notes }) => notes))]),
  ];
  return lines.join('\n');
}

/** One failure: what differed, what went in, and where to look first. */
export function formatFailure({ id, failure }: CaseResult): string[] {
  if (failure === undefined) return [];
  const { message, difference, inputs, mayFollowFrom } = failure;
  return [
    `✗ ${id}`,
    ...message.split('\n').map((line) => `    ${line}`),
    ...(difference ? formatDifference(difference) : []),
    ...inputs.slice(0, 6).map((input, i) => `    input ${i}   ${formatInput(input)}`),
    ...(inputs.length > 6 ? [`    … and ${inputs.length - 6} more inputs`] : []),
    ...(mayFollowFrom.length > 0 ? [`    may follow from ${some(mayFollowFrom)}`] : []),
  ];
}

function formatDifference({ shape, expected, actual }: Difference): string[] {
  return [`    expected  [${shape.join(', ')}] ${few(expected)}`, `    actual    [${shape.join(', ')}] ${few(actual)}`];
}

function formatInput({ dtype, shape, data }: Input): string {
  return `${dtype} [${shape.join(', ')}] ${few(Array.from(data))}`;
}

function few(values: readonly unknown[]): string {
  const shown = values.slice(0, 12).map((v) => (typeof v === 'number' ? String(Number(v.toPrecision(8))) : String(v)));
  return shown.join(' ') + (values.length > 12 ? ` … (${values.length})` : '');
}

function table(results: readonly CaseResult[]): string[] {
  const rows = areas.flatMap((area) => {
    const own = results.filter((result) => result.area === area);
    if (own.length === 0) return [];
    const passed = own.filter(({ status }) => status === 'passed');
    const worst = passed.reduce<CaseResult | null>((a, b) => (b.worst > (a?.worst ?? 0) ? b : a), null);
    const counts = statuses.map((status) => String(own.filter((result) => result.status === status).length));
    return [[area, ...counts, worst === null ? '0' : `${worst.worst.toPrecision(2)} in ${worst.id}`]];
  });
  const all = [['area', ...statuses, 'most of the tolerance used'], ...rows];
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  return all.map((row) =>
    row
      .map((cell, i) => (i === 0 || i === row.length - 1 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ')
      .trimEnd(),
  );
}

function countsOf(results: readonly CaseResult[]): string {
  return statuses
    .map((status) => [status, results.filter((result) => result.status === status).length] as const)
    .filter(([status, count]) => count > 0 || status === 'passed')
    .map(([status, count]) => `${count} ${status === 'known' ? 'known to fail' : status}`)
    .join(', ');
}

/** Skipped cases, those with one reason together. */
function grouped(results: readonly CaseResult[]): string[] {
  const byReason = new Map<string, string[]>();
  for (const { id, reason = '' } of results) byReason.set(reason, [...(byReason.get(reason) ?? []), id]);
  return [...byReason].map(([reason, ids]) => `${reason}: ${some(ids)}`);
}

function some(ids: readonly string[]): string {
  const shown = ids.length > 4 ? ids.slice(0, 3) : ids;
  return shown.join(', ') + (shown.length < ids.length ? ` and ${ids.length - shown.length} more` : '');
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)];
}
