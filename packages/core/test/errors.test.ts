/** How errors show what they were given: readable, whatever it is. */
import { describe, expect, it } from 'vitest';
import { ArgumentError } from '../src/index.js';

const shown = (fact: unknown): string => new ArgumentError('op', 'no', { fact }).message.split('fact: ')[1]!;

describe('the facts of an error', () => {
  it('names what an object has, and not [object Object]', () => {
    expect(shown({ units: 3, activation: 'tanh' })).toBe('{ units, activation }');
    expect(shown(new Map())).toBe('[object Map]');
  });

  it('shows the first eight of a long list', () => {
    expect(shown([1, 2, -0])).toBe('[1, 2, -0]');
    expect(shown(Array.from({ length: 1000 }, (_, i) => i))).toBe('[0, 1, 2, 3, 4, 5, 6, 7, … 1000 in all]');
  });

  it('ends where a list holds itself', () => {
    const circle: unknown[] = [];
    circle.push(circle);
    expect(shown(circle)).toBe('[[[[[…]]]]]');
  });
});
