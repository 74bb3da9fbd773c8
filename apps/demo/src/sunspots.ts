/** A network that Keras trained on the sunspots of 1700–2008, making the same forecasts in JavaScript. */
import golden from '../data/sunspots.json' with { type: 'json' };
import { chart } from './chart.js';
import { largestDifference, same } from './golden.js';
import { cyan, difference, heading, verdict } from './screen.js';
import { forecastWindows } from './sunspot-network.js';

const { sunspots, scale, window, firstYear, testFromWindow, predictions } = golden;
const windows = sunspots.length - window;
const scaled = sunspots.map((n) => n / scale);

/** Observed and forecast numbers of the same years, and from which of them on the network had not been trained. */
export async function forecastAll(): Promise<{
  observed: number[];
  forecasts: number[];
  firstYear: number;
  testFrom: number;
}> {
  const forecasts = Array.from(await forecastWindows(scaled), (v) => v * scale);
  return { observed: sunspots.slice(window), forecasts, firstYear: firstYear + window, testFrom: testFromWindow };
}

/** Prints forecast beside Keras's and beside what happened; gives whether it is Keras's. */
export async function forecast(): Promise<boolean> {
  heading('Real data: yearly sunspot numbers 1700–2008, forecast by a network that Keras trained');
  const ours = await forecastWindows(scaled);

  const equal = same(ours, predictions);
  const far = cyan(difference(largestDifference(ours, predictions)));
  console.log(`  LSTM(32) → GRU(16) → Dense(1) on all ${windows} windows of ${window} years`);
  console.log(`  largest difference to Keras's forecasts: ${far}   the same: ${verdict(equal)}`);

  const observed = sunspots.slice(window + testFromWindow);
  const forecasts = Array.from(ours.subarray(testFromWindow), (v) => v * scale);
  const lastYears = sunspots.slice(window + testFromWindow - 1, -1);
  console.log(
    `  root mean square error on the last ${observed.length} years, not used in training: ${cyan(rootMeanSquare(forecasts, observed))}` +
      ` (repeating the last year: ${rootMeanSquare(lastYears, observed)})\n`,
  );
  console.log(chart(observed, forecasts, firstYear + window + testFromWindow));
  return equal;
}

function rootMeanSquare(guess: readonly number[], truth: readonly number[]): string {
  const sum = truth.reduce((s, v, i) => s + (v - guess[i]!) * (v - guess[i]!), 0);
  return Math.sqrt(sum / truth.length).toFixed(1);
}
