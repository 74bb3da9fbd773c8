/** Every promise of the published suite: as it is, composed from ops, with gradients of its own, with numbers that take their time. */
import { delayedRead, formatReport, runSuite, withoutFused, type SuiteOptions } from '@recurra/conformance-tests';
import { describeBackend } from '@recurra/conformance-tests/vitest';
import { expect, it } from 'vitest';
import { cpu, gradients } from '../src/index.js';

describeBackend('cpu', () => cpu());

// A test for each case again would take five times as long.
it.each<[string, () => ReturnType<typeof cpu>, SuiteOptions]>([
  ['without fused kernels', () => cpu(), { decorate: withoutFused }],
  ['behind a delayed read', () => cpu(), { decorate: delayedRead }],
  ['with gradients', () => cpu({ gradients }), {}],
  ['with gradients, behind a delayed read', () => cpu({ gradients }), { decorate: delayedRead }],
])(
  'cpu %s keeps every promise',
  async (_, factory, options) => {
    const report = await runSuite(factory, options);
    if (!report.ok) throw new Error(formatReport(report));
    expect(report.results.filter(({ status }) => status === 'passed').length).toBeGreaterThan(750);
  },
  60_000,
);
