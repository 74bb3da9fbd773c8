import { expect, it } from 'vitest';
import { select } from '../src/cases.js';
import { comparisonsOf, verdict, type Comparison } from '../src/comparisons.js';
import { replaceBetween } from '../src/docs.js';
import type { Measured } from '../src/measure.js';
import { readmeTable } from '../src/readme-table.js';
import { jsonOf, markdownOf, textOf, type Report } from '../src/report.js';
import { chart } from '../src/svg.js';
import { details, digits, duration, markdown, notes, summary } from '../src/table.js';

const against = (peer: string): string[] =>
  peer === 'tfjs cpu' ? ['recurra cpu'] : peer.startsWith('recurra wasm') ? [] : ['recurra wasm'];

function measured(id: string, times: Record<string, number[]>, wanted = 3): Measured {
  const [task] = select([id], false);
  const lanes = Object.entries(times).map(([peer, ms], i) => ({ peer, ms, apart: i * 1.3e-7 }));
  return { task: task!, wanted, lanes, left: [] };
}

const compared = (...all: readonly Measured[]): Comparison[] => all.flatMap((one) => comparisonsOf(one, against));
const about = {
  machine: 'A & B, 2 cores',
  versions: ['Node 20'],
  date: '2026-01-31',
  effort: 'full',
  busy: false,
} as const;

function reportOf(...all: readonly Measured[]): Report {
  return { circumstances: about, measured: all, comparisons: compared(...all), absent: {}, starts: [], sizes: [] };
}

const lstm = measured('LSTM 32,16', {
  'recurra wasm': [0.5, 0.4, 0.5],
  'recurra cpu': [2, 2, 2],
  'onnxruntime-web': [1.2, 0.72, 0.9],
  'tfjs cpu': [30, 50],
});

it('compares each peer with ours in the rounds that both were in', () => {
  const rows = compared(lstm);
  expect(rows.map(({ ours, peer, ratio, rounds }) => [ours, peer, ratio.median, rounds])).toEqual([
    ['recurra wasm', 'recurra cpu', 4, 3],
    // 1.2/0.5 = 2.4, 0.72/0.4 = 1.8, 0.9/0.5 = 1.8
    ['recurra wasm', 'onnxruntime-web', expect.closeTo(1.8), 3],
    ['recurra cpu', 'tfjs cpu', 20, 2],
  ]);
  expect(rows.map(({ target }) => target)).toEqual([
    undefined,
    { atLeast: 2, reached: false, unclear: true },
    { atLeast: 20, reached: true, unclear: true },
  ]);
  expect(verdict([lstm], rows)).toEqual({ missed: 1, refused: 0 });
});

it('shows a missed target as missed, in the table, in the list above it, and in the details', () => {
  const text = markdownOf(reportOf(lstm));
  expect(text).toContain('1 of 2 targets reached. Missed:');
  expect(text).toMatch(/\| LSTM 32,16,12,8 \| onnxruntime-web \/ wasm \| 1\.80× \| 1\.80 to 2\.10 +\| ≥ 2 +\|/);
  expect(text).toContain('1.80× ✗ ≥ 2 ~');
  expect(text).toContain('20.0× ✓ ≥ 20 ~');
  expect(text).toContain('≥ 2×: missed, unclear');
  expect(text).toContain('2 of 3');
  expect(text).toContain('the time for a case is capped');
});

