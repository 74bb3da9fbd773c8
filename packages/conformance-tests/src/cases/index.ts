/** The whole suite, in the order in which its failures should be read. */
import type { Case } from '../case.js';

export const cases: readonly Case[] = [];
