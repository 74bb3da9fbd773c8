/** A step of a stream makes no object, measured on the heap over a million steps. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

function measured(...args: string[]): [string, number][] {
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  const program = ['tools/run.mjs', 'packages/backend-wasm/test/stream-allocations.ts'];
  const { stdout, stderr } = spawnSync(process.execPath, [...program, ...args], { cwd: root, encoding: 'utf8' });
  if (!stdout) throw new Error(stderr);
  return Object.entries((JSON.parse(stdout) as { found: Record<string, number> }).found);
}

describe('the heap', () => {
  // The smallest object has eight bytes.
  it('is left alone by a million steps', () => {
    const found = measured();
    expect(found.length).toBe(8);
    expect(found.filter(([, bytes]) => !(bytes < 1))).toEqual([]);
  });

  it('would show a step that makes one object', () => {
    const found = measured('wasteful');
    expect(found.length).toBe(8);
    expect(found.filter(([, bytes]) => bytes < 8)).toEqual([]);
  });
});
