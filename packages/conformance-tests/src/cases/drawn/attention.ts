/** Queries, keys, values and masks by chance under any score: context, weights, and all gradients. */
import * as library from '@recurra/attention';
import type { Score } from '@recurra/attention';
import { add, mul, sum, valueAndGrad } from '@recurra/core';
import { named, type Named } from '../cells.js';
import { on, type Floats } from '../on.js';
import type { Problem } from './beside-reference.js';

const scores = ['dot', 'scaledDot', 'general', 'additive', 'concat'] as const;

export const attending: Problem = (draw) => {
  const [batch, queries, keys] = [draw.whole(1, 3), draw.whole(1, 4), draw.whole(1, 5)];
  const [width, values, units] = [draw.whole(1, 4), draw.whole(1, 3), draw.whole(1, 3)];
  const kind = draw.of(scores);
  const inputs = {
    query: draw.numbers([batch, queries, width]),
    keys: draw.numbers([batch, keys, width]),
    values: draw.numbers([batch, keys, values]),
  };
  // Now and then a row with nothing valid.
  const mask = draw.coin()
    ? null
    : { shape: [batch, queries, keys], data: Array.from({ length: batch * queries * keys }, () => draw.whole(0, 1)) };
  const cotangent = draw.numbers([batch, queries, values]);
  const score = {
    dot: library.dotScore(),
    scaledDot: library.scaledDotScore(),
    general: library.generalScore(),
    additive: library.additiveScore({ units }),
    concat: library.concatScore({ units }),
  }[kind] as unknown as Score<Named>;
  const made = parametersOf(kind, width, units);
  const params = Object.fromEntries(Object.entries(made).map(([name, shape]) => [name, draw.numbers(shape)]));
  return (backend) => {
    const given = { ...named(inputs, backend), params: named(params, backend) };
    const options = { mask: mask && on(backend).bools(mask) };
    const g = on(backend).floats(cotangent);
    const run = (at: typeof given): { context: Floats; weights: Floats } => {
      const { query, keys: k, values: v } = at as unknown as Record<'query' | 'keys' | 'values', Floats>;
      return library.attention(score, at.params, query, k, v, options);
    };
    const { context, weights } = run(given);
    const [, grads] = valueAndGrad((at: typeof given) => {
      const found = run(at);
      return add(sum(mul(found.context, g)), mul(sum(mul(found.weights, found.weights)), 0.5));
    })(given);
    const { params: ofParams, ...others } = grads as { params: Named } & Named;
    return [context, weights, ...Object.values(others as Named), ...Object.values(ofParams)];
  };
};

function parametersOf(kind: (typeof scores)[number], width: number, units: number): Record<string, number[]> {
  if (kind === 'general') return { kernel: [width, width] };
  if (kind === 'additive') return { queryKernel: [width, units], keyKernel: [width, units], v: [units] };
  if (kind === 'concat') return { kernel: [2 * width, units], v: [units] };
  return {};
}
