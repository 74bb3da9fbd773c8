import { expect, it } from 'vitest';
import { select } from '../src/cases.js';
import { replaceTables } from '../src/docs.js';
import type { Row } from '../src/measure.js';
import { digits, markdown, render, verdict } from '../src/table.js';

const row = (id: string, ours: number[], theirs: number[], wanted = 3, peer = 'tfjs cpu'): Row => {
  const [task] = select([id], false);
  return { task: task!, result: { peer, apart: 1.3e-7, ours, theirs, wanted } };
};

it('states the ratio of each round, its quartiles, and whether the target is reached', () => {
  const text = render([row('LSTM 32,16', [0.5, 0.4, 0.5], [12, 8, 10.5])], 'ours');
  expect(text.split('\n').map((line) => line.split(/ *\| */).slice(1, -1))).toEqual([
    [
      'cell',
      'batch, time, inputs, units',
      'peer',
      'times as fast',
      'quartiles',
      'target',
      'apart by',
      'rounds',
      'ours, a call',
      'peer, a call',
    ],
    expect.any(Array),
    // 12/0.5 = 24, 8/0.4 = 20, 10.5/0.5 = 21
    [
      'LSTM',
      '32, 16, 12, 8',
      'tfjs cpu',
      '21.0×',
      '20.5 to 22.5',
      '≥ 20×: reached',
      '1.3e-7',
      '3',
      '500 µs',
      '10.5 ms',
    ],
  ]);
});

it('says missed, for the median decides', () => {
  const rows = [row('LSTM 32,16', [1, 1, 1], [19, 19.9, 19.9]), row('LSTM 1,1,', [1, 1, 1], [4, 5, 4])];
  expect(render(rows, 'ours')).toMatch(/≥ 20×: missed[^]*≥ 4×: reached/);
  expect(verdict(rows)).toEqual({ missed: 1, refused: 0 });
});

it('says unclear, and what to do, when the target lies between the quartiles', () => {
  const rows = [row('LSTM 32,16', [1, 1, 1], [19, 30, 19.9]), row('LSTM 1,1,', [1, 1, 1], [4.1, 2, 9])];
  const text = render(rows, 'ours');
  expect(text).toMatch(/≥ 20×: missed, unclear[^]*≥ 4×: reached, unclear[^]*- Unclear: the target lies between/);
  expect(verdict(rows)).toEqual({ missed: 1, refused: 0 });
  expect(render([row('LSTM 1,1,', [1], [9])], 'ours')).not.toMatch(/unclear/i);
});

it('promises nothing about other cells and other peers', () => {
  const rows = [row('GRU 32,16', [1], [0.5]), row('LSTM 1,1,', [1], [0.5], 1, 'another')];
  expect(render(rows, 'ours')).not.toContain('≥');
  expect(verdict(rows)).toEqual({ missed: 0, refused: 0 });
});

it('says that rounds were saved, only where they were', () => {
  expect(render([row('GRU 32,50', [0.1, 0.1], [9, 9], 7)], 'ours')).toMatch(
    /\| 2 of 7 [^]*the time for a case is capped/,
  );
  expect(render([row('GRU 32,50', [0.1], [9], 1)], 'ours')).not.toContain('capped');
});

it('names a refusal in the table and its reason below', () => {
  const [task] = select(['GRU 1,1,'], false);
  const rows: Row[] = [{ task: task!, result: { peer: 'tfjs cpu', refused: true, reason: 'at number 3, …' } }];
  expect(render(rows, 'ours')).toMatch(
    /\| GRU +\| 1, 1, 128, 128 +\| tfjs cpu \| refused [^]*- GRU 1,1,128,128 against tfjs cpu was not timed: at number 3, …\./,
  );
  expect(verdict(rows)).toEqual({ missed: 0, refused: 1 });
});

it('counts additions by the second, in a table of their own', () => {
  const text = render([row('gate 100', [0.05], [0.2], 1), row('LSTM 1,1,', [1], [5], 1)], 'ours');
  expect(text).toMatch(/peer, a call[^]*\n\n\| add of two[^]*\| 100 in a scope +\| tfjs cpu \| 4.00× /);
  // 100 additions in 50 µs and in 200 µs
  expect(text).toMatch(/\| 2.00 million +\| 500 thousand +\|$/);
});

it('keeps three digits', () => {
  expect([3.14159, 31.4159, 314.159, 3141.59].map(digits)).toEqual(['3.14', '31.4', '314', '3142']);
});

it('lines up the columns and fills short rows up', () => {
  expect(markdown(['a', 'long one'], [['x'], ['wider', '×']])).toBe(
    '| a     | long one |\n| ----- | -------- |\n| x     |          |\n| wider | ×        |',
  );
});

it('replaces what is between the markers of a page, and nothing else', () => {
  const page = 'before\n<!-- benchmarks -->\nold $1\n<!-- /benchmarks -->\nafter\n';
  const next = replaceTables(page, '| $& new |');
  expect(next).toBe('before\n<!-- benchmarks -->\n\n| $& new |\n\n<!-- /benchmarks -->\nafter\n');
  expect(replaceTables(next, '| $& new |')).toBe(next);
  expect(() => replaceTables('no markers', 'x')).toThrow('once each');
  expect(() => replaceTables(`${page}${page}`, 'x')).toThrow('once each');
});
