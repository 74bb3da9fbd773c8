/** All mutants, by what is broken, with the cases that each kind is shown. */
import { cases, referenceBackend, type Case } from '@recurra/conformance-tests';
import type { Backend } from '@recurra/core';
import { attentionCases } from '../../src/cases/attention.js';
import { cellCases } from '../../src/cases/cells.js';
import { gradientCases } from '../../src/cases/gradients/index.js';
import { sessionCases } from '../../src/cases/fused/sessions.js';
import { layerCases } from '../../src/cases/layers.js';
import { trainingCases } from '../../src/cases/training/index.js';
import { variantCases } from '../../src/cases/variants.js';
import { brokenAttention } from './attention.js';
import { brokenBptt } from './bptt.js';
import { brokenCells } from './cells.js';
import { brokenFused } from './fused.js';
import { brokenGru } from './fused-gru.js';
import { brokenGradients } from './gradients.js';
import { brokenKernels } from './kernels.js';
import { brokenLayers } from './layers.js';
import type { Mutant } from './mutant.js';
import { brokenStorage } from './storage-and-elements.js';
import { brokenRarely } from './rare.js';
import { brokenSessions } from './streams.js';
import { brokenTraining } from './training.js';
import { brokenVariants } from './variants.js';

export interface Shown {
  readonly name: string;
  readonly caughtBy: string;
  /** What the suite is made of for this one, and what it runs on: made when it is needed. */
  readonly suite: () => { readonly cases: readonly Case[]; readonly factory: () => Backend };
}

/** A broken backend is shown the whole suite. */
const backends = (mutants: readonly Mutant<() => Backend>[], shown = cases): Shown[] =>
  mutants.map(({ make, ...named }) => ({ ...named, suite: () => ({ cases: shown, factory: make }) }));

/** A broken library is what its cases are made for; they run on the reference backend. */
const library = <L>(mutants: readonly Mutant<() => L>[], made: (of: L) => Case[]): Shown[] =>
  mutants.map(({ make, ...named }) => ({
    ...named,
    suite: () => ({ cases: made(make()), factory: referenceBackend }),
  }));

export const mutants: Readonly<Record<string, readonly Shown[]>> = {
  'storage and elements': backends(brokenStorage),
  kernels: backends(brokenKernels),
  'where one seldom looks': backends(brokenRarely),
  'fused kernels': backends(brokenFused),
  'gradients of fused recurrences': backends([...brokenBptt, ...brokenGru]),
  'gradients of ops': library(brokenGradients, gradientCases),
  // The whole suite comes to its sessions late, and all before them are sound.
  streams: backends(brokenSessions, sessionCases),
  'cells, masks, directions, states': library(brokenCells, cellCases),
  'dropout, stacks, both directions': library(brokenLayers, layerCases),
  'variants of cells': library(brokenVariants, variantCases),
  'scores and attention': library(brokenAttention, attentionCases),
  'gradients of layers': library(brokenTraining, trainingCases),
};
