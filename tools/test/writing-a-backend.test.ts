/** The two templates for a backend work as they are: the one on the page, and the reference backend copied out. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { runSuite, type BackendFactory } from '@recurra/conformance-tests';
import { expect, it } from 'vitest';
import { run } from '../run.mjs';
import { root } from '../workspace.mjs';

// The original runs all of the suite in its own tests: of a copy, a part shows that it is whole, and .ci/run has the rest.
const whole = process.env['RECURRA_TESTS'] === 'whole';
const only = ['contract', 'storage', 'kernels', 'cells/lstm'];

it('the backend on the page keeps every promise', async () => {
  const page = readFileSync(join(root, 'docs/writing-a-backend.md'), 'utf8').replaceAll('\r\n', '\n');
  const code = /```js\n([\s\S]*?)```/.exec(page)![1]!;
  const url = `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`;
  const { tinyBackend } = (await import(/* @vite-ignore */ url)) as { tinyBackend: BackendFactory };
  const { name, results, ok } = await runSuite(tinyBackend, { only: whole ? undefined : only });
  expect({ name, failed: results.filter(({ status }) => status === 'failed') }).toEqual({ name: 'tiny', failed: [] });
  expect(ok).toBe(true);
  // What is skipped is about fused kernels, sessions and other devices, which it does not have.
  expect(results.filter(({ status }) => status === 'passed').length).toBeGreaterThan(whole ? 600 : 200);
});

it('the reference backend, copied out and renamed, keeps every promise', async () => {
  const folder = mkdtempSync(join(root, 'node_modules', '.template-'));
  try {
    const source = (name: string): string =>
      readFileSync(join(root, 'packages/conformance-tests/src', name), 'utf8').replaceAll('\r\n', '\n');
    const copy = source('reference-backend.ts')
      .replaceAll('referenceBackend', 'myBackend')
      .replace("name: 'reference'", "name: 'mine'");
    writeFileSync(join(folder, 'my-backend.ts'), copy);
    writeFileSync(join(folder, 'erf.ts'), source('erf.ts'));
    const program = `
      import { runSuite } from '@recurra/conformance-tests';
      import { myBackend } from './my-backend.js';
      const { name, results, ok } = await runSuite(() => myBackend(), ${JSON.stringify(whole ? {} : { only: ['kernels'] })});
      console.log(JSON.stringify({ name, ok, passed: results.filter(({ status }) => status === 'passed').length }));`;
    writeFileSync(join(folder, 'program.ts'), program);
    const { stdout, stderr } = await run(relative(root, join(folder, 'program.ts')), [], { stdio: 'pipe' });
    expect(String(stderr)).toBe('');
    const report = JSON.parse(String(stdout)) as { name: string; ok: boolean; passed: number };
    expect(report).toMatchObject({ name: 'mine', ok: true });
    expect(report.passed).toBeGreaterThan(whole ? 600 : 100);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
