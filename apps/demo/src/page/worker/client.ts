/** The page's end of a worker: calls as promises. A worker that crashed fails its calls in words; the next call starts another. */
import type { BackendId } from './backend-choices.js';
import type { Calls, Name, Question, Reply } from './protocol.js';

export interface Client {
  /** `onEvent` gets what the worker says on the way. */
  call<N extends Name>(
    name: N,
    backend: BackendId,
    ask: Calls[N]['ask'],
    onEvent?: (event: Calls[N]['event']) => void,
  ): Promise<Calls[N]['answer']>;
  /** Ends the worker, with whatever it is doing; the next call starts another. */
  end(why: string): void;
}

interface Pending {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
  readonly onEvent: ((event: never) => void) | undefined;
}

/** A worker of its own; it starts with the first call. */
export function connect(name: string): Client {
  const pending = new Map<number, Pending>();
  let worker: Worker | undefined;
  let next = 0;

  const end = (why: string): void => {
    worker?.terminate();
    worker = undefined;
    for (const { reject } of pending.values()) reject(new Error(why));
    pending.clear();
  };
  const start = (): Worker => {
    const made = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name });
    made.addEventListener('message', ({ data }: MessageEvent<Reply>) => {
      const call = pending.get(data.id);
      if (call === undefined) return;
      if ('event' in data) return call.onEvent?.(data.event as never);
      pending.delete(data.id);
      if ('answer' in data) call.resolve(data.answer as never);
      else call.reject(new Error(data.error));
    });
    made.addEventListener('error', (event) => {
      event.preventDefault();
      end(`The worker stopped (${event.message || 'its code could not be loaded'}). What you see is kept; try again.`);
    });
    return made;
  };

  return {
    end,
    call: (called, backend, ask, onEvent) =>
      new Promise((resolve, reject) => {
        worker ??= start();
        const id = next++;
        pending.set(id, { resolve, reject, onEvent: onEvent as Pending['onEvent'] });
        // eslint-disable-next-line unicorn/require-post-message-target-origin -- a worker has none
        worker.postMessage({ id, name: called, backend, ask } satisfies Question);
      }),
  };
}

/** The worker that all sections share; training has one of its own. */
export const shared: Client = connect('recurra');
