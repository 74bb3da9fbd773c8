/** The ratios as a chart: a row a case, a dot a peer, on a logarithmic scale. Explicit colours, so that it reads on dark pages too. */
import type { Case } from './cases.js';
import { sentence, type Circumstances } from './circumstances.js';
import type { Comparison } from './comparisons.js';
import { digits, shapeOf } from './table.js';

/** Told apart by shape as well as by colour. */
const marks: Readonly<Record<string, { readonly colour: string; readonly draw: (x: number, y: number) => string }>> = {
  'onnxruntime-web': { colour: '#0b62a8', draw: (x, y) => `<circle cx="${x}" cy="${y}" r="4.5"/>` },
  'onnxruntime-node': { colour: '#b3261e', draw: (x, y) => `<rect x="${x - 4}" y="${y - 4}" width="8" height="8"/>` },
  'tfjs wasm': { colour: '#8a5a00', draw: (x, y) => `<path d="M${x} ${y - 5.5}l5.5 5.5-5.5 5.5-5.5-5.5z"/>` },
};

const titles: Partial<Record<Case['kind'], string>> = {
  recurrent: 'Sequences: batch, time, inputs, units',
  stream: 'Streams, a step: inputs and units',
  training: 'Training, a step',
  attention: 'Attention: batch, memory, width',
};

const size = { width: 860, label: 230, right: 24, row: 20, head: 92, gap: 34 };

/** Of the default build on wasm against its peers. */
export function chart(comparisons: readonly Comparison[], about: Circumstances): string {
  const rows = comparisons.filter(({ ours, peer }) => ours === 'recurra wasm' && peer in marks);
  const values = rows.map(({ ratio }) => ratio.median);
  const low = Math.floor(Math.log10(Math.min(0.5, ...values)) * 3) / 3;
  const high = Math.ceil(Math.log10(Math.max(2, ...values)) * 3) / 3;
  const x = (ratio: number): number =>
    round(size.label + ((Math.log10(ratio) - low) / (high - low)) * (size.width - size.label - size.right));

  const body: string[] = [];
  let y = size.head;
  for (const [kind, title] of Object.entries(titles)) {
    const of = rows.filter(({ task }) => task.kind === kind);
    if (of.length === 0) continue;
    body.push(`<text x="12" y="${y + 4}" font-weight="600">${escaped(title)}</text>`);
    y += size.row + 2;
    for (const task of new Set(of.map((row) => row.task))) {
      const label = shapeOf(task).join(' ');
      body.push(`<line x1="${size.label}" x2="${size.width - size.right}" y1="${y}" y2="${y}" stroke="#eceff2"/>`);
      body.push(`<text x="${size.label - 10}" y="${y + 4}" text-anchor="end">${escaped(label)}</text>`);
      for (const row of of.filter((one) => one.task === task)) body.push(dot(row, x(row.ratio.median), y));
      y += size.row;
    }
    y += size.gap - size.row;
  }
  const bottom = y;
  const height = bottom + 44;
  const ticks = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].filter((value) => {
    const at = Math.log10(value);
    return at >= low && at <= high;
  });
  const grid = ticks.map((value) => {
    const at = x(value);
    const stroke = value === 1 ? 'stroke="#1b1f24" stroke-width="1.5"' : 'stroke="#d5dae0"';
    return (
      `<line x1="${at}" x2="${at}" y1="${size.head - 16}" y2="${bottom - 10}" ${stroke}/>` +
      `<text x="${at}" y="${size.head - 22}" text-anchor="middle" fill="#4a525c">${value}×</text>`
    );
  });
  let legendAt = 12;
  const legend = Object.entries(marks)
    .filter(([name]) => rows.some(({ peer }) => peer === name))
    .map(([name, { colour, draw }]) => {
      const at = legendAt;
      legendAt += 32 + name.length * 7.2;
      return `<g fill="${colour}">${draw(at + 6, 45)}</g><text x="${at + 18}" y="49">${name}</text>`;
    });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${height}" width="${size.width}" height="${height}" role="img" aria-label="How many times as fast Recurra on WebAssembly is as its peers" font-family="system-ui, sans-serif" font-size="12.5" fill="#1b1f24">
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="12" y="24" font-size="16" font-weight="600">How many times as fast Recurra on WebAssembly is as its peers</text>
<text x="${legendAt}" y="49" fill="#4a525c">hollow: a target missed</text>
${[...legend, ...grid, ...body].join('\n')}
${footer(sentence(about), height)}
</svg>
`;
}

/** In lines that fit, between two of its parts. */
function footer(text: string, height: number): string {
  const [first = '', ...rest] = text.split('; one thread');
  return [first, `one thread${rest.join('')}`]
    .map(
      (line, i) => `<text x="12" y="${height - 28 + 16 * i}" font-size="10.5" fill="#4a525c">${escaped(line)}</text>`,
    )
    .join('\n');
}

/** A hollow one missed its target. */
function dot({ task, peer, ratio, target }: Comparison, x: number, y: number): string {
  const { colour, draw } = marks[peer]!;
  const paint = target && !target.reached ? `fill="#ffffff" stroke="${colour}" stroke-width="2"` : `fill="${colour}"`;
  const words = `${task.id}, ${peer}: ${digits(ratio.median)}×${target ? `, target ${target.atLeast}×` : ''}`;
  return `<g ${paint}><title>${escaped(words)}</title>${draw(x, y)}</g>`;
}

const round = (value: number): number => Math.round(value * 10) / 10;
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
