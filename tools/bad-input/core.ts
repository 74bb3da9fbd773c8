/** What core answers to bad input. */
import * as all from '@recurra/core';
import { coreRandom } from './core-random.js';
import { ops } from './core-ops.js';
import { values } from './core-values.js';
import type { Catalogue } from './row.js';

/** The initializers are those of core/random. */
const exports = Object.fromEntries(Object.entries(all).filter(([name]) => !Object.hasOwn(coreRandom.exports, name)));

export const core: Catalogue = { exports, entries: { ...values, ...ops } };
