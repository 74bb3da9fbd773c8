/** Every promise of the published suite: as it is, composed from ops, with gradients of its own, with numbers that take their time. */
import { delayedRead, formatReport, runSuite, withoutFused, type SuiteOptions } from '@recurra/conformance-tests';
import { describeBackend } from '@recurra/conformance-tests/vitest';
import { expect, it } from 'vitest';
import { cpu, gradients } from '../src/index.js';

// With gradients it has the same kernels, and more of them.
describeBackend('cpu with gradients', () => cpu({ gradients }));

// A test for each case again would take five times as long.
const whole = process.env['RECURRA_TESTS'] === 'whole';
// How numbers are read does not depend on what is computed.
const slowly = whole
  ? undefined
  : ['contract', 'storage', 'lifecycle', 'streams', 'cells/lstm', 'training/gradients', 'errors'];
const ways: [string, () => ReturnType<typeof cpu>, SuiteOptions][] = [
  ['as it is', () => cpu(), {}],
  ['without fused kernels', () => cpu(), { decorate: withoutFused }],
  ['behind a delayed read', () => cpu(), { decorate: delayedRead }],
  ['with gradients, behind a delayed read', () => cpu({ gradients }), { decorate: delayedRead, only: slowly }],
];
const enough = ['without fused kernels', 'with gradients, behind a delayed read'];
it.each(whole ? ways : ways.filter(([name]) => enough.includes(name)))(
  'cpu %s keeps every promise',
  async (_, factory, options) => {
    const report = await runSuite(factory, options);
    if (!report.ok) throw new Error(formatReport(report));
    expect(report.results.filter(({ status }) => status === 'passed').length).toBeGreaterThan(options.only ? 100 : 750);
  },
  60_000,
);