it('has a table for each kind of case, and a column for each pair', () => {
  const text = summary(compared(lstm, measured('stream LSTM 32', { 'recurra wasm': [0.001], 'tfjs wasm': [0.03] })));
  expect(text).toMatch(/### Sequences[^]*### Streams, a step/);
  expect(text).toContain('| onnxruntime-web / wasm');
  expect(text).toMatch(/\| LSTM \| 32 +\| 1\.00 µs +\| 30\.0× ✓ ≥ 10 +\|/);
});

it('has a row for each comparison with its quartiles', () => {
  expect(details(compared(lstm))).toMatch(
    /\| LSTM 32,16,12,8 \| onnxruntime-web \| recurra wasm \| 1\.80× +\| 1\.80 to 2\.10 +\| [^|]* \| 2\.6e-7 +\| 3 +\| 500 µs +\| 900 µs +\|/,
  );
});

it('promises nothing about other peers', () => {
  const rows = compared(measured('GRU 32,16', { 'recurra wasm': [1], another: [0.5] }));
  expect(summary(rows)).not.toContain('≥');
});

it('says what is left out and what was refused', () => {
  const left = [
    { id: 'GRU 1', peer: 'a', reason: 'at number 3, …', refused: true },
    { id: 'GRU 2', peer: 'b', reason: 'has none', refused: false },
  ];
  expect(notes(left, { c: 'npm could not install c' }, [])).toBe(
    '- c is left out: npm could not install c.\n' +
      '- GRU 1: a was refused, the outputs differ: at number 3, ….\n' +
      '- GRU 2: b cannot: has none.',
  );
  expect(verdict([{ ...lstm, left }], [])).toEqual({ missed: 0, refused: 1 });
});

it('names machine, versions and date in every form', () => {
  const report = reportOf(lstm);
  for (const text of [textOf(report), markdownOf(report), jsonOf(report), readmeTable(report.comparisons, about)])
    for (const part of ['A & B, 2 cores', 'Node 20', '2026-01-31']) expect(text).toContain(part);
  expect(chart(report.comparisons, about)).toMatch(
    /A &amp; B, 2 cores; Node 20<[^]*one thread; full rounds; 2026-01-31/,
  );
});

it('keeps every round in the data', () => {
  const data = JSON.parse(jsonOf(reportOf(lstm))) as { measured: Measured[] };
  expect(data.measured[0]!.lanes[0]).toEqual({ peer: 'recurra wasm', ms: [0.5, 0.4, 0.5], apart: 0 });
});

it('draws a mark for each ratio, further right for a larger one, and hollow where the target was missed', () => {
  const rows = compared(
    measured('stream LSTM 128', { 'recurra wasm': [1], 'onnxruntime-web': [2], 'tfjs wasm': [100] }),
    measured('stream LSTM 64', { 'recurra wasm': [1], 'onnxruntime-web': [20] }),
  );
  const svg = chart(rows, about);
  const circles = [...svg.matchAll(/<g fill="([^"]*)"[^>]*><title>([^<]*)<\/title><circle cx="([\d.]+)"/g)];
  expect(circles.map(([, fill, title]) => [fill, title])).toEqual([
    ['#ffffff', 'stream LSTM 128, onnxruntime-web: 2.00×, target 2.5×'],
    ['#0b62a8', 'stream LSTM 64, onnxruntime-web: 20.0×, target 2.5×'],
  ]);
  // A decade to the right: 2 → 20 is as far as 10 → 100 of the scale's own lines.
  const at = (label: string): number => Number(svg.match(new RegExp(`<text x="([\\d.]+)"[^>]*>${label}×`))![1]);
  const [two, twenty] = circles.map(([, , , x]) => Number(x));
  expect(twenty! - two!).toBeCloseTo(at('100') - at('10'), 0);
  expect(two).toBe(at('2'));
});

it('says how long a first result takes over Node alone, and what is downloaded, against ours', () => {
  const text = textOf({
    ...reportOf(),
    starts: [
      { peer: '', ms: [80, 81, 79] },
      { peer: 'recurra wasm', ms: [110, 100, 150] },
      { peer: 'onnxruntime-web', ms: [380, 300, 400] },
    ],
    sizes: [
      { peer: 'recurra wasm', gzipBytes: 40_000 },
      { peer: 'onnxruntime-web', gzipBytes: 3_600_000 },
    ],
  });
  expect(text).toMatch(/\| Node alone +\| 80\.0 ms +\| +\| +\|/);
  expect(text).toMatch(/\| recurra wasm +\| 110 ms +\| 30\.0 ms +\| 1\.00× +\|/);
  expect(text).toMatch(/\| onnxruntime-web +\| 380 ms +\| 300 ms +\| 10\.0× +\|/);
  expect(text).toMatch(/\| onnxruntime-web +\| 3600 KB +\| 90\.0× +\|/);
});

it('keeps three digits, and counts in the unit that fits', () => {
  expect([3.14159, 31.4159, 314.159, 3141.59].map(digits)).toEqual(['3.14', '31.4', '314', '3142']);
  expect([0.0123, 1.5, 2500].map(duration)).toEqual(['12.3 µs', '1.50 ms', '2.50 s']);
});

it('lines up the columns and fills short rows up', () => {
  expect(markdown(['a', 'long one'], [['x'], ['wider', '×']])).toBe(
    '| a     | long one |\n| ----- | -------- |\n| x     |          |\n| wider | ×        |',
  );
});

it('replaces what is between the markers of a page, and nothing else', () => {
  const page = 'before\n<!-- benchmarks -->\nold $1\n<!-- /benchmarks -->\nafter\n';
  const next = replaceBetween(page, 'benchmarks', '| $& new |');
  expect(next).toBe('before\n<!-- benchmarks -->\n\n| $& new |\n\n<!-- /benchmarks -->\nafter\n');
  expect(replaceBetween(next, 'benchmarks', '| $& new |')).toBe(next);
  expect(() => replaceBetween('no markers', 'benchmarks', 'x')).toThrow('once each');
  expect(() => replaceBetween(page, 'performance', 'x')).toThrow('<!-- performance -->');
  expect(() => replaceBetween(`${page}${page}`, 'benchmarks', 'x')).toThrow('once each');
});
