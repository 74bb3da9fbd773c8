/**
 * Every engine must give the same doubles, to the last bit: a digest over many arguments, made once.
 *
 * A digest changes when a function's code does; an engine must never change it.
 */
import { expect, it } from 'vitest';
import { pow } from '../../src/math/pow.js';
import { functions, names, patterns } from './functions.js';

/** FNV-1a over the 64 bits of each result, all NaN alike. */
function digest(results: Iterable<number>): string {
  const view = new DataView(new ArrayBuffer(8));
  let hash = 0x811c9dc5;
  for (const y of results) {
    view.setFloat64(0, y === y ? y : 0.123);
    for (const at of [0, 4]) hash = Math.imul(hash ^ view.getInt32(at), 0x01000193);
  }
  return (hash >>> 0).toString(16);
}

/** f at bit patterns and, where those seldom fall, at doubles in [−20, 20); y likewise, in [−6, 6). */
function* each(f: (x: number, y: number) => number): Iterable<number> {
  const ys = patterns(20_000, 4);
  let i = 0;
  for (const x of patterns(20_000, 3)) {
    i++;
    yield f(i % 2 ? x : ((i * 24.72135955) % 40) - 20, i % 3 ? ((i * 7.416407865) % 12) - 6 : ys[i - 1]!);
  }
}

const made: Record<string, string> = {
  cos: '8d4d7920',
  erf: '78baae7e',
  exp: '6b8a1a14',
  expm1: '8e3575af',
  log: '79992f45',
  log1p: '50230b38',
  pow: 'f3e340ab',
  sigmoid: 'af17c97b',
  sin: 'c7c82595',
  tanh: '7531c32b',
};

it.each(names)('%s', (name) => {
  expect(digest(each((x) => functions[name](x)))).toBe(made[name]);
});

it('pow', () => {
  expect(digest(each(pow))).toBe(made.pow);
});
