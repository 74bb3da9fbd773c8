/** All rows, by package. */
import { attentionCatalogue } from './attention.js';
import { backendCpu } from './backend-cpu.js';
import { backendTfjs } from './backend-tfjs.js';
import { backendWasm } from './backend-wasm.js';
import { cellsCatalogue } from './cells.js';
import { conformanceTests } from './conformance-tests.js';
import { core } from './core.js';
import { coreDebug } from './core-debug.js';
import { coreRandom } from './core-random.js';
import type { Catalogue } from './row.js';
import { seq2seqCatalogue } from './seq2seq.js';
import { trainCatalogue } from './train.js';
import { trainNodeCatalogue } from './train-node.js';

export const catalogues: Readonly<Record<string, Catalogue>> = {
  '@recurra/core': core,
  '@recurra/core/debug': coreDebug,
  '@recurra/core/random': coreRandom,
  '@recurra/cells': cellsCatalogue,
  '@recurra/attention': attentionCatalogue,
  '@recurra/backend-cpu': backendCpu,
  '@recurra/backend-tfjs': backendTfjs,
  '@recurra/backend-wasm': backendWasm,
  '@recurra/seq2seq': seq2seqCatalogue,
  '@recurra/train': trainCatalogue,
  '@recurra/train/node': trainNodeCatalogue,
  '@recurra/conformance-tests': conformanceTests,
};
