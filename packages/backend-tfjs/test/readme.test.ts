/** The example of the README runs, and prints what its comment says. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const home = fileURLToPath(new URL('..', import.meta.url));
const root = fileURLToPath(new URL('../../..', import.meta.url));

it('README.md', async () => {
  const [, code] = /```js\n([\s\S]*?)```/.exec(readFileSync(join(home, 'README.md'), 'utf8'))!;
  const [, printed] = /console\.log\(.*\); \/\/ (.*)\n/.exec(code!)!;
  // Beside the package's own dependencies, where an application would have them.
  const folder = mkdtempSync(join(home, 'node_modules', '.readme-'));
  try {
    writeFileSync(join(folder, 'program.ts'), code!);
    const program = relative(root, join(folder, 'program.ts'));
    const how = { cwd: root, encoding: 'utf8' } as const;
    const { stdout, stderr, status } = spawnSync(process.execPath, ['tools/run.mjs', program], how);
    expect([stderr, stdout, status]).toEqual(['', `${printed}\n`, 0]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
