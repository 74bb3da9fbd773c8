/** What answers one kind of call in the worker. */
import type { Backend } from '@recurra/core';
import type { Calls, Name } from './protocol.js';

export interface Context<N extends Name> {
  /** The one that the page asked for; it is also the default of new tensors while the call runs. */
  readonly backend: Backend;
  readonly send: (event: Calls[N]['event']) => void;
}

export type Handler<N extends Name> = (
  ask: Calls[N]['ask'],
  context: Context<N>,
) => Calls[N]['answer'] | Promise<Calls[N]['answer']>;
