/** The whole suite, in the order in which its failures should be read. */
import type { Case } from '../case.js';
import { cellCases } from './cells.js';
import { contractCases } from './contract.js';
import { elementwiseCases } from './kernels/elementwise.js';
import { matmulCases } from './kernels/matmul.js';
import { placeCases } from './kernels/places.js';
import { reductionCases } from './kernels/reductions.js';
import { storageCases } from './storage.js';

export const cases: readonly Case[] = [
  ...contractCases,
  ...storageCases,
  ...elementwiseCases,
  ...reductionCases,
  ...placeCases,
  ...matmulCases,
  ...cellCases(),
];
