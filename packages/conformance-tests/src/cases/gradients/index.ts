/**
 * Every gradient against PyTorch's, in float64: Σ output·g differentiated by each input. The cases are made for a library of
 * ops, so that the suite can be shown broken ones and must catch them.
 */
import * as core from '@recurra/core';
import { grad, valueAndGrad } from '@recurra/core';
import { defineCases, type Case, type CaseEntry } from '../../case.js';
import { gradients } from '../../vectors.js';
import { on, type Floats } from '../on.js';
import { functionsOf, secondOrderOf, type OpOf, type Ops } from './functions.js';
import { kinks } from './kinks.js';
import { gradientRelations } from './relations.js';

export type { Ops };

export function gradientCases(ops: Ops = core): Case[] {
  return defineCases('gradients', {
    ...firstOrder(ops),
    ...secondOrder(ops),
    ...gradientRelations(ops),
    ...kinks(ops),
  });
}

function firstOrder(ops: Ops): Record<string, CaseEntry> {
  const functions = functionsOf(ops);
  const entries: Record<string, CaseEntry> = {};
  for (const [name, vector] of Object.entries(gradients.ops)) {
    // An op of one input takes options in the place of a second one.
    const op = ops[name as 'add'] as unknown as OpOf;
    const unary = (x: Floats): Floats => (op as unknown as (x: Floats) => Floats)(x);
    const f = functions[name] ?? (vector.inputs.length === 1 ? unary : op);
    entries[name] = ({ backend, close }) => {
      const { floats } = on(backend);
      const g = floats(vector.cotangent);
      const inputs = vector.inputs.map((x) => floats(x));
      void close(f(inputs[0]!, inputs[1]!, backend), vector.output);
      const [, grads] = valueAndGrad((xs: Floats[]) => core.sum(core.mul(f(xs[0]!, xs[1]!, backend), g)))(inputs);
      grads.forEach((found, i) => void close(found, vector.gradients[i]!));
    };
  }
  return entries;
}

function secondOrder(ops: Ops): Record<string, CaseEntry> {
  const functions = secondOrderOf(ops);
  const entries: Record<string, CaseEntry> = {};
  for (const [name, vector] of Object.entries(gradients.second)) {
    entries[`second-order/${name}`] = ({ backend, close }) => {
      const { floats } = on(backend);
      const inputs = vector.inputs.map((x) => floats(x));
      const first = (xs: Floats[]): Floats => grad((x: Floats) => functions[name]!(x, xs[1]!))(xs[0]!);
      void close(first(inputs), vector.first);
      const w = floats(vector.cotangent);
      const found = grad((xs: Floats[]) => core.sum(core.mul(first(xs), w)))(inputs);
      found.forEach((g, i) => void close(g, vector.second[i]!));
    };
  }
  return entries;
}
