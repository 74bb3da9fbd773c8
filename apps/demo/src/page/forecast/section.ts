/** The sunspots: what was observed, what Keras's forecast is, and ours; and the same for a column of the visitor's. */
import { lineChart, type LineChart } from '../draw/line-chart.js';
import { difference } from '../draw/numbers.js';
import { backend, onBackend } from '../shell/backend-picker.js';
import { el } from '../shell/element.js';
import { notice } from '../shell/notice.js';
import { labelOf } from '../worker/backend-choices.js';
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

  const zone = dropZone((chosen) => {
    column = chosen;
    chart = undefined;
    void compute();
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

  const draw = (all: Forecast): void => {
    const { window, series, ours, keras, firstYear, testFrom } = all;
    const years = Array.from({ length: series.length - window + 1 }, (_, i) => firstYear + window + i);
    testYear = testFrom === null ? undefined : firstYear + testFrom;
    if (chart === undefined) {
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
    const observed = [...series.slice(window), null];
    chart.draw([years, observed, ...(keras ? [[...keras.forecasts, null]] : []), ours]);
    const name = labelOf(backend());
    verdict.replaceChildren(
      ...(keras
        ? [
            el('b', { class: keras.equal ? 'yes' : 'no' }, String(keras.equal)),
            ` the same forecasts as Keras’s, on ${name}: largest difference ${difference(keras.far)} (of numbers divided by 200), `,
          ]
        : [`${ours.length} forecasts of ${column?.name ?? 'your column'} on ${name}, `]),
      `${Math.round(all.milliseconds)} ms for all ${ours.length}.`,
    );
    const from = testFrom ?? window;
    const [error, naive] = [
      rootMeanSquare(series.slice(from), ours.slice(from - window)),
      rootMeanSquare(series.slice(from), series.slice(from - 1)),
    ];
    const next = `The next value: ${ours.at(-1)!.toFixed(1)}.`;
    errors.textContent = `Root mean square error${testFrom ? ' in the shaded years, which training had not seen' : ''}: ${error.toFixed(1)}; who always repeats the last value has ${naive.toFixed(1)}. ${next}`;
  };

  let asked = 0;
  const compute = async (): Promise<void> => {
    const mine = ++asked;
    try {
      const answer = await shared.call('forecast', backend(), { series: column?.values ?? null });
      if (mine !== asked) return;
      problems.replaceChildren();
      draw(answer);
    } catch (error) {
      problems.replaceChildren(notice(error, { text: 'Back to the sunspots', act: () => zone.reset() }));
    }
  };
  onBackend(section, () => void compute());
  void compute();
}

function rootMeanSquare(truth: readonly number[], guess: readonly number[]): number {
  return Math.sqrt(truth.reduce((sum, v, i) => sum + (v - guess[i]!) ** 2, 0) / truth.length);
}
