/** One case on one backend: made for it, watched during it, disposed after it. */
import type { Backend } from '@recurra/core';
import type { Area, Case } from './case.js';
import { comparisons, Mismatch, type Comparisons, type Difference } from './compare.js';
import { watch, type Input, type Watched } from './watch.js';

/** Makes the backend under test, or a promise of it; it may share a device with those made before. */
export type BackendFactory = () => Backend | Promise<Backend>;

/** How a case went on a backend. */
export interface CaseResult {
  readonly id: string;
  readonly area: Area;
  /** 'known' is a failure that the list of known failures names. */
  readonly status: 'passed' | 'failed' | 'skipped' | 'known';
  /** Why it was skipped, or is known to fail. */
  readonly reason?: string;
  readonly failure?: Failure;
  /** What it did not check, and why: a backend without live() cannot be checked for leaks. */
  readonly notes: readonly string[];
  /** The greatest share of the tolerance that a comparison used: 1 is all of it. */
  readonly worst: number;
  /** Which parts of the backend it went through: 'upload', 'unary tanh', 'matmul transposeB', 'fused lstm'. */
  readonly used: readonly string[];
  readonly milliseconds: number;
}

/** What a failed case says: the error, the numbers that differ, what went in. */
export interface Failure {
  readonly message: string;
  readonly error: unknown;
  /** What the case uploaded. */
  readonly inputs: readonly Input[];
  readonly difference?: Difference;
  /** Failed cases before this one that went through the same parts of the backend and no others. */
  readonly mayFollowFrom: readonly string[];
}

export interface CaseOptions {
  /** A backend around the one from the factory: see `withoutFused` and `delayedRead`. */
  readonly decorate?: ((backend: Backend) => Backend) | undefined;
}

export async function runCase(c: Case, factory: BackendFactory, options: CaseOptions = {}): Promise<CaseResult> {
  const made: { backend?: Backend } = {};
  const keeping: BackendFactory = async () => (made.backend = await factory());
  const result = await ran(c, keeping, options);
  try {
    made.backend?.dispose?.();
  } catch (error) {
    // What failed before says more.
    if (result.status === 'failed') return result;
    return { ...result, status: 'failed', failure: failureOf(new Error('dispose() threw', { cause: error }), []) };
  }
  return result;
}

/** The case on a backend that somebody else disposes. */
async function ran(c: Case, factory: BackendFactory, { decorate }: CaseOptions): Promise<CaseResult> {
  const began = performance.now();
  let watched: Watched | undefined;
  let compared: Comparisons | undefined;
  const notes: string[] = [];
  const result = (status: CaseResult['status'], more: Partial<CaseResult> = {}): CaseResult => ({
    id: c.id,
    area: c.area,
    status,
    notes,
    worst: compared?.worst ?? 0,
    used: [...(watched?.used ?? [])],
    milliseconds: performance.now() - began,
    ...more,
  });
  const failed = (error: unknown): CaseResult => result('failed', { failure: failureOf(error, watched?.inputs ?? []) });

  let original: Backend;
  try {
    original = await factory();
  } catch (error) {
    return failed(new Error('the factory gave no backend', { cause: error }));
  }
  try {
    const backend = decorate?.(original) ?? original;
    const reason = c.skip?.(backend);
    if (reason !== undefined) return result('skipped', { reason });
    if (backend.live === undefined) notes.push(`${backend.name} has no live(): whether its buffers leak`);

    watched = watch(backend);
    compared = comparisons(backend);
    const { close, same, throws } = compared;
    try {
      try {
        await c.run({ backend: watched.backend, close, same, throws });
      } finally {
        await compared.finish();
      }
    } catch (error) {
      // What else is wrong follows from this: a case that stops early leaves tensors behind.
      await watched.findings().catch(() => []);
      return failed(error);
    }
    const found = await watched.findings();
    if (compared.count === 0) found.push('the case compared nothing');
    return found.length === 0 ? result('passed') : failed(new Error(found.join('\n')));
  } catch (error) {
    return failed(error);
  }
}

function failureOf(error: unknown, inputs: readonly Input[]): Failure {
  return {
    message: error instanceof Error ? describe(error) : String(error),
    error,
    inputs,
    mayFollowFrom: [],
    ...(error instanceof Mismatch && error.difference && { difference: error.difference }),
  };
}

function describe(error: Error): string {
  const name = error instanceof Mismatch || error.name === 'Error' ? '' : `${error.name}: `;
  return `${name}${error.message}${error.cause === undefined ? '' : ` (${String(error.cause)})`}`;
}
