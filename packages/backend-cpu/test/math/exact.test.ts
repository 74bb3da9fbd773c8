/** Half an ulp of float32 and next to nothing more, after one rounding, over the whole range: against exact values. */
import { describe, expect, it } from 'vitest';
import { pow } from '../../src/math/pow.js';
import exact from './exact.json' with { type: 'json' };
import { functions, names, ulp } from './functions.js';

// The least relative error the polynomials leave, 10⁻¹², is 0.000016 ulp.
const bound = 0.5001;

/** What float32 makes of ours, off from the exact value, in ulp; from 2¹²⁸ on both must be ∞, and NaN is never near. */
function off(ours: number, theirs: number): number {
  const [got, wanted] = [Math.fround(ours), Math.fround(theirs)];
  if (!Number.isFinite(wanted)) return got === wanted ? 0 : Infinity;
  const distance = Math.abs(got - theirs) / ulp(wanted);
  return Number.isNaN(distance) ? Infinity : distance;
}

/** The rows in which f is further off than half an ulp and a little. */
const beyond = (rows: readonly string[], f: (...x: number[]) => number): string[] =>
  rows.filter((row) => {
    const numbers = row.split(' ').map(Number);
    return off(f(...numbers.slice(0, -1).map(Math.fround)), numbers.at(-1)!) > bound;
  });

describe('within half an ulp of the exact value', () => {
  it.each(names)('%s', (name) => {
    expect(exact.cases[name].length).toBeGreaterThan(1500);
    expect(beyond(exact.cases[name], (x) => functions[name](x!))).toEqual([]);
  });

  it('pow', () => {
    expect(exact.cases.pow.length).toBeGreaterThan(1500);
    expect(beyond(exact.cases.pow, (x, y) => pow(x!, y!))).toEqual([]);
  });

  it('and the measure sees a fiftieth of an ulp', () => {
    expect(beyond(exact.cases.exp, (x) => functions.exp(x!) * (1 + 2 ** -29)).length).toBeGreaterThan(0);
  });
});
