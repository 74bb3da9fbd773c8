/** All rows, by package. */
import { attentionCatalogue } from './attention.js';
import { backendCpu } from './backend-cpu.js';
import { cellsCatalogue } from './cells.js';
import { conformanceTests } from './conformance-tests.js';
import { core } from './core.js';
import { coreRandom } from './core-random.js';
import type { Catalogue } from './row.js';

export const catalogues: Readonly<Record<string, Catalogue>> = {
  '@recurra/core': core,
  '@recurra/core/random': coreRandom,
  '@recurra/cells': cellsCatalogue,
  '@recurra/attention': attentionCatalogue,
  '@recurra/backend-cpu': backendCpu,
  '@recurra/conformance-tests': conformanceTests,
};
