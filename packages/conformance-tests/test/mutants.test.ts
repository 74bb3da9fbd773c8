/** The suite can fail: each deliberately broken backend or library is caught, first by the case that is named. */
import { cases as suite, referenceBackend, type Case } from '@recurra/conformance-tests';
import type { Backend } from '@recurra/core';
import { describe, expect, it } from 'vitest';
import { cellCases } from '../src/cases/cells.js';
import { sessionCases } from '../src/cases/fused/sessions.js';
import { trainingCases } from '../src/cases/training/index.js';
import { variantCases } from '../src/cases/variants.js';
import { runCase } from '../src/run-case.js';
import { driven } from './mutants/driver.js';
import { withSimpleRnn } from './mutants/fused-simple-rnn.js';
import { gruReached, mutants, simpleRnnCases } from './mutants/index.js';
import type { Reached } from './mutants/reached.js';
import { soundSessions } from './mutants/streams.js';
import { rewritten } from './mutants/variants.js';
import { backAs } from './mutants/wrong-way-back.js';
import { ourTraining } from '../src/cases/training/library.js';

// In .ci/run no case before the one that is named may fail; else that one alone must.
const whole = process.env['RECURRA_TESTS'] === 'whole';

/** The first case in order that fails, or null. */
async function firstFailure(all: readonly Case[], factory: () => Backend, reached?: Reached): Promise<string | null> {
  for (const c of all) {
    if (reached && !(await reached(c)).reached) continue;
    if ((await runCase(c, factory)).status === 'failed') return c.id;
  }
  return null;
}

describe.each(Object.entries(mutants))('%s', (_, broken) => {
  it.each(broken)('$name', async ({ caughtBy, suite: made, reached }) => {
    const { cases, factory } = made();
    const shown = whole ? cases : cases.filter(({ id }) => id === caughtBy);
    expect(await firstFailure(shown, factory, reached)).toBe(caughtBy);
  });
});

// Without these, a mutant might be caught for what it is made of and not for its defect.
it('the variants they are made of pass', async () => {
  expect(await firstFailure(variantCases(rewritten('none')), referenceBackend)).toBeNull();
});
it('the driver they are made of passes', async () => {
  expect(await firstFailure(cellCases(driven('none')), referenceBackend)).toBeNull();
});
it('the sessions they are made of pass', async () => {
  expect(await firstFailure(sessionCases, soundSessions)).toBeNull();
});
it('gradients that come back by another way, when it is the right one, pass', async () => {
  const library = { ...ourTraining, rnn: backAs((how) => how) };
  // As far as its mutants get.
  const shown = trainingCases(library).filter(({ id }) => id.startsWith('training/gradients/simple-rnn'));
  expect(await firstFailure(shown, referenceBackend)).toBeNull();
});
it('the fused gru they are made of passes', async () => {
  for (const c of suite.filter(({ id }) => id.startsWith('cells/gru')))
    expect([c.id, (await gruReached(c)).status]).not.toEqual([c.id, 'failed']);
});
it('the fused simple RNN they are made of passes', async () => {
  expect(await firstFailure(simpleRnnCases, () => withSimpleRnn())).toBeNull();
});
