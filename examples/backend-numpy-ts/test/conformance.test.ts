import { readFileSync } from 'node:fs';
import { parseKnownFailures } from '@recurra/conformance-tests';
import { describeBackend } from '@recurra/conformance-tests/vitest';
import { numpyTs } from '../src/index.js';

const known = parseKnownFailures(readFileSync(new URL('../known-failures.txt', import.meta.url), 'utf8'));
// Pull requests run all of it; while you work, what its own code is about.
const whole = process.env['RECURRA_TESTS'] === 'whole';
const only = ['contract', 'storage', 'kernels', 'lifecycle', 'errors', 'cells/lstm'];
describeBackend('numpy-ts', () => numpyTs(), { known, only: whole ? undefined : only });
