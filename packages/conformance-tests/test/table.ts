/** docs/conformance.md: what the suite asks, and what it was shown to catch. `npm run docs:suite` writes it anew. */
import { cases } from '@recurra/conformance-tests';
import { mutants } from './mutants/index.js';

/** The page's text. */
export function table(): string {
  const subjects = new Map<string, number>();
  for (const { id } of cases) {
    const subject = id.split('/').slice(0, -1).join('/');
    subjects.set(subject, (subjects.get(subject) ?? 0) + 1);
  }
  const shown = Object.values(mutants).flat().length;
  return [
    '# What the suite asks, and what it catches',
    '',
    `${cases.length} cases. Each compares with numbers of Keras, PyTorch or mpmath, or with a relation that must hold, and checks`,
    'that its inputs were left alone and that every buffer came back. An id never changes.',
    '',
    ...rows(
      ['cases about', 'how many'],
      [...subjects].map(([subject, n]) => [`\`${subject}\``, String(n)]),
    ),
    '',
    '## Shown to fail',
    '',
    `${shown} backends and libraries with one defect each are run against the suite, and each must be caught, first by the case`,
    'that is named here.',
    ...Object.entries(mutants).flatMap(([what, broken]) => [
      '',
      `### ${what[0]!.toUpperCase()}${what.slice(1)}`,
      '',
      ...rows(
        ['defect', 'caught by'],
        broken.map(({ name, caughtBy }) => [name, `\`${caughtBy}\``]),
      ),
    ]),
    '',
  ].join('\n');
}

function rows(head: readonly string[], body: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...body.map(line)];
}
