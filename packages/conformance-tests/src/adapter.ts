/** The suite for any runner that has `describe` and `it`: a test for every case, skips visible with their reason. */
import { areas } from './case.js';
import { judged, unknownIds } from './known-failures.js';
import { formatFailure } from './report.js';
import { runCase, type BackendFactory, type CaseResult } from './run-case.js';
import { explained, isWanted, type SuiteOptions } from './run-suite.js';
import { cases as suite } from './cases/index.js';

/** What is needed of a test runner. `skip` may throw, as some do. */
export interface TestRunner {
  describe(name: string, f: () => void): void;
  it(name: string, f: (context: { skip(reason: string): void }) => Promise<void>): void;
}

/** The suite as tests of any runner that has `describe` and `it`: an `it` for each case, its skips with their reasons. */
export function describeWith(
  runner: TestRunner,
  name: string,
  factory: BackendFactory,
  options: SuiteOptions = {},
): void {
  const all = options.cases ?? suite;
  const known = options.known ?? {};
  const before: CaseResult[] = [];
  runner.describe(name, () => {
    for (const area of areas) {
      const cases = all.filter((c) => c.area === area && isWanted(c.id, options.only));
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
