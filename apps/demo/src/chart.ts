/** A line chart in the terminal. */
import { cyan as cyanLine, plot, yellow as yellowLine } from 'asciichart';
import { cyan, dim, yellow } from './screen.js';

/** Two series over the same years: what was observed, and what was forecast. */
export function chart(observed: readonly number[], forecast: readonly number[], firstYear: number): string {
  const plotted = plot([[...observed], [...forecast]], {
    height: 12,
    colors: useColor() ? [yellowLine, cyanLine] : [],
    format: (value) => value.toFixed(0).padStart(5),
  });
  const years = Array.from({ length: Math.ceil(observed.length / 10) }, (_, i) =>
    String(firstYear + 10 * i).padEnd(10),
  );
  const legend = `${yellow('observed')} and ${cyan('forecast')} yearly sunspot number, drawn in this order`;
  return `${plotted}\n${dim(`       ${years.join('')}`)}\n  ${legend}`;
}

function useColor(): boolean {
  return yellow('x') !== 'x';
}
