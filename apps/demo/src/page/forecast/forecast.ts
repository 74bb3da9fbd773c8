/** The sunspot network over the sunspots, or over a series of the visitor's. */
import golden from '../../../data/sunspots.json' with { type: 'json' };
import { largestDifference, same } from '../../golden.js';
import { forecastWindows } from '../../sunspot-network.js';
import type { Handler } from '../worker/handler.js';

export interface ForecastAsk {
  /** Null: the sunspots. */
  readonly series: readonly number[] | null;
}
export interface Forecast {
  /** Values that the first forecast was made from; forecasts are those of series[window …], and of one value more. */
  readonly window: number;
  readonly series: readonly number[];
  /** How many numbers before them were left out, as there were too many. */
  readonly left: number;
  readonly ours: readonly number[];
  /** What Keras says of the sunspots. */
  readonly keras: { readonly forecasts: readonly number[]; readonly far: number; readonly equal: boolean } | null;
  /** The year of the first sunspots, and the first index that training had not seen. */
  readonly firstYear: number;
  readonly testFrom: number | null;
  readonly milliseconds: number;
}

/** A column of a million numbers would take all memory, and no screen could show it. */
const most = 5000;

const { window, scale, sunspots, firstYear, testFromWindow, predictions } = golden;

export const forecast: Handler<'forecast'> = async ({ series }) => {
  if (series !== null) return ofVisitor(series);
  const began = performance.now();
  const ours = await forecastWindows([...sunspots, 0].map((n) => n / scale));
  const milliseconds = performance.now() - began;
  const known = ours.subarray(0, predictions.data.length);
  return {
    window,
    series: sunspots,
    left: 0,
    ours: Array.from(ours, (v) => v * scale),
    keras: {
      forecasts: predictions.data.map((v) => v * scale),
      far: largestDifference(known, predictions),
      equal: same(known, predictions),
    },
    firstYear,
    testFrom: window + testFromWindow,
    milliseconds,
  };
};

/** Brought to the range of the sunspots that the network was trained on, 0 to about 0.95, and back. */
async function ofVisitor(all: readonly number[]): Promise<Forecast> {
  const series = all.slice(-most);
  if (series.length <= window)
    throw new Error(
      `A forecast needs more than ${window} numbers: the network looks at ${window}, and this column has ${series.length}.`,
    );
  const low = series.reduce((a, b) => Math.min(a, b));
  const span = (series.reduce((a, b) => Math.max(a, b)) - low || 1) / 0.95;
  if (!Number.isFinite(span))
    throw new Error('The numbers of this column lie farther apart than a double can say: divide them by something.');
  const began = performance.now();
  const ours = await forecastWindows([...series, low].map((v) => (v - low) / span));
  return {
    window,
    series,
    left: all.length - series.length,
    ours: Array.from(ours, (v) => v * span + low),
    keras: null,
    firstYear: 1 + all.length - series.length,
    testFrom: null,
    milliseconds: performance.now() - began,
  };
}
