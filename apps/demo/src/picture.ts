/** Draws the README's picture, docs/sunspots.svg: `node tools/run.mjs apps/demo/src/picture.ts`. */
import { cpu } from '@recurra/backend-cpu';
import { useBackend } from '@recurra/core';
import { writeFileSync } from 'node:fs';
import { forecastAll } from './sunspots.js';

const [width, height, left, bottom, top] = [880, 300, 48, 34, 44];

await useBackend(cpu());
const { observed, forecasts, firstYear, testFrom } = await forecastAll();
const highest = Math.ceil(Math.max(...observed, ...forecasts) / 50) * 50;
const x = (i: number): number => left + (i / (observed.length - 1)) * (width - left - 16);
const y = (v: number): number => height - bottom - (v / highest) * (height - bottom - top);
const line = (values: readonly number[]): string =>
  values.map((v, i) => `${x(i).toFixed(1)},${y(Math.max(v, 0)).toFixed(1)}`).join(' ');

const grid = Array.from({ length: highest / 50 + 1 }, (_, k) => k * 50).map(
  (v) =>
    `<line x1="${left}" x2="${width - 16}" y1="${y(v)}" y2="${y(v)}" class="grid"/><text x="${left - 8}" y="${y(v) + 4}" text-anchor="end">${v}</text>`,
);
const years = observed
  .map((_, i) => firstYear + i)
  .filter((year) => year % 40 === 0)
  .map((year) => `<text x="${x(year - firstYear).toFixed(1)}" y="${height - 10}" text-anchor="middle">${year}</text>`);

writeFileSync(
  'docs/sunspots.svg',
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="Yearly sunspot numbers, observed and forecast">
<style>
  text { font: 12px system-ui, sans-serif; fill: #57606a }
  .grid { stroke: #8884; stroke-width: 1 }
  polyline { fill: none; stroke-width: 2; stroke-linejoin: round }
  .observed { stroke: #d4a017 }
  .forecast { stroke: #0a7ea4 }
  .test { fill: #0a7ea4; opacity: .08 }
  @media (prefers-color-scheme: dark) { text { fill: #9da7b1 } .forecast { stroke: #4fc3e8 } }
</style>
<rect class="test" x="${x(testFrom).toFixed(1)}" y="${top}" width="${(x(observed.length - 1) - x(testFrom)).toFixed(1)}" height="${height - bottom - top}"/>
${grid.join('\n')}
${years.join('\n')}
<polyline class="observed" points="${line(observed)}"/>
<polyline class="forecast" points="${line(forecasts)}"/>
<text x="${left}" y="22">Yearly sunspot number: <tspan fill="#d4a017">observed</tspan>, and <tspan fill="#0a7ea4">forecast one year ahead</tspan> by a network that Keras trained. Shaded: years it never saw.</text>
</svg>
`,
);
