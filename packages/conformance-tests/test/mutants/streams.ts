/** Broken sessions. */
import { decorated, referenceBackend, type ReferenceBuffer } from '@recurra/conformance-tests';
import type { Backend } from '@recurra/core';
import { withNaiveFused } from '../naive-fused.js';
import type { SessionDefects } from '../naive-session.js';
import type { BackendMutant } from './broken.js';

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
