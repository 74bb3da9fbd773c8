/** The sunspots: what was observed, what Keras's forecast is, and ours; and the same for a column of the visitor's. */
import { lineChart, type LineChart } from '../draw/line-chart.js';
import { difference, short } from '../draw/numbers.js';
import { backend, onBackend } from '../shell/backend-picker.js';
import { el } from '../shell/element.js';
import { newest } from '../shell/newest.js';
import { notice } from '../shell/notice.js';
import { labelOf, type BackendId } from '../worker/backend-choices.js';
import { shared } from '../worker/client.js';
import type { Column } from './csv.js';
import { dropZone } from './drop-zone.js';
import type { Forecast } from './forecast.js';

export function fill(section: HTMLElement): void {
  let column: Column | null = null;
  let testYear: number | undefined;
  const problems = el('div');
  const verdict = el('p', { class: 'verdict', role: 'status' });
  const errors = el('p', { class: 'hint' });
  const place = el('div', { class: 'card' });
  let chart: LineChart | undefined;
  /** What the chart is of. */
  let drawn: Column | null = null;

  const zone = dropZone(section, problems, (chosen) => {
    column = chosen;
    compute();
  });

  section.append(
    el('h1', {}, 'Next year’s sunspots'),
    el(
      'p',
      { class: 'lead' },
      'A network that Keras trained on the yearly sunspot numbers since 1700, LSTM(32), GRU(16), Dense(1), looks at 33 years ' +
        'and says the next. Its weights came over as they are; here it runs in your browser.',
    ),
    problems,
    place,
    verdict,
    errors,
    el('h2', {}, 'Your own numbers'),
    el(
      'p',
      {},
      'Drop a CSV file with a column of numbers. The network knows nothing but sunspots: your column is brought to their range, ' +
        'and whatever rises and falls in about eleven steps will suit it best. The file stays on your machine.',
    ),
    zone.element,
  );

  const draw = (on: BackendId, of: Column | null, all: Forecast): void => {
    const { window, series, ours, keras, firstYear, testFrom } = all;
    const years = Array.from({ length: series.length - window + 1 }, (_, i) => firstYear + window + i);
    testYear = testFrom === null ? undefined : firstYear + testFrom;
    if (chart === undefined || drawn !== of) {
      drawn = of;
      chart = lineChart({
        x: keras ? 'year' : 'row',
        label: keras
          ? 'Observed sunspot numbers, and two forecasts that lie on each other'
          : 'Your numbers and their forecast',
        lines: [
          { label: 'observed', color: 'negative' },
          ...(keras ? [{ label: 'Keras’s forecast', color: 'ink', width: 4 } as const] : []),
          { label: `ours`, color: 'positive', ...(keras && { dash: [6, 4] }) },
        ],
        shadeFrom: () => testYear,
      });
      place.replaceChildren(chart.element);
    }
    const count = (n: number): string => n.toLocaleString('en');
    const cut = all.left > 0 ? ` (the last ${count(series.length)} of ${count(all.left + series.length)} numbers)` : '';
    const observed = [...series.slice(window), null];
    chart.draw([years, observed, ...(keras ? [[...keras.forecasts, null]] : []), ours]);
    const name = labelOf(on);
    verdict.replaceChildren(
      ...(keras
        ? [
            el('b', { class: keras.equal ? 'yes' : 'no' }, String(keras.equal)),
            ` the same forecasts as Keras’s, on ${name}: largest difference ${difference(keras.far)} (of numbers divided by 200), `,
          ]
        : [`${count(ours.length)} forecasts of ${of?.name ?? 'your column'} on ${name}${cut}, `]),
      `${count(Math.round(all.milliseconds))} ms for all ${count(ours.length)}.`,
    );
    const from = testFrom ?? window;
    const [error, naive] = [
      rootMeanSquare(series.slice(from), ours.slice(from - window)),
      rootMeanSquare(series.slice(from), series.slice(from - 1)),
    ];
    const next = `The next value: ${short(ours.at(-1)!)}.`;
    errors.textContent = `Root mean square error${testFrom ? ' in the shaded years, which training had not seen' : ''}: ${short(error)}; who always repeats the last value has ${short(naive)}. ${next}`;
  };

  const compute = newest(async () => {
    const [on, of] = [backend(), column];
    try {
      const answer = await shared.call('forecast', on, { series: of?.values ?? null });
      problems.replaceChildren();
      draw(on, of, answer);
    } catch (error) {
      problems.replaceChildren(notice(error, { text: 'Back to the sunspots', act: () => zone.reset() }));
    }
  });
  onBackend(section, compute);
  compute();
}

function rootMeanSquare(truth: readonly number[], guess: readonly number[]): number {
  const differences = truth.map((v, i) => Math.abs(v - guess[i]!));
  // Divided by the largest before they are squared: the numbers may be of any size.
  const most = differences.reduce((a, b) => Math.max(a, b), 0) || 1;
  return most * Math.sqrt(differences.reduce((sum, d) => sum + (d / most) ** 2, 0) / truth.length);
}
