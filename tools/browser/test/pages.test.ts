/** The pages of tests, packages/…/test/browser/*.page.ts and those of tools/bits, in Chromium: each of their tests is one here. */
import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findChromium } from '../../chromium.mjs';
import { root, workspaces } from '../../workspace.mjs';
import { runPages } from '../pages.mjs';

const files = [...workspaces().map(({ dir }) => `${dir}/test/browser`), 'tools/bits']
  .filter((dir) => existsSync(root + dir))
  .flatMap((dir) => readdirSync(root + dir).map((name) => `${dir}/${name}`))
  .filter((file) => file.endsWith('.page.ts') && file.includes(process.env.RECURRA_PAGE ?? ''));

const chromium = findChromium();
// Which tests there are only the pages know: they run before these are listed.
const runs = chromium === undefined ? [] : await runPages(chromium, files);

// In CI, where all of it runs, to leave it out is a failure.
it.skipIf(chromium === undefined && process.env.RECURRA_TESTS !== 'whole')(
  'there is a Chromium, and pages for it',
  () => {
    expect(runs.length).toBeGreaterThan(0);
  },
);

describe.each(runs.map((run) => [run.page, run] as const))('%s', (_, { results, problem }) => {
  it('ran to its end', () => {
    expect(problem).toBeUndefined();
    expect(results.length).toBeGreaterThan(0);
  });

  for (const { path, status, message } of results) {
    it(path.join(' > '), ({ skip }) => {
      if (status === 'skipped') skip(message);
      expect.assert(status === 'passed', message);
    });
  }
});
