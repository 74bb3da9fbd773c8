/** The whole suite, in the order in which its failures should be read. */
import type { Case } from '../case.js';
import { attentionCases } from './attention.js';
import { cellCases } from './cells.js';
import { contractCases } from './contract.js';
import { errorCases } from './errors.js';
import { fusedCases } from './fused.js';
import { gradientCases } from './gradients.js';
import { elementwiseCases } from './kernels/elementwise.js';
import { matmulCases } from './kernels/matmul.js';
import { placeCases } from './kernels/places.js';
import { reductionCases } from './kernels/reductions.js';
import { lifecycleCases } from './lifecycle.js';
import { opCases } from './ops.js';
import { storageCases } from './storage.js';

export const cases: readonly Case[] = [
  ...contractCases,
  ...storageCases,
  ...elementwiseCases,
  ...reductionCases,
  ...placeCases,
  ...matmulCases,
  ...opCases,
  ...gradientCases,
  ...lifecycleCases,
  ...cellCases(),
  ...attentionCases,
  ...fusedCases,
  ...errorCases,
];
