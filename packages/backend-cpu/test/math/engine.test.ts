/** Over far more arguments than a table holds: against the engine's functions, and against ourselves. */
import { describe, expect, it } from 'vitest';
import { pow } from '../../src/math/pow.js';
import { engine, functions, further, names, patterns } from './functions.js';

/** The ranges in which the functions live, since most bit patterns are far outside. */
const central = Float32Array.from(patterns(60_000, 7), (_, i) => ((i * 0.6180339887) % 1) * 220 - 110);
const anywhere = patterns(120_000, 1);

/** Ours apart from theirs, relative to theirs; 0 where float32 cannot tell them apart at its ends. */
function apart(ours: number, theirs: number): number {
  const rounded = Math.fround(theirs);
  if (Object.is(Math.fround(ours), rounded) && (rounded === 0 || !Number.isFinite(rounded))) return 0;
  const distance = Math.abs(ours - theirs) / Math.abs(theirs);
  return Number.isNaN(distance) ? Infinity : distance;
}

describe('within 10⁻¹¹ of the engine', () => {
  it.each(names)('%s', (name) => {
    const [f, g] = [functions[name], engine[name]];
    const off = (x: number): boolean => apart(f(x), g(x)) > 1e-11;
    expect([...anywhere.filter(off), ...central.filter(off)]).toEqual([]);
  });

  it('pow', () => {
    const off: [number, number][] = [];
    const compare = (x: number, y: number): void => {
      // C and JavaScript disagree on 1^NaN and (−1)^±∞.
      if (Math.abs(x) !== 1 && apart(pow(x, y), x ** y) > 1e-11) off.push([x, y]);
    };
    const ys = patterns(120_000, 2);
    anywhere.forEach((x, i) => compare(x, ys[i]!));
    // Powers that float32 can hold, of numbers near 1 and far from it; and whole powers of either sign.
    central.forEach((to, i) => {
      const x = i % 2 ? Math.abs(anywhere[i]!) : Math.fround(1 + to * 2 ** -(7 + (i % 16)));
      compare(x, Math.fround(to / Math.log(x)));
      compare(Math.fround(to), (i % 41) - 20);
    });
    expect(off).toEqual([]);
  });
});

describe('what mathematics promises', () => {
  it.each(names.filter((name) => name !== 'sin' && name !== 'cos'))('%s never falls', (name) => {
    const f = (x: number): number => Math.fround(functions[name](x));
    const falls: number[] = [];
    for (const xs of [anywhere, central]) {
      for (const x of xs) {
        const [low, high] = x < 0 ? [further(x), x] : [x, further(x)];
        if (f(high) < f(low)) falls.push(low);
      }
    }
    expect(falls).toEqual([]);
  });

  it.each(['sin', 'erf'] as const)('%s is odd', (name) => {
    const f = functions[name];
    expect(Array.from(anywhere).filter((x) => !Object.is(f(-x), -f(x)))).toEqual([]);
  });
});
