/** The accuracy table of docs/numerics.md, measured: node tools/run.mjs tools/bits/accuracy.ts */
import { readFileSync, writeFileSync } from 'node:fs';
import { pow } from '../../packages/backend-cpu/src/math/pow.js';
import { engine, functions, names, patterns, ulp } from '../../packages/backend-cpu/test/math/functions.js';

/** Distance of neighbouring bit patterns that are tried, of 2³²: a prime, so that all mantissas come. */
const STRIDE = 8191;
const bits = new DataView(new ArrayBuffer(4));

const rows = names.map((name) => {
  let worst = 0;
  let at = 0;
  let n = 0;
  for (let word = 0; word < 2 ** 32; word += STRIDE) {
    bits.setUint32(0, word);
    const x = bits.getFloat32(0);
    const exact = engine[name](x);
    const rounded = Math.fround(functions[name](x));
    if (!Number.isFinite(exact) || !Number.isFinite(Math.fround(exact))) {
      if (!Object.is(rounded, Math.fround(exact))) throw new Error(`${name}(${x}) is ${rounded}, not ${exact}`);
      continue;
    }
    n++;
    const error = Math.abs(rounded - exact) / ulp(exact);
    if (error > worst) [worst, at] = [error, x];
  }
  return `| \`${name}\` | ${worst.toFixed(6)} | ${String(at)} | ${n} |`;
});

// Two arguments: pairs of which most have a result that float32 holds.
{
  const [xs, ys] = [patterns(2_000_000, 1), patterns(2_000_000, 2)];
  let [worst, at, n] = [0, '', 0];
  xs.forEach((word, i) => {
    const x = Math.abs(word);
    const y = Math.fround(
      ys[i]! % 1 === 0 ? i % 40 : ((((i % 2000) - 1000) / 1000) * 80) / Math.max(Math.abs(Math.log(x)), 1e-3),
    );
    const exact = Math.pow(x, y);
    if (!Number.isFinite(Math.fround(exact)) || !Number.isFinite(x)) return;
    n++;
    const error = Math.abs(Math.fround(pow(x, y)) - exact) / ulp(exact);
    if (error > worst) [worst, at] = [error, `${x}, ${y}`];
  });
  rows.push(`| \`pow\` | ${worst.toFixed(6)} | ${at} | ${n} pairs |`);
}

const page = 'docs/numerics.md';
const [begin, end] = ['<!-- accuracy -->', '<!-- /accuracy -->'];
const text = readFileSync(page, 'utf8');
if (!text.includes(begin) || !text.includes(end)) throw new Error(`${page} has no place for the table`);
const head = `| function | largest error, ulp | at x | finite results |\n| --- | --- | --- | --- |`;
const before = text.slice(0, text.indexOf(begin) + begin.length);
writeFileSync(page, `${before}\n\n${head}\n${rows.join('\n')}\n\n${text.slice(text.indexOf(end))}`);
