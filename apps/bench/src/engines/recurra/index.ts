/** Recurra on one of its backends, called as its README shows. */
import type { Backend } from '@recurra/core';
import type { Case } from '../../cases.js';
import type { Engine } from '../../peer.js';

/** Loads it and makes the backend the default. */
export async function recurra(backend: Backend | Promise<Backend>): Promise<Engine> {
  const [core, recurrences, streams, trainings, attentions, ops] = await Promise.all([
    import('@recurra/core'),
    import('./recurrence.js'),
    import('./stream.js'),
    import('./training.js'),
    import('./attention.js'),
    import('./additions.js'),
  ]);
  await core.useBackend(backend);
  return {
    prepare(task: Case, numbers) {
      switch (task.kind) {
        case 'recurrent':
          return recurrences.recurrence(task, numbers);
        case 'stream':
          return streams.streaming(task, numbers);
        case 'training':
          return trainings.training(task, numbers);
        case 'attention':
          return attentions.attending(task, numbers);
        case 'gate':
          return ops.additions(task, numbers);
      }
    },
  };
}
