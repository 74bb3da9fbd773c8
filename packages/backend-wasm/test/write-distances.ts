/** Writes the table of docs/numerics.md: node tools/run.mjs packages/backend-wasm/test/write-distances.ts */
import { readFileSync, writeFileSync } from 'node:fs';
import { distances } from './distances.js';

const page = 'docs/numerics.md';
const [begin, end] = ['<!-- wasm -->', '<!-- /wasm -->'];
const text = readFileSync(page, 'utf8');
if (!text.includes(begin) || !text.includes(end)) throw new Error(`${page} has no place for the table`);
const shown = (v: number): string => (v === 0 ? 'the same bits' : v.toExponential(1));
const rows = (await distances()).map(
  ({ kernel, sizes, distance, bound }) => `| ${kernel} | ${sizes} | ${shown(distance)} | ${shown(bound)} |`,
);
const head = '| kernel | sizes | largest distance | promised |\n| --- | --- | --- | --- |';
const before = text.slice(0, text.indexOf(begin) + begin.length);
writeFileSync(page, `${before}\n\n${head}\n${rows.join('\n')}\n\n${text.slice(text.indexOf(end))}`);
