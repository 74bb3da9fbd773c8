/** Pictures of numbers as SVG: curves over steps, and heat maps. */

export interface Curve {
  readonly values: readonly number[];
  readonly color: string;
  readonly dashed?: boolean;
}

const style = `<style>
  text { font: 12px system-ui, sans-serif; fill: #57606a }
  .grid { stroke: #8884; stroke-width: 1 }
  .frame { fill: none; stroke: #8886 }
  polyline { fill: none; stroke-width: 2; stroke-linejoin: round }
  @media (prefers-color-scheme: dark) { text { fill: #9da7b1 } }
</style>`;

/** Curves over steps 1, 2, …, on a logarithmic scale of powers of ten. */
export function lineChart(title: string, curves: readonly Curve[]): string {
  const [width, height, left, right, top, bottom] = [880, 300, 56, 16, 44, 34];
  const all = curves.flatMap(({ values }) => values);
  const low = Math.floor(Math.log10(Math.min(...all)));
  const high = Math.ceil(Math.log10(Math.max(...all)));
  const steps = Math.max(...curves.map(({ values }) => values.length));
  const x = (step: number): string => (left + ((step - 1) / (steps - 1)) * (width - left - right)).toFixed(1);
  const y = (v: number): string =>
    (height - bottom - ((Math.log10(v) - low) / (high - low)) * (height - bottom - top)).toFixed(1);
  const grid = Array.from({ length: high - low + 1 }, (_, k) => {
    const v = 10 ** (low + k);
    const line = `<line x1="${left}" x2="${width - right}" y1="${y(v)}" y2="${y(v)}" class="grid"/>`;
    return `${line}<text x="${left - 8}" y="${(Number(y(v)) + 4).toFixed(1)}" text-anchor="end">${Number(v.toPrecision(1))}</text>`;
  });
  const every = Math.max(1, Math.round(steps / 9 / 5) * 5);
  const ticks = Array.from({ length: Math.floor(steps / every) }, (_, k) => (k + 1) * every).map(
    (step) => `<text x="${x(step)}" y="${height - 10}" text-anchor="middle">${step}</text>`,
  );
  const lines = curves.map(({ values, color, dashed }) => {
    const points = values.map((v, i) => `${x(i + 1)},${y(v)}`).join(' ');
    return `<polyline stroke="${color}"${dashed ? ' stroke-dasharray="5 5"' : ''} points="${points}"/>`;
  });
  const texts = `<text x="${left}" y="22">${escaped(title)}</text>`;
  return svg(width, height, title, [...grid, ...ticks, ...lines, texts]);
}

export interface HeatMap {
  /** Row after row, numbers in [0, 1]. */
  readonly rows: readonly (readonly number[])[];
  /** What is written left of each row and above each column. */
  readonly rowNames: readonly string[];
  readonly columnNames: readonly string[];
}

/** Heat maps side by side, as many in a line as fit. */
export function heatMaps(title: string, maps: readonly HeatMap[]): string {
  const [cell, width, gap, labels] = [22, 880, 28, 34];
  let [x, y, deepest] = [16, 40, 0];
  const parts: string[] = [`<text x="16" y="22">${escaped(title)}</text>`];
  for (const { rows, rowNames, columnNames } of maps) {
    const [w, h] = [columnNames.length * cell + labels, rows.length * cell + labels];
    if (x + w > width) [x, y, deepest] = [16, y + deepest + gap, 0];
    deepest = Math.max(deepest, h);
    const [left, top] = [x + labels, y + labels];
    for (const [j, name] of columnNames.entries())
      parts.push(`<text x="${left + (j + 0.5) * cell}" y="${top - 8}" text-anchor="middle">${escaped(name)}</text>`);
    for (const [i, row] of rows.entries()) {
      const middle = top + (i + 0.5) * cell + 4;
      parts.push(`<text x="${left - 8}" y="${middle}" text-anchor="end">${escaped(rowNames[i] ?? '')}</text>`);
      for (const [j, v] of row.entries()) {
        if (v < 0.005) continue;
        const at = `x="${left + j * cell}" y="${top + i * cell}" width="${cell}" height="${cell}"`;
        parts.push(`<rect ${at} fill="#0a7ea4" opacity="${v.toFixed(2)}"/>`);
      }
    }
    const frame = `x="${left}" y="${top}" width="${columnNames.length * cell}" height="${rows.length * cell}"`;
    parts.push(`<rect class="frame" ${frame}/>`);
    x += w + gap;
  }
  return svg(width, y + deepest + 16, title, parts);
}

function svg(width: number, height: number, title: string, parts: readonly string[]): string {
  const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">`;
  return [head, style, ...parts, '</svg>', ''].join('\n');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
