/** Configurations and numbers by chance, the same ones from the same seed and name. */
import type { Shape } from '@recurra/core';
import type { Numbers } from '../../case.js';
import { mulberry32, random } from '../random.js';

export interface Draw {
  /** From low to high, both of them included. */
  whole(low: number, high: number): number;
  coin(): boolean;
  of<T>(list: readonly T[]): T;
  /** Multiples of 1/64 in ±scale, none of them 0. */
  numbers(shape: Shape, scale?: number): Numbers;
  shape(lowRank: number, highRank: number, longest: number): number[];
}

export function drawFrom(seed: number, name: string): Draw {
  // FNV-1a: unlike names are far apart.
  const start = [...name].reduce((hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 0x01000193), 0x811c9dc5);
  const next = mulberry32(start ^ Math.imul(seed, 0x9e3779b1));
  const whole = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  return {
    whole,
    coin: () => next() < 0.5,
    of: (list) => list[whole(0, list.length - 1)]!,
    numbers: (shape, scale) => random(whole(0, 0x7fffffff), shape, scale),
    shape: (lowRank, highRank, longest) => Array.from({ length: whole(lowRank, highRank) }, () => whole(1, longest)),
  };
}
