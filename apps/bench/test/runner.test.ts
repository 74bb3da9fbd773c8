import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { Case } from '../src/cases.js';
import { start } from '../src/runner.js';

const program = fileURLToPath(new URL('fake-worker.mjs', import.meta.url));
const task: Case = { kind: 'gate', id: 'gate 1', adds: 1, quick: false };
const numbers = { a: Float32Array.of(0.1, -3) };

it('hands numbers over and back as they are, and times on request', async () => {
  const runner = start(program, 'well');
  const first = await runner.prepare(task, numbers);
  expect(first).toEqual({ output: Float32Array.of(0.2, -6), ms: 5 });
  expect(await runner.time({ samples: 3, repetitions: 40 })).toEqual([3, 40]);
  runner.close();
  runner.close();
});

it('hands on why a peer cannot', async () => {
  const runner = start(program, 'cannot');
  expect(await runner.prepare(task, numbers)).toBe('has no gate 1');
  runner.close();
});

it.each([
  ['throws', 'throws: no such layer'],
  ['dies', 'the process of dies ended (7)'],
  ['cannot start', 'the process of cannot start ended (3)'],
  ['confused', 'confused: answered timed to prepare'],
])('a process that %s is an error, not a wait', async (name, message) => {
  const runner = start(program, name);
  await expect(runner.prepare(task, numbers)).rejects.toThrow(message);
  runner.close();
});

it('says again that a process is gone', async () => {
  const runner = start(program, 'dies');
  await expect(runner.prepare(task, numbers)).rejects.toThrow('ended (7)');
  await expect(runner.time({ samples: 1, repetitions: 1 })).rejects.toThrow('ended (7)');
});
