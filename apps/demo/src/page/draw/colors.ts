/** Numbers as colours: gold below zero, the page's own colour at zero, blue above; and text that can be read on them. */

type RGB = readonly [number, number, number];

export interface Palette {
  /** The colour of a value in [−1, 1]; NaN has that of nothing. */
  readonly at: (value: number) => RGB;
  /** Plain drawing: lines, the cursor, text. */
  readonly ink: string;
  readonly faint: string;
  readonly positive: string;
  readonly negative: string;
}

/** The palette of the theme that is on now, from the style sheet's variables. */
export function palette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const variable = (name: string): string => style.getPropertyValue(name).trim();
  const [zero, positive, negative] = [
    rgb(variable('--cell')),
    rgb(variable('--positive')),
    rgb(variable('--negative')),
  ];
  return {
    at(value) {
      const end = value < 0 ? negative : positive;
      const share = Number.isFinite(value) ? Math.min(1, Math.abs(value)) : 0;
      return zero.map((from, i) => Math.round(from + (end[i]! - from) * share)) as unknown as RGB;
    },
    ink: variable('--ink'),
    faint: variable('--faint'),
    positive: variable('--positive'),
    negative: variable('--negative'),
  };
}

export function css([r, g, b]: RGB): string {
  return `rgb(${r} ${g} ${b})`;
}

/** Black or white, whichever stands out more: one of them always by 4.5 : 1. */
export function textOn(color: RGB): string {
  const [r, g, b] = color.map((c) => (c <= 10 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4)) as [
    number,
    number,
    number,
  ];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? '#000' : '#fff';
}

/** '#0a7ea4' */
function rgb(hex: string): RGB {
  const number = Number.parseInt(hex.slice(1), 16);
  return [(number >> 16) & 255, (number >> 8) & 255, number & 255];
}
