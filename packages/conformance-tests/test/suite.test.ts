/** The suite passes where it should: on the reference at every precision, behind a slow read, with fused kernels. */
import {
  cases,
  decorated,
  delayedRead,
  referenceBackend,
  withoutFused,
  type CaseResult,
} from '@recurra/conformance-tests';
import type { Backend } from '@recurra/core';
import { describe, expect, it } from 'vitest';
import { areas } from '../src/case.js';
import { roundedBackend } from '../src/rounded-backend.js';
import { runSuite, type SuiteOptions } from '../src/run-suite.js';
import { withNaiveFused } from './naive-fused.js';

const failures = (results: readonly CaseResult[]): string[] =>
  results.filter(({ status }) => status === 'failed').map(({ id, failure }) => `${id}: ${failure!.message}`);

const withFused = (): Backend => withNaiveFused() as unknown as Backend;

// How numbers are read and backends are made does not depend on what is computed.
const some = ['contract', 'storage', 'kernels/unary', 'lifecycle', 'cells/lstm', 'attention/window', 'errors'];

// A defect that only shows at a precision, or in what it does with kernels that are fused, is seldom one in a day's work.
const all: SuiteOptions =
  process.env['RECURRA_TESTS'] === 'whole' ? {} : { only: [...some, 'gradients', 'streams', 'fused'] };

describe.each<[string, () => Backend | Promise<Backend>, SuiteOptions]>([
  ['as it is', referenceBackend, {}],
  ['behind a slow read', referenceBackend, { decorate: delayedRead, only: some }],
  ['from an async factory', async () => referenceBackend(), { only: some }],
  ['at 32 bits', () => roundedBackend(32), all],
  ['at 16 bits', () => roundedBackend(16), all],
  ['with fused kernels', withFused, all],
  ['without its fused kernels', withFused, { decorate: withoutFused, only: 'fused' }],
])('the reference %s', (_, factory, options) => {
  it('passes', async () => {
    const report = await runSuite(factory, options);
    expect(failures(report.results)).toEqual([]);
    expect(report.ok).toBe(true);
  }, 60_000);
});

describe('the cases', () => {
  it('have ids of their own, in the order of the areas', () => {
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
    expect(cases.filter(({ id, area }) => !id.startsWith(`${area}/`))).toEqual([]);
    const order = cases.map(({ area }) => areas.indexOf(area));
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  it('of fused kernels run where there is one, and else say in words what is missing', async () => {
    const { results } = await runSuite(withFused, { only: 'fused' });
    const of = (id: string): CaseResult => results.find((result) => result.id === id)!;
    for (const id of [
      'lstm/masked',
      'lstm/gradients',
      'softmax/sizes',
      'layerNorm/formula',
      'linear/formula',
      'attention/masked',
    ]) {
      expect(of(`fused/${id}`).status).toBe('passed');
    }
    expect(of('fused/gru/masked')).toMatchObject({ status: 'skipped', reason: 'reference has no fused gru' });

    const withoutVjp = (backend: Backend): Backend => {
      const { accepts, run } = backend.fused!.lstm!;
      return decorated(backend, { fused: { lstm: { accepts, run } } });
    };
    const [gradients] = (await runSuite(withFused, { only: 'fused/lstm/gradients', decorate: withoutVjp })).results;
    expect(gradients).toMatchObject({
      status: 'skipped',
      reason: 'the fused lstm of reference has no vjp: gradients compose',
    });
  });
});
