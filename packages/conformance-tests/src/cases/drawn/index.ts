/**
 * What nobody thought of: problems drawn from a seed, beside the float64 reference. The ids say which; the seed, which numbers.
 * The default is always the same one; another seed asks other questions.
 */
import { defineCases, type Case, type CaseEntry } from '../../case.js';
import { attending } from './attention.js';
import { besideReference, type Problem } from './beside-reference.js';
import { broadcast, movement, product, reduction } from './ops.js';
import { recurrent } from './recurrent.js';

export const defaultSeed = 20261123;

/** How many are drawn of each. */
export const problems: Readonly<Record<string, readonly [count: number, problem: Problem]>> = {
  broadcast: [12, broadcast],
  matmul: [8, product],
  reduce: [8, reduction],
  movement: [8, movement],
  'simple-rnn': [8, recurrent('simpleRnn')],
  lstm: [8, recurrent('lstm')],
  gru: [8, recurrent('gru')],
  'gru-reset-before': [8, recurrent('gru', { resetAfter: false })],
  attention: [8, attending],
};

export function drawnCases(seed: number = defaultSeed): Case[] {
  const entries: Record<string, CaseEntry> = {};
  for (const [name, [count, problem]] of Object.entries(problems)) {
    for (let i = 0; i < count; i++) entries[`${name}/${i}`] = besideReference(seed, `${name}/${i}`, problem);
  }
  return defineCases('random', entries);
}
