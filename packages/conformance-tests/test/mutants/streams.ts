/** Broken sessions. */
import { decorated, referenceBackend, type ReferenceBuffer } from '@recurra/conformance-tests';
import type { Backend } from '@recurra/core';
import { withNaiveFused } from '../naive-fused.js';
import type { SessionDefects } from '../naive-session.js';
import { stream } from '@recurra/cells';
import type { BackendMutant } from './broken.js';
import type { Mutant } from './mutant.js';

const session = (name: string, caughtBy: string, defects: SessionDefects): BackendMutant => ({
  name,
  caughtBy: `streams/open/lstm/${caughtBy}`,
  make: () => withNaiveFused(spoiling(), {}, defects) as unknown as Backend,
});

/** What they are made of. */
export const soundSessions = (): Backend => withNaiveFused(spoiling()) as unknown as Backend;

/** A reference whose freed memory is used again, as that of most devices is. */
function spoiling(): Backend<ReferenceBuffer> {
  const backend = referenceBackend();
  return decorated(backend, {
    free(handle) {
      handle.data.fill(NaN);
      backend.free(handle);
    },
  });
}

export const brokenSessions: readonly BackendMutant[] = [
  session('a session forgets its state', 'one-row', { forgetsState: true }),
  session('a session keeps the output it was given as its state', 'one-row', { keepsOut: true }),
  session('a session writes into the first output it was given', 'arrays', { writesFirstOut: true }),
  session('a session ignores setState', 'state-round-trip', { ignoresSetState: true }),
  session('a session takes null for no change', 'state-changes-what-follows', { leavesZeros: true }),
  session('sessions share their state', 'two-sessions', { sharesState: true }),
  session('a session hands out the memory of its state', 'state-round-trip', { handsOutItsState: true }),
  session('a session writes into the state it was given', 'state-round-trip', { keepsGivenState: true }),
  session('a session reads its parameters at every step', 'outlives-its-tensors', { keepsParameters: true }),
  session('a session leaks when it hands out its state', 'one-row', { leaksState: true }),
];

type Live = ReturnType<typeof stream>;
/** A stream that is made, or behaves, otherwise. */
const streaming = (
  name: string,
  caughtBy: string,
  made: (...given: Parameters<typeof stream>) => Partial<Live> & { readonly live: Live },
): Mutant<() => typeof stream> => ({
  name,
  caughtBy: `streams/stream/${caughtBy}`,
  make: () =>
    ((...given: Parameters<typeof stream>): Live => {
      const { live, ...changed } = made(...given);
      return { ...live, ...changed };
    }) as typeof stream,
});

export const brokenStreams: readonly Mutant<() => typeof stream>[] = [
  streaming(
    'a stream begins at zeros whatever it is given',
    'simple-rnn/owns-what-it-holds',
    (cell, params, { batch } = {}) => ({
      live: stream(cell, params, batch === undefined ? {} : { batch }),
    }),
  ),
  streaming('a stream goes on where it should start over', 'simple-rnn/owns-what-it-holds', (...given) => {
    const live = stream(...given);
    return { live, reset: (state) => (state === undefined ? undefined : live.reset(state)) };
  }),
  streaming('a stream starts over from zeros whatever it is given', 'simple-rnn/owns-what-it-holds', (...given) => {
    const live = stream(...given);
    return { live, reset: () => live.reset() };
  }),
  streaming('a stream reads a frame where it has written its output', 'simple-rnn/owns-what-it-holds', (...given) => {
    const live = stream(...given);
    return {
      live,
      step(frame, out) {
        if (out === frame) out.fill(0);
        return live.step(frame, out);
      },
    };
  }),
  streaming('a stream forgets after 64 steps', 'seventy-steps', (...given) => {
    const live = stream(...given);
    let steps = 0;
    return {
      live,
      step(frame, out) {
        if (++steps % 64 === 0) live.reset();
        return live.step(frame, out);
      },
    };
  }),
];
