/** All mutants, by what is broken, with the cases that each kind is shown. */
import { cases, referenceBackend, type Case } from '@recurra/conformance-tests';
import type { Backend } from '@recurra/core';
import { defineCases } from '../../src/case.js';
import { attentionCases } from '../../src/cases/attention.js';
import { attentionRelations } from '../../src/cases/attention-relations.js';
import { relationCases } from '../../src/cases/cell-relations.js';
import { cellCases } from '../../src/cases/cells.js';
import { gradientCases } from '../../src/cases/gradients/index.js';
import { sessionCases } from '../../src/cases/fused/sessions.js';
import { layerCases } from '../../src/cases/layers.js';
import { streamCasesOf } from '../../src/cases/streams.js';
import { trainingCases } from '../../src/cases/training/index.js';
import { segmentEntries } from '../../src/cases/training/segments.js';
import { variantCases } from '../../src/cases/variants.js';
import { brokenAttention } from './attention.js';
import { brokenAttentionRelations } from './attention-relations.js';
import { brokenBptt } from './bptt.js';
import { brokenCells } from './cells.js';
import { brokenCellRelations } from './cell-relations.js';
import { brokenFused } from './fused.js';
import { brokenSimpleRnn } from './fused-simple-rnn.js';
import { brokenGru, withGru } from './fused-gru.js';
import { brokenGradients } from './gradients.js';
import { brokenKernels } from './kernels.js';
import { brokenLimits } from './limits.js';
import { brokenLayers } from './layers.js';
import type { Mutant } from './mutant.js';
import { brokenStorage } from './storage-and-elements.js';
import { brokenAtLast, brokenRarely } from './rare.js';
import { reachedKernels, reachedOn, type Reached } from './reached.js';
import { brokenSegments } from './segments.js';
import { brokenSessions, brokenStreams } from './streams.js';
import { brokenTraining } from './training.js';
import { brokenVariants } from './variants.js';
import { withNaiveFused } from '../naive-fused.js';

export interface Shown {
  readonly name: string;
  readonly caughtBy: string;
  /** What the suite is made of for this one, and what it runs on: made when it is needed. */
  readonly suite: () => { readonly cases: readonly Case[]; readonly factory: () => Backend };
  /** Which of them come to what is broken: on all others it is the sound backend. Without it, any may. */
  readonly reached?: Reached;
}

/** A broken backend is shown the whole suite. */
const backends = (mutants: readonly Mutant<() => Backend>[], shown = cases, of?: Reached): Shown[] =>
  mutants.map(({ make, parts, ...named }) => {
    const reached = of ?? (parts && reachedKernels(parts));
    return { ...named, suite: () => ({ cases: shown, factory: make }), ...(reached && { reached }) };
  });

/** A broken library is what its cases are made for; they run on the reference backend. */
const library = <L>(mutants: readonly Mutant<() => L>[], made: (of: L) => Case[]): Shown[] =>
  mutants.map(({ make, ...named }) => ({
    ...named,
    suite: () => ({ cases: made(make()), factory: referenceBackend }),
  }));

/** Those of the fused simple RNN, but for sizes. */
export const simpleRnnCases = cases.filter(({ id }) => /^fused\/simple-rnn\/.*(activation|seventy|gradients)/.test(id));
/** On what mutants of fused kernels are made of. */
export const fusedReached = reachedOn(() => withNaiveFused() as unknown as Backend);
export const gruReached = reachedOn(() => withGru());

export const mutants: Readonly<Record<string, readonly Shown[]>> = {
  'storage and elements': backends(brokenStorage),
  kernels: backends(brokenKernels),
  limits: backends(brokenLimits),
  'where one seldom looks': [
    ...backends(brokenRarely),
    // The longest run that there is comes last; it is shown those that train.
    ...backends(
      brokenAtLast,
      trainingCases().filter(({ id }) => !/gradients|order|segments/.test(id)),
    ),
  ],
  'fused kernels': backends(brokenFused, cases, fusedReached),
  // The suite comes to them late.
  'activations and long sequences in fused recurrences': backends(brokenSimpleRnn, simpleRnnCases),
  'gradients of fused recurrences': [
    ...backends(brokenBptt, cases, fusedReached),
    ...backends(brokenGru, cases, gruReached),
  ],
  'gradients of ops': library(brokenGradients, gradientCases),
  // The whole suite comes to its sessions late, and all before them are sound.
  streams: backends(brokenSessions, sessionCases),
  'streams made of steps': library(brokenStreams, streamCasesOf),
  'cells, masks, directions, states': library(brokenCells, cellCases),
  'what cells begin with, and what lies in padding': library(brokenCellRelations, relationCases),
  'dropout, stacks, both directions': library(brokenLayers, layerCases),
  'variants of cells': library(brokenVariants, variantCases),
  'scores and attention': [
    ...library(brokenAttention, attentionCases),
    // The cases of numbers come before, and pass.
    ...library(brokenAttentionRelations, (of) => defineCases('attention', attentionRelations(of))),
  ],
  'gradients of layers': library(brokenTraining, trainingCases),
  'gradients computed again': library(brokenSegments, (of) => defineCases('training', segmentEntries(of))),
};
