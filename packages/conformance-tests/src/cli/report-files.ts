/** A report for machines, and one for pages. */
import { RecurraError } from '@recurra/core';
import { areas } from '../case.js';
import { formatFailure } from '../report.js';
import type { CaseResult } from '../run-case.js';
import type { Report } from '../run-suite.js';

/** Every result; what JSON has no word for (NaN, the infinities) is written as text. */
export function jsonOf(report: Report): string {
  const results = report.results.map(({ failure, ...result }) => ({
    ...result,
    ...(failure && {
      failure: {
        message: failure.message,
        ...(failure.error instanceof RecurraError && { code: failure.error.code }),
        difference: failure.difference,
        inputs: failure.inputs.map(({ dtype, shape, data }) => ({ dtype, shape, data: Array.from(data) })),
        mayFollowFrom: failure.mayFollowFrom,
      },
    }),
  }));
  const plain = (_: string, value: unknown): unknown =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
  return `${JSON.stringify({ ...report, results }, plain, 1)}\n`;
}

/** A table of areas, then failures, known failures and skips. */
export function markdownOf(report: Report): string {
  const { name, precision, results, seed } = report;
  const of = (status: CaseResult['status'], among = results): CaseResult[] =>
    among.filter((result) => result.status === status);
  const rows = areas.flatMap((area) => {
    const own = results.filter((result) => result.area === area);
    if (own.length === 0) return [];
    const worst = Math.max(0, ...of('passed', own).map((result) => result.worst));
    const counts = (['passed', 'failed', 'known', 'skipped'] as const).map((status) => of(status, own).length);
    return [`| ${area} | ${counts.join(' | ')} | ${worst.toPrecision(2)} |`];
  });
  const listed = (title: string, found: readonly CaseResult[]): string[] =>
    found.length === 0 ? [] : ['', `## ${title}`, '', ...found.map(({ id, reason }) => `- \`${id}\`: ${reason}`)];
  const failures = of('failed').flatMap((result) => ['', '```text', ...formatFailure(result), '```']);
  return [
    `# Conformance of ${name}`,
    '',
    `Precision ${precision}${seed === undefined ? '' : `, seed ${seed}`}. ${report.ok ? 'All is well.' : 'Something fails.'}`,
    '',
    '| area | passed | failed | known to fail | skipped | most of the tolerance used |',
    '| --- | --: | --: | --: | --: | --: |',
    ...rows,
    ...(failures.length === 0 ? [] : ['', '## Failed', ...failures]),
    ...listed('Known to fail', of('known')),
    ...(report.unknownIds.length === 0
      ? []
      : ['', '## Known failures that name no case', '', ...report.unknownIds.map((id) => `- \`${id}\``)]),
    ...listed('Skipped', of('skipped')),
    '',
  ].join('\n');
}
