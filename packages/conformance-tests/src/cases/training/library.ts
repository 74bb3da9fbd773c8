/** What the cases of training need: cells over time, in both directions, and attention. Mutants bring broken ones. */
import { kerasAdditiveAttention, kerasAttention } from '@recurra/attention';
import type { AttentionLibrary } from '../attention-library.js';
import { ourLayers, type LayerLibrary } from '../layers.js';

export type TrainingLibrary = Pick<LayerLibrary, 'cell' | 'rnn' | 'bidirectional'> &
  Pick<AttentionLibrary, 'kerasAttention' | 'kerasAdditiveAttention'>;

/** Those of @recurra/cells and @recurra/attention. */
export const ourTraining: TrainingLibrary = { ...ourLayers, kerasAttention, kerasAdditiveAttention };
