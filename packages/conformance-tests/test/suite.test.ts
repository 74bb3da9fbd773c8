/** The suite on the reference backend: as it is, and behind a slow read. */
import { delayedRead, referenceBackend } from '@recurra/conformance-tests';
import { describeBackend } from '@recurra/conformance-tests/vitest';

describeBackend('reference', referenceBackend);
describeBackend('reference, delayed read', referenceBackend, { decorate: delayedRead });
