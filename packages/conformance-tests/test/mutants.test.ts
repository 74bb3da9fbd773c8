/** The suite can fail: each deliberately broken backend or library is caught, first by the case that is named. */
import { cases, referenceBackend, type Case } from '@recurra/conformance-tests';
import type { Backend } from '@recurra/core';
import { afterAll, describe, expect, it } from 'vitest';
import { attentionCases } from '../src/cases/attention.js';
import { cellCases } from '../src/cases/cells.js';
import { sessionCases } from '../src/cases/fused/sessions.js';
import { layerCases } from '../src/cases/layers.js';
import { variantCases } from '../src/cases/variants.js';
import { runCase } from '../src/run-case.js';
import { brokenAttention } from './mutants/attention.js';
import { brokenCells } from './mutants/cells.js';
import { driven } from './mutants/driver.js';
import { brokenFused } from './mutants/fused.js';
import { brokenKernels } from './mutants/kernels.js';
import { brokenLayers } from './mutants/layers.js';
import { brokenStorage } from './mutants/storage-and-elements.js';
import { brokenSessions, soundSessions } from './mutants/streams.js';
import { brokenVariants, rewritten } from './mutants/variants.js';

const table: [mutant: string, caughtBy: string][] = [];

/** The first case in order that fails, or null. */
async function firstFailure(all: readonly Case[], factory: () => Backend): Promise<string | null> {
  for (const c of all) if ((await runCase(c, factory)).status === 'failed') return c.id;
  return null;
}

describe('backends', () => {
  it.each([...brokenStorage, ...brokenKernels, ...brokenFused, ...brokenSessions])(
    '$name',
    async ({ name, caughtBy, make }) => {
      const found = await firstFailure(cases, make);
      table.push([name, found ?? 'SURVIVED']);
      expect(found).toBe(caughtBy);
    },
  );
});

describe('cells', () => {
  it.each(brokenCells)('$name', async ({ name, caughtBy, make }) => {
    const found = await firstFailure(cellCases(make()), referenceBackend);
    table.push([name, found ?? 'SURVIVED']);
    expect(found).toBe(caughtBy);
  });
});

describe('layers', () => {
  it.each(brokenLayers)('$name', async ({ name, caughtBy, make }) => {
    const found = await firstFailure(layerCases(make()), referenceBackend);
    table.push([name, found ?? 'SURVIVED']);
    expect(found).toBe(caughtBy);
  });
});

describe('variants', () => {
  it.each(brokenVariants)('$name', async ({ name, caughtBy, make }) => {
    const found = await firstFailure(variantCases(make()), referenceBackend);
    table.push([name, found ?? 'SURVIVED']);
    expect(found).toBe(caughtBy);
  });
});

describe('attention', () => {
  it.each(brokenAttention)('$name', async ({ name, caughtBy, make }) => {
    const found = await firstFailure(attentionCases(make()), referenceBackend);
    table.push([name, found ?? 'SURVIVED']);
    expect(found).toBe(caughtBy);
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

afterAll(() => {
  const width = Math.max(...table.map(([name]) => name.length));
  console.log(table.map(([name, found]) => `${name.padEnd(width)}  ${found}`).join('\n'));
});
