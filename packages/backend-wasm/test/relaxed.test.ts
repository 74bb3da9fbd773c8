/** The relaxed build, executed: in a process of its own, because Node 20 has relaxed SIMD behind a switch. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { EngineInfo } from '../src/index.js';

interface Report {
  readonly supported: boolean;
  readonly engine: EngineInfo;
  readonly sameBits: boolean;
  readonly passed: number;
  readonly failed: readonly unknown[];
}

function run(...args: string[]): Report {
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  const program = ['tools/run.mjs', 'packages/backend-wasm/test/relaxed-suite.ts'];
  const { stdout, stderr } = spawnSync(process.execPath, [...program, ...args], { cwd: root, encoding: 'utf8' });
  if (!stdout) throw new Error(stderr);
  return JSON.parse(stdout) as Report;
}

describe('wasm({ relaxed: true })', () => {
  it('multiplies and adds in one rounding, and keeps every promise within tolerance', () => {
    const { failed, passed, ...rest } = run();
    expect(rest).toEqual({ supported: true, engine: { build: 'relaxed', threads: 1 }, sameBits: false });
    expect(failed).toEqual([]);
    expect(passed).toBeGreaterThan(300);
  });

  it('runs the default build where the engine has no relaxed SIMD, and says so', () => {
    const { supported, engine, sameBits } = run('as it is');
    // Node 20 has none, Node 22 and 24 have.
    expect(supported).toBe(Number(process.versions.node.split('.')[0]) > 20);
    expect(engine).toEqual(
      supported
        ? { build: 'relaxed', threads: 1 }
        : { build: 'simd', threads: 1, fallback: 'this engine has no relaxed SIMD' },
    );
    expect(sameBits).toBe(!supported);
  });
});
