/** The suite for Node's own test runner. */
import { describe, it } from 'node:test';
import { describeWith } from './adapter.js';
import type { BackendFactory } from './run-case.js';
import type { SuiteOptions } from './run-suite.js';

/**
 * The whole test file of a backend, for `node --test`:
 *
 *     describeBackend('my-backend', () => myBackend());
 */
export function describeBackend(name: string, factory: BackendFactory, options: SuiteOptions = {}): void {
  const runner = {
    describe: (title: string, f: () => void) => void describe(title, f),
    it: (title: string, f: (context: { skip(reason: string): void }) => Promise<void>) =>
      void it(title, (context) => f(context)),
  };
  describeWith(runner, name, factory, options);
}
