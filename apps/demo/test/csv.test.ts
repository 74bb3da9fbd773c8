/** Which columns of numbers a visitor's file has. */
import { describe, expect, it } from 'vitest';
import { columnsOf } from '../src/page/forecast/csv.js';

describe('columns of a CSV file', () => {
  it('are named by the first line, and columns of words are left out', () => {
    expect(columnsOf('month,place,"rain, mm"\n1,Oslo,3.5\n2,Oslo,-4\n')).toEqual([
      { name: 'month', values: [1, 2] },
      { name: 'rain, mm', values: [3.5, -4] },
    ]);
  });

  it('need no names, and may be separated by semicolons with decimal commas, or by tabs', () => {
    expect(columnsOf('1,5;2\n3,25;4\r\n')).toEqual([
      { name: 'column 1', values: [1.5, 3.25] },
      { name: 'column 2', values: [2, 4] },
    ]);
    expect(columnsOf('\uFEFFa\tb\n1\t2')).toEqual([
      { name: 'a', values: [1] },
      { name: 'b', values: [2] },
    ]);
  });

  it('leave out a missing number here and there', () => {
    expect(columnsOf('v\n1\n2\n\n4\n5\nn/a\n7').map(({ values }) => values)).toEqual([[1, 2, 4, 5, 7]]);
  });

  it('may stand below a title, and begin with a missing number', () => {
    expect(columnsOf('Rain in Oslo\nday;mm\n1;2,5\n2;3\n').map(({ name }) => name)).toEqual(['day', 'mm']);
    expect(columnsOf('NaN\n1\n2\n3\n4\n5')).toEqual([{ name: 'column 1', values: [1, 2, 3, 4, 5] }]);
  });

  it('are missed in words', () => {
    expect(() => columnsOf('')).toThrow('The file is empty.');
    expect(() => columnsOf('a,b\nx,y\n')).toThrow('No column of numbers was found.');
  });
});
