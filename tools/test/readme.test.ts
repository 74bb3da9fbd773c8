/** What the READMEs show is what runs, and what they say it prints is what it prints. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../run.mjs';
import { root } from '../workspace.mjs';

const read = (path: string): string => readFileSync(join(root, path), 'utf8').replaceAll('\r\n', '\n');

/** Each js or ts block that a text block follows: a program and its output. */
function programs(markdown: string): { code: string; output: string }[] {
  const blocks = [...markdown.matchAll(/```(?:js|ts)\n((?:(?!```)[\s\S])*)```\n\n```text\n([\s\S]*?)```/g)];
  return blocks.map(([, code, output]) => ({ code: code!, output: output! }));
}

async function outputOf(code: string): Promise<string> {
  const folder = mkdtempSync(join(root, 'node_modules', '.readme-'));
  try {
    writeFileSync(join(folder, 'program.ts'), code);
    const { stdout, stderr, status } = await run(relative(root, join(folder, 'program.ts')), [], { stdio: 'pipe' });
    expect(String(stderr)).toBe('');
    expect(status).toBe(0);
    return String(stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('README.md', () => {
  it('shows examples/lstm.ts', () => {
    expect(programs(read('README.md'))[0]!.code).toBe(read('examples/lstm.ts'));
  });
});

const readmes = [
  'README.md',
  ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`),
  ...readdirSync(join(root, 'packages')).map((name) => `packages/${name}/README.md`),
].filter((path) => path.endsWith('.md') && existsSync(join(root, path)));

describe.each(readmes)('%s', (path) => {
  const shown = programs(read(path));
  it.skipIf(shown.length === 0)('prints what it says', async () => {
    for (const { code, output } of shown) expect(await outputOf(code)).toBe(output);
  });
});

/** Those that train for minutes, in a few steps. */
const shorter: Readonly<Record<string, string[]>> = {
  'adding.ts': ['--steps', '2'],
  'pronounce.ts': ['--words', '32', '--held-out', '8', '--epochs', '1'],
};

// Those that train are tested where they are; .ci/run also starts them as people do.
const started = readdirSync(join(root, 'examples')).filter(
  (name) => name.endsWith('.ts') && (process.env['RECURRA_TESTS'] === 'whole' || !/adding|pronounce|train/.test(name)),
);

describe('examples', () => {
  it.each(started)('%s runs', async (name) => {
    const { status, stdout } = await run(`examples/${name}`, shorter[name] ?? [], { stdio: 'pipe' });
    expect(status).toBe(0);
    expect(String(stdout).trim()).not.toBe('');
  });
});
