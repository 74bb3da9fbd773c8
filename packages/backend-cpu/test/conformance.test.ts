/** Every promise of the published suite: as it is, composed from ops, with gradients of its own, with numbers that take their time. */
import { delayedRead, withoutFused } from '@recurra/conformance-tests';
import { describeBackend } from '@recurra/conformance-tests/vitest';
import { cpu, gradients } from '../src/index.js';

describeBackend('cpu', () => cpu());
describeBackend('cpu without fused', () => cpu(), { decorate: withoutFused });
describeBackend('cpu behind a delayed read', () => cpu(), { decorate: delayedRead });
describeBackend('cpu with gradients', () => cpu({ gradients }));
describeBackend('cpu with gradients, behind a delayed read', () => cpu({ gradients }), { decorate: delayedRead });
