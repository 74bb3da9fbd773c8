import { expect, it } from 'vitest';
import { median, quantile, ratios, spread } from '../src/statistics.js';

it('takes the middle of an odd count and the mean of the two middle ones of an even count', () => {
  expect(median([9, 1, 4])).toBe(4);
  expect(median([8, 1, 3, 100])).toBe(5.5);
  expect(median([7])).toBe(7);
});

it('interpolates quartiles as NumPy does', () => {
  // numpy.quantile([7, 1, 12, 3, 5.5], [0.25, 0.5, 0.75]) and of [2, 10, 4, 7]
  expect(spread([7, 1, 12, 3, 5.5])).toEqual({ lower: 3, median: 5.5, upper: 7 });
  expect(spread([2, 10, 4, 7])).toEqual({ lower: 3.5, median: 5.5, upper: 7.75 });
  expect(quantile([3, 1, 2], 0)).toBe(1);
  expect(quantile([3, 1, 2], 1)).toBe(3);
});

it('sorts numbers as numbers and leaves the array alone', () => {
  const values = [10, 9, 100];
  expect(median(values)).toBe(10);
  expect(values).toEqual([10, 9, 100]);
});

it('does not let one disturbed round move the median', () => {
  expect(median([5, 5.1, 4.9, 5, 500])).toBe(5);
});

it('divides round by round', () => {
  expect(ratios([10, 30], [2, 5])).toEqual([5, 6]);
  expect(() => ratios([1, 2], [1])).toThrow('2 rounds against 1');
});

it('says that nothing has no quantile', () => {
  expect(() => median([])).toThrow('no values');
});
