/** The suite for any runner that has `describe` and `it`: a test for every case, skips visible with their reason. */
import { ArgumentError } from '@recurra/core';
import { areas } from './case.js';
import { checkFactory, checkSuiteOptions, wantedCases } from './checks.js';
import { judged, unknownIds } from './known-failures.js';
import { formatFailure } from './report.js';
import { runCase, type BackendFactory, type CaseResult } from './run-case.js';
import { explained, type SuiteOptions } from './run-suite.js';
import { casesFrom } from './cases/index.js';

/** What is needed of a test runner. `skip` may throw, as some do. */
export interface TestRunner {
  describe(name: string, f: () => void): void;
  it(name: string, f: (context: { skip(reason: string): void }) => Promise<void>): void;
}

/**
 * The suite as tests of any runner that has `describe` and `it`: an `it` for each case, its skips with their reasons.
 *
 * @throws ArgumentError for a runner, factory or options that are not, and for an `only` that names no case
 */
export function describeWith(
  runner: TestRunner,
  name: string,
  factory: BackendFactory,
  options: SuiteOptions = {},
): void {
  const op = 'describeWith';
  if (typeof runner?.describe !== 'function' || typeof runner.it !== 'function')
    throw new ArgumentError(op, 'the runner lacks describe or it', { runner }, 'describeWith({ describe, it }, …)');
  checkFactory(op, factory);
  checkSuiteOptions(op, options);
  const all = options.cases ?? casesFrom(options.seed);
  const wanted = wantedCases(op, all, options.only);
  const known = options.known ?? {};
  const before: CaseResult[] = [];
  runner.describe(name, () => {
    for (const area of areas) {
      const cases = wanted.filter((c) => c.area === area);
      if (cases.length === 0) continue;
      runner.describe(area, () => {
        for (const c of cases) {
          runner.it(c.id, async (context) => {
            const result = explained(judged(await runCase(c, factory, options), known), before);
            before.push(result);
            options.onCase?.(result);
            const { status, failure, reason } = result;
            if (status === 'failed') throw new Error(formatFailure(result).join('\n'), { cause: failure?.error });
            if (status === 'skipped') context.skip(reason!);
            if (status === 'known') context.skip(`known to fail: ${reason}`);
          });
        }
      });
    }
    if (options.known === undefined) return;
    runner.it('every known failure names a case', async () => {
      const strangers = unknownIds(
        known,
        all.map(({ id }) => id),
      );
      if (strangers.length > 0) throw new Error(`there is no case ${strangers.join(', ')}`);
    });
  });
}
