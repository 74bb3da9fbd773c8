/** Where everything is computed. One call at a time, on the backend that it names; the page never waits for a kernel. */
import { RecurraError, useBackend } from '@recurra/core';
import { loadBackend } from './backends.js';
import type { Handler } from './handler.js';
import type { Name, Question, Reply } from './protocol.js';

// Each section's code is loaded with its first call.
const handlers: { readonly [N in Name]: () => Promise<Handler<N>> } = {
  load:
    async () =>
    (_, { backend }) =>
      backend.name,
  trace: async () => (await import('../notebook/trace.js')).trace,
  verdicts: async () => (await import('../notebook/verdicts.js')).verdicts,
  measure: async () => (await import('../backends/measure.js')).measure,
  forecast: async () => (await import('../forecast/forecast.js')).forecast,
  spell: async () => (await import('../stream/spell.js')).spell,
  pronounce: async () => (await import('../attention/pronounce.js')).pronounce,
  train: async () => (await import('../attention/training.js')).train,
  leave: async () => (await import('../attention/training.js')).leave,
  kept: async () => (await import('../attention/training.js')).kept,
  forget: async () => (await import('../attention/training.js')).forget,
};

const post = (reply: Reply): void => postMessage(reply);

async function answer<N extends Name>({ id, name, backend: wanted, ask }: Question<N>): Promise<void> {
  try {
    const [backend, handle] = await Promise.all([loadBackend(wanted), handlers[name]()]);
    await useBackend(backend);
    post({ id, answer: await handle(ask, { backend, send: (event) => post({ id, event }) }) });
  } catch (error) {
    post({ id, error: inWords(error) });
  }
}

function inWords(error: unknown): string {
  if (error instanceof RecurraError) return error.message;
  return error instanceof Error ? error.message || error.name : String(error);
}

// The default backend belongs to the whole worker, so calls wait for each other; but not those that end a long one.
let last: Promise<void> = Promise.resolve();
addEventListener('message', ({ data }: MessageEvent<Question>) => {
  if (data.name === 'leave') void answer(data);
  else last = last.then(() => answer(data));
});
