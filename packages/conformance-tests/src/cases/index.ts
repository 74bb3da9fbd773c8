/** The whole suite, in the order in which its failures should be read. */
import type { Case } from '../case.js';
import { attentionCases } from './attention.js';
import { relationCases } from './cell-relations.js';
import { cellCases } from './cells.js';
import { contractCases } from './contract.js';
import { defaultSeed, drawnCases } from './drawn/index.js';
import { errorCases } from './errors.js';
import { fusedCases } from './fused/index.js';
import { sessionCases } from './fused/sessions.js';
import { gradientCases } from './gradients/index.js';
import { binaryCases } from './kernels/binary.js';
import { choiceCases } from './kernels/choices.js';
import { edgeCases } from './kernels/edges.js';
import { fillAndCastCases } from './kernels/fill-and-cast.js';
import { ieeeCases } from './kernels/ieee.js';
import { indexingCases } from './kernels/indexing.js';
import { limitCases } from './kernels/limits.js';
import { matmulCases } from './kernels/matmul.js';
import { orderCases } from './kernels/order.js';
import { reductionCases } from './kernels/reductions.js';
import { sizeCases } from './kernels/sizes.js';
import { unaryCases } from './kernels/unary.js';
import { layerCases } from './layers.js';
import { lifecycleCases } from './lifecycle.js';
import { activationCases } from './ops/activations.js';
import { arithmeticCases } from './ops/arithmetic.js';
import { placeCases } from './ops/places.js';
import { storageCases } from './storage.js';
import { streamCases } from './streams.js';
import { trainingCases } from './training/index.js';
import { variantCases } from './variants.js';

export const cases: readonly Case[] = [
  ...contractCases,
  ...storageCases,
  ...fillAndCastCases,
  ...unaryCases,
  ...binaryCases,
  ...choiceCases,
  ...reductionCases,
  ...orderCases,
  ...indexingCases,
  ...matmulCases,
  ...edgeCases,
  ...limitCases,
  ...ieeeCases,
  ...sizeCases,
  ...activationCases,
  ...arithmeticCases,
  ...placeCases,
  ...gradientCases(),
  ...lifecycleCases,
  ...cellCases(),
  ...layerCases(),
  ...variantCases(),
  ...relationCases(),
  ...attentionCases(),
  ...fusedCases,
  ...sessionCases,
  ...streamCases,
  ...trainingCases(),
  ...drawnCases(),
  ...errorCases,
];

/** The suite with its randomised cases drawn from another seed: the same ids, other numbers. */
export function casesFrom(seed: number = defaultSeed): readonly Case[] {
  if (seed === defaultSeed) return cases;
  const drawn = new Map(drawnCases(seed).map((c) => [c.id, c]));
  return cases.map((c) => drawn.get(c.id) ?? c);
}
