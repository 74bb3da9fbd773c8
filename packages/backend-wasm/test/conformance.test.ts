/** Every promise of the published suite: as it is, composed from ops, and with numbers that take their time. */
import { delayedRead, formatReport, runSuite, withoutFused, type SuiteOptions } from '@recurra/conformance-tests';
import { describeBackend } from '@recurra/conformance-tests/vitest';
import { expect, it } from 'vitest';
import { make } from '../src/backend.js';
import { wasm } from '../src/index.js';

describeBackend('wasm', () => wasm());

const whole = process.env['RECURRA_TESTS'] === 'whole';
// How numbers are read does not depend on what is computed.
const slowly = whole
  ? undefined
  : ['contract', 'storage', 'lifecycle', 'streams', 'cells/lstm', 'training/gradients', 'errors'];

// A test for each case again would take five times as long.
it.each<[string, SuiteOptions]>([
  ['without fused kernels', { decorate: withoutFused }],
  ['behind a delayed read', { decorate: delayedRead, only: slowly }],
])('wasm %s keeps every promise', async (_, options) => {
  const report = await runSuite(() => wasm(), options);
  if (!report.ok) throw new Error(formatReport(report));
  expect(report.results.filter(({ status }) => status === 'passed').length).toBeGreaterThan(options.only ? 100 : 750);
});

// To start threads for each case would take most of the time.
it('wasm on two threads keeps the promises that threads have a part in', async () => {
  const team = await make({ threads: 2 }, () => true);
  const report = await runSuite(() => ({ ...team, dispose: () => undefined }), {
    only: whole ? ['cells', 'fused', 'gradients', 'streams', 'training'] : ['fused/lstm', 'fused/gru'],
  });
  expect(team.live!()).toBe(0);
  team.dispose!();
  if (!report.ok) throw new Error(formatReport(report));
  expect(report.results.filter(({ status }) => status === 'passed').length).toBeGreaterThan(whole ? 400 : 50);
});
