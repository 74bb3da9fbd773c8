/** The examples of the README are one program, and print what stands below them. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const home = fileURLToPath(new URL('..', import.meta.url));
const root = fileURLToPath(new URL('../../..', import.meta.url));

it('README.md', () => {
  const blocks = [
    ...readFileSync(join(home, 'README.md'), 'utf8').matchAll(/```js\n([\s\S]*?)```\n\n```\n([\s\S]*?)```/g),
  ];
  expect(blocks.length).toBe(4);
  // Beside the workspace's own dependencies, where an application would have them.
  const folder = mkdtempSync(join(root, 'node_modules', '.readme-'));
  try {
    writeFileSync(join(folder, 'program.ts'), blocks.map(([, code]) => code).join('\n'));
    const program = relative(root, join(folder, 'program.ts'));
    const how = { cwd: root, encoding: 'utf8' } as const;
    const { stdout, stderr, status } = spawnSync(process.execPath, ['tools/run.mjs', program], how);
    expect([stderr, stdout, status]).toEqual(['', blocks.map(([, , printed]) => printed).join(''), 0]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
