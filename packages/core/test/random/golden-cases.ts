/** The cases of goldens.json and how a result is held against one: by its bits. */
import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import goldens from './goldens.json' with { type: 'json' };

type Value = {
  readonly shape: number[];
  readonly dtype: string;
  readonly data?: number[];
  readonly sha256?: string;
  readonly head?: number[];
  readonly every?: number;
};

export interface GoldenCase {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly value: Value;
}

type Numbers = Float32Array | Float64Array | Int32Array | Uint32Array;

export function goldenCases(...names: string[]): GoldenCase[] {
  const found = (goldens.cases as GoldenCase[]).filter((golden) => names.includes(golden.name));
  const missing = names.filter((name) => !found.some((golden) => golden.name === name));
  if (missing.length > 0) throw new Error(`goldens.json has no case of ${missing.join(', ')}`);
  return found;
}

export function title({ name, args }: GoldenCase): string {
  return `${name} ${JSON.stringify(args)}`;
}

/** The same values to the last bit, signs of zero included. */
export function expectBits(actual: Numbers, { value }: GoldenCase): void {
  expect(actual).toHaveLength(value.shape.reduce((size, length) => size * length, 1));
  if (value.sha256 === undefined) {
    // toEqual tells 0 from −0; no generator gives NaN.
    expect(actual).toEqual(sameType(actual, value.data!));
  } else {
    expect(actual.slice(0, value.head!.length)).toEqual(sameType(actual, value.head!));
    expect(createHash('sha256').update(actual).digest('hex')).toBe(value.sha256);
  }
}

/** What the case has of the elements within a tolerance; says how far the worst one is. */
export function expectClose(actual: Numbers, { value }: GoldenCase, tolerance: number): void {
  expect(actual).toHaveLength(value.shape.reduce((size, length) => size * length, 1));
  const sampled = actual.filter((_, i) => i % (value.every ?? 1) === 0);
  expect(sampled).toHaveLength(value.data!.length);
  let worst = 0;
  for (const [i, expected] of value.data!.entries()) worst = Math.max(worst, Math.abs(sampled[i]! - expected));
  expect(worst).toBeLessThanOrEqual(tolerance);
}

function sameType(actual: Numbers, data: number[]): Numbers {
  if (actual instanceof Float32Array) return Float32Array.from(data);
  if (actual instanceof Float64Array) return Float64Array.from(data);
  return actual instanceof Int32Array ? Int32Array.from(data) : Uint32Array.from(data);
}
