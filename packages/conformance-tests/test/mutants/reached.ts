/**
 * Which cases come to what is broken at all. On those that do not, a broken backend is the sound one that it is made of:
 * they need not be run again for each mutant.
 */
import { decorated, kernelNames, referenceBackend, type Case } from '@recurra/conformance-tests';
import type { Backend, FusedKernels } from '@recurra/core';
import { runCase, type CaseResult } from '../../src/run-case.js';

/** How a case went on the sound backend, and whether it asked anything of what is broken. */
export type Reached = (c: Case) => Promise<{ readonly status: CaseResult['status']; readonly reached: boolean }>;

const onReference = new Map<Case, Promise<CaseResult>>();

/** The cases that go through one of these kernels of the reference; undefined where it is not kernels that are broken. */
export function reachedKernels(parts: readonly string[]): Reached | undefined {
  if (!parts.every((part) => (kernelNames as readonly string[]).includes(part))) return undefined;
  return async (c) => {
    let made = onReference.get(c);
    if (made === undefined) onReference.set(c, (made = runCase(c, referenceBackend)));
    const { status, used } = await made;
    return { status, reached: used.some((label) => parts.includes(label.split(' ')[0]!)) };
  };
}

/** The cases that come to a fused kernel. Each is run once, when it is first asked about. */
export function reachedOn(sound: () => Backend): Reached {
  const known = new Map<Case, ReturnType<Reached>>();
  return (c) => {
    let found = known.get(c);
    if (found === undefined) known.set(c, (found = look(c, sound)));
    return found;
  };
}

async function look(c: Case, sound: () => Backend): ReturnType<Reached> {
  let reached = false;
  const { status } = await runCase(c, () => {
    const backend = sound();
    return decorated(backend, { fused: heard(backend.fused!, () => (reached = true)) });
  });
  return { status, reached };
}

type Methods = Readonly<Record<string, (...args: unknown[]) => unknown>>;

function heard(fused: FusedKernels<object>, tell: () => void): FusedKernels<object> {
  const one = (kernel: Methods): Methods =>
    Object.fromEntries(
      Object.entries(kernel).map(([method, call]) => [
        method,
        (...args: unknown[]) => {
          tell();
          return call.apply(kernel, args);
        },
      ]),
    );
  return Object.fromEntries(Object.entries(fused).map(([name, kernel]) => [name, one(kernel as unknown as Methods)]));
}
