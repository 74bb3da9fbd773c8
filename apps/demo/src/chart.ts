/** A line chart in the terminal. */
import { cyan as cyanLine, plot, yellow as yellowLine } from 'asciichart';
import { cyan, dim, yellow } from './screen.js';

/** Two series over the same years: in two colours, or, where there is no colour, one above the other. */
export function chart(observed: readonly number[], forecast: readonly number[], firstYear: number): string {
  const years = Array.from({ length: Math.ceil(observed.length / 10) }, (_, i) =>
    String(firstYear + 10 * i).padEnd(10),
  );
  const axis = dim(`       ${years.join('').trimEnd()}`);
  if (!useColor()) {
    const above = lines([observed], 10);
    return `  observed yearly sunspot number\n${above}\n${axis}\n\n  forecast one year ahead\n${lines([forecast], 10)}\n${axis}`;
  }
  const legend = `${yellow('observed')} yearly sunspot number, and ${cyan('forecast')} one year ahead`;
  return `${lines([observed, forecast], 12, [yellowLine, cyanLine])}\n${axis}\n  ${legend}`;
}

function lines(series: readonly (readonly number[])[], height: number, colors: string[] = []): string {
  const format = (value: number): string => value.toFixed(0).padStart(5);
  return plot(
    series.map((values) => [...values]),
    { height, colors, format },
  );
}

function useColor(): boolean {
  return yellow('x') !== 'x';
}
