/** What of a visitor's typing the networks read, numbers in short, and one question at a time. */
import { describe, expect, it } from 'vitest';
import { textOn } from '../src/page/draw/colors.js';
import { short } from '../src/page/draw/numbers.js';
import { newest } from '../src/page/shell/newest.js';
import { plainLetter, plainWord } from '../src/page/shell/plain-letters.js';

describe('letters', () => {
  it('lose their accents, and what is no letter is told', () => {
    expect(plainWord('Zürich')).toEqual({ word: 'zurich', left: [] });
    expect(plainWord('cafe\u0301')).toEqual({ word: 'cafe', left: [] });
    expect(plainWord("don't 22 🙂 ß")).toEqual({ word: 'dont', left: ["'", '2', '🙂', 'ß'] });
    expect(plainWord(' \n')).toEqual({ word: '', left: [] });
  });

  it('are one for one sign, whatever its small form is', () => {
    expect(['İ', 'ﬁ', 'K', ' ', '🙂'].map(plainLetter)).toEqual(['i', null, 'k', null, null]);
  });
});

describe('a number in short', () => {
  it.each([
    [18.34, '18.3'],
    [-0.04, '−0.040'],
    [0, '0.0'],
    [-123456.78, '−123456.8'],
    [4.25e-5, '4.3·10⁻⁵'],
    [-5.36e300, '−5.4·10³⁰⁰'],
    [Number.NaN, 'no number'],
  ])('%d is %s', (value, text) => expect(short(value)).toBe(text));
});

describe('text on a colour', () => {
  it('stands out by 4.5 : 1 on every colour (WCAG 2.2, 1.4.3)', () => {
    const luminance = (rgb: readonly number[]): number => {
      const [r, g, b] = rgb.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
    };
    let least = Infinity;
    const levels = Array.from({ length: 18 }, (_, i) => 15 * i);
    for (const r of levels)
      for (const g of levels)
        for (const b of levels) {
          const [on, text] = [luminance([r, g, b]), textOn([r, g, b]) === '#000' ? 0 : 1];
          least = Math.min(least, (Math.max(on, text) + 0.05) / (Math.min(on, text) + 0.05));
        }
    expect(least).toBeGreaterThanOrEqual(4.5);
  });
});

describe('newest', () => {
  it('asks one question at a time, and leaves out those that were overtaken', async () => {
    let value = 0;
    const [seen, waiting]: [number[], (() => void)[]] = [[], []];
    const ask = newest(async () => {
      seen.push(value);
      await new Promise<void>((resolve) => waiting.push(resolve));
    });
    for (value of [1, 2, 3, 4]) ask();
    expect(seen).toEqual([1]);
    waiting.shift()!();
    await new Promise((resolve) => setTimeout(resolve));
    expect(seen).toEqual([1, 4]);
    waiting.shift()!();
    await new Promise((resolve) => setTimeout(resolve));
    value = 5;
    ask();
    expect(seen).toEqual([1, 4, 5]);
  });
});
