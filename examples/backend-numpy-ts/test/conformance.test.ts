import { readFileSync } from 'node:fs';
import { parseKnownFailures } from '@recurra/conformance-tests';
import { describeBackend } from '@recurra/conformance-tests/vitest';
import { numpyTs } from '../src/index.js';

const known = parseKnownFailures(readFileSync(new URL('../known-failures.txt', import.meta.url), 'utf8'));
describeBackend('numpy-ts', () => numpyTs(), { known });
