/** Numbers as text: with a true minus sign, and of a fixed width. */
import { el } from '../shell/element.js';
import { css, palette, textOn } from './colors.js';

export function fixed(value: number, digits = 2): string {
  return value
    .toFixed(digits)
    .replace(/^-(0\.?0*)$/, '$1')
    .replace('-', '−');
}

/** A number of any size, short: 18.3, 0.00042, 5.4·10³⁰⁰. */
export function short(value: number): string {
  const size = Math.abs(value);
  if (size === 0 || (size >= 1 && size < 1e7)) return fixed(value, 1);
  if (size >= 1e-4 && size < 1) return value.toPrecision(2).replace('-', '−');
  return difference(value).replace('-', '−');
}

/** 2.4e-7, or 0 where there is no difference at all. */
export function difference(value: number): string {
  if (value === 0) return '0, the same bits';
  if (!Number.isFinite(value)) return 'no number';
  const [mantissa, exponent] = value.toExponential(1).split('e') as [string, string];
  return `${mantissa}·10${superscript(Number(exponent))}`;
}

function superscript(exponent: number): string {
  return Array.from(String(exponent), (c) => (c === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(c)]!)).join('');
}

/** Numbers side by side, each on its colour. */
export function fillStrip(strip: HTMLElement, values: ArrayLike<number>, limit: number): void {
  const colors = palette();
  strip.replaceChildren(
    ...Array.from({ length: values.length }, (_, i) => {
      const color = colors.at(values[i]! / limit);
      return el('span', { style: `background:${css(color)};color:${textOn(color)}` }, fixed(values[i]!));
    }),
  );
}
