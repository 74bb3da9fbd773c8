/** The page about the suite is what the suite is. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { cases } from '../src/index.js';
import { table } from './table.js';

it('docs/conformance.md is up to date: npm run docs:suite', () => {
  const written = readFileSync(new URL('../../../docs/conformance.md', import.meta.url), 'utf8').replaceAll(
    '\r\n',
    '\n',
  );
  expect(written).toBe(table());
});

it('the README counts the cases', () => {
  const page = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  expect(page).toContain(`${cases.length} cases`);
});
