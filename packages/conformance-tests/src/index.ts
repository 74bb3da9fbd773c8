/** @recurra/conformance-tests: what a backend promises, as cases that any test runner, or none, can run. */
export {
  areas,
  type Area,
  type Case,
  type Expected,
  type Nested,
  type Numbers,
  type Sameable,
  type Testing,
} from './case.js';
export { cases } from './cases/index.js';
export { decorated, delayedRead, kernelNames, withoutFused, type Replacements } from './decorate.js';
export { describeWith, type TestRunner } from './adapter.js';
export { parseKnownFailures, type KnownFailures } from './known-failures.js';
export { referenceBackend, type ReferenceBuffer } from './reference-backend.js';
export { formatFailure, formatReport } from './report.js';
export type { BackendFactory, CaseResult, Failure } from './run-case.js';
export { runSuite, type Report, type SuiteOptions } from './run-suite.js';
export { fractionOf, toleranceOf, type Loosened } from './tolerance.js';
