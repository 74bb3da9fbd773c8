/** Every case, in order, on fresh backends from one factory: what the adapters for test runners are made of. */
import { BackendError, RecurraError, type Backend } from '@recurra/core';
import type { Area, Case } from './case.js';
import { checkFactory, checkMade, checkSuiteOptions, wantedCases } from './checks.js';
import { judged, unknownIds, type KnownFailures } from './known-failures.js';
import { runCase, type BackendFactory, type CaseResult } from './run-case.js';
import { casesFrom } from './cases/index.js';

export interface SuiteOptions {
  /** Only cases whose id is one of these or lies below: 'kernels', 'cells/lstm', 'ops/pad/*' with * for any part of a segment. Each names some. */
  readonly only?: string | readonly string[] | undefined;
  /** Cases that are known to fail, each with its reason. Those that pass, or do not exist, fail. */
  readonly known?: KnownFailures | undefined;
  /** A backend around each one from the factory: `withoutFused`, `delayedRead`, or your own. */
  readonly decorate?: ((backend: Backend) => Backend) | undefined;
  /** Called after every case. */
  readonly onCase?: ((result: CaseResult) => void) | undefined;
  /** What the randomised cases are drawn from, a whole number from 0. Default: always the same one. */
  readonly seed?: number | undefined;
  /** The cases to run. Default: all of the suite. */
  readonly cases?: readonly Case[] | undefined;
}

/** How the suite went on a backend: every result, and whether all is well. */
export interface Report {
  /** Of the backend. */
  readonly name: string;
  readonly precision: Backend['precision'];
  /** What the randomised cases were drawn from, where it was given. */
  readonly seed?: number;
  readonly results: readonly CaseResult[];
  /** Ids in the list of known failures that no case has. */
  readonly unknownIds: readonly string[];
  /** Whether nothing failed but what is known to. */
  readonly ok: boolean;
}

/**
 * Runs the suite. It needs no test runner, and throws no failures: they are in the report.
 *
 *     const report = await runSuite(() => myBackend());
 *     console.log(formatReport(report));
 *
 * @throws ArgumentError for options that are not, and for an `only` that names no case; BackendError when the factory's
 * first backend does not come
 */
export async function runSuite(factory: BackendFactory, options: SuiteOptions = {}): Promise<Report> {
  const op = 'runSuite';
  checkFactory(op, factory);
  checkSuiteOptions(op, options);
  const all = options.cases ?? casesFrom(options.seed);
  const wanted = wantedCases(op, all, options.only);
  const made = await firstOf(op, factory);
  const { name, precision } = made;
  try {
    made.dispose?.();
  } catch {
    // Every case will say so.
  }
  const known = options.known ?? {};
  const results: CaseResult[] = [];
  for (const c of wanted) {
    const result = explained(judged(await runCase(c, factory, options), known), results);
    results.push(result);
    options.onCase?.(result);
  }
  const strangers = unknownIds(
    known,
    all.map(({ id }) => id),
  );
  const ok = strangers.length === 0 && results.every(({ status }) => status !== 'failed');
  const { seed } = options;
  return { name, precision, ...(seed !== undefined && { seed }), results, unknownIds: strangers, ok };
}

async function firstOf(op: string, factory: BackendFactory): Promise<Backend> {
  let backend: Backend;
  try {
    backend = await factory();
  } catch (error) {
    if (error instanceof RecurraError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new BackendError(
      op,
      `the factory failed: ${reason}`,
      {},
      'its own error is the cause',
      'BACKEND_FAILED',
      error,
    );
  }
  checkMade(op, backend);
  return backend;
}

/** Every case goes through these, so that they explain no failure but those of the first areas. */
const storage: readonly string[] = ['upload', 'read', 'readSync'];
const first: readonly Area[] = ['contract', 'storage'];

/** A failure together with the earlier ones that it may follow from: they use nothing that this one does not. */
export function explained(result: CaseResult, before: readonly CaseResult[]): CaseResult {
  if (result.failure === undefined) return result;
  const through = new Set(result.used);
  const mayFollowFrom = before
    .filter((earlier) => {
      if (earlier.failure === undefined) return false;
      const parts = earlier.used.filter((part) => !storage.includes(part));
      return parts.length === 0 ? first.includes(earlier.area) : parts.every((part) => through.has(part));
    })
    .map(({ id }) => id);
  return { ...result, failure: { ...result.failure, mayFollowFrom } };
}
