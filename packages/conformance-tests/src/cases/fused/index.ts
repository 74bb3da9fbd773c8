/**
 * A fused kernel gives what the composed path gives. Which cases there are for a backend is read off its `fused`, and
 * what is skipped says what is missing.
 */
import type { Case } from '../../case.js';
import { formulaCases } from './formulas.js';
import { recurrentCases } from './recurrent.js';

export const fusedCases: readonly Case[] = [...recurrentCases, ...formulaCases];
