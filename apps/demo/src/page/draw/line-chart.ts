/** Lines over a common axis, by uPlot, in the page's colours. */
import uPlot from 'uplot';
import { el } from '../shell/element.js';
import { onTheme } from '../shell/theme.js';
import { palette } from './colors.js';
import { short } from './numbers.js';

export interface Line {
  readonly label: string;
  readonly color: 'positive' | 'negative' | 'ink';
  readonly width?: number;
  readonly dash?: readonly number[];
  /** On an axis of its own, at the right. */
  readonly right?: boolean;
  readonly digits?: number;
}

export interface ChartOptions {
  readonly x: string;
  readonly lines: readonly Line[];
  readonly height?: number;
  /** Shaded from here to the end. */
  readonly shadeFrom?: () => number | undefined;
  /** For who does not see it. */
  readonly label: string;
}

export interface LineChart {
  readonly element: HTMLElement;
  /** x, then each line; null where there is nothing. */
  readonly draw: (columns: readonly (readonly (number | null)[])[]) => void;
}

export function lineChart({ x, lines, height = 320, shadeFrom, label }: ChartOptions): LineChart {
  const element = el('div', { class: 'chart', role: 'img', 'aria-label': label });
  let columns: readonly (readonly (number | null)[])[] | undefined;
  let plot: uPlot | undefined;

  const build = (): void => {
    plot?.destroy();
    plot = undefined;
    if (columns === undefined || element.clientWidth === 0) return;
    const { ink, faint, positive, negative } = palette();
    const axis = {
      stroke: faint,
      grid: { stroke: `${faint}33`, width: 1 },
      ticks: { show: false },
      font: '12px system-ui',
    };
    const colors = { ink, positive, negative };
    plot = new uPlot(
      {
        width: element.clientWidth,
        height,
        scales: { x: { time: false } },
        cursor: { points: { size: 6 } },
        axes: [
          { ...axis, values: (_, ticks) => ticks.map(String) },
          { ...axis, size: 46 },
          ...(lines.some(({ right }) => right)
            ? [{ ...axis, scale: 'right', side: 1, grid: { show: false }, size: 46 }]
            : []),
        ],
        series: [
          { label: x },
          ...lines.map(({ label: name, color, width = 2, dash, right, digits }) => ({
            label: name,
            stroke: colors[color],
            width,
            scale: right ? 'right' : 'y',
            ...(dash && { dash: [...dash] }),
            points: { show: (columns?.[0]?.length ?? 0) < 8 },
            spanGaps: true,
            value: (_: uPlot, v: number | null) =>
              v === null ? '–' : digits === undefined ? short(v) : v.toFixed(digits),
          })),
        ],
        hooks: {
          drawClear: [
            (u) => {
              const from = shadeFrom?.();
              if (from === undefined) return;
              const left = u.valToPos(from, 'x', true);
              u.ctx.fillStyle = `${positive}18`;
              u.ctx.fillRect(left, u.bbox.top, u.bbox.left + u.bbox.width - left, u.bbox.height);
            },
          ],
        },
      },
      columns as uPlot.AlignedData,
      element,
    );
  };
  new ResizeObserver(() => {
    if (plot === undefined) build();
    else plot.setSize({ width: element.clientWidth, height });
  }).observe(element);
  onTheme(build);

  return {
    element,
    draw(next) {
      const first = columns === undefined || columns[0]!.length < 8 !== next[0]!.length < 8;
      columns = next;
      element.hidden = next[0]!.length === 0;
      if (first || plot === undefined) build();
      else plot.setData(next as uPlot.AlignedData);
    },
  };
}
