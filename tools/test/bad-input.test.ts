/**
 * What is passed in that is wrong: every public function has its rows, every row is called, each refusal is a typed error
 * that leaves nothing behind and after which the function still gives the right numbers; and the page says what the
 * rows say.
 */
import { cpu } from '@recurra/backend-cpu';
import { leaves, RecurraError, useBackend } from '@recurra/core';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { catalogues } from '../bad-input/catalogues.js';
import { between, tables } from '../bad-input/page.js';
import { createWorld, told, type Entry, type Row } from '../bad-input/row.js';
import { root } from '../workspace.mjs';

let world: ReturnType<typeof createWorld>;

beforeAll(async () => {
  // With the first copy of core, as all others.
  for (const { exports } of Object.values(catalogues)) if (typeof exports === 'function') await exports();
  vi.resetModules();
  const second = await import('@recurra/core');
  const foreign = second.tensor([[1, 2, 3], [4, 5, 6]], undefined, { backend: cpu() }); // prettier-ignore
  const backend = cpu();
  await useBackend(backend);
  world = createWorld(backend, cpu(), foreign);
});

/** What came of a call, and nothing of it stays. */
async function outcome(call: () => unknown): Promise<unknown> {
  const result = await call();
  const value = told(result);
  for (const x of leaves(result)) x.dispose();
  return value;
}

async function check(name: string, { call, good }: Entry, row: Row): Promise<void> {
  const run = (args: unknown[]) => (): unknown => call(...(args as never[]));
  const rightBefore = await outcome(run(good(world)));
  for (const args of row.calls(world)) {
    const live = world.live();
    const what = `${name}: ${row.given}`;
    if (row.gives.startsWith('works: ')) {
      const gone = args.map((x) => leaves(x)).flat();
      const result = await call(...(args as never[]));
      expect([what, told(result)]).toEqual([what, row.result]);
      for (const x of leaves(result)) if (!gone.includes(x)) x.dispose();
    } else {
      let error: unknown;
      try {
        const result = await call(...(args as never[]));
        error = ['it gave', told(result)];
        for (const x of leaves(result)) x.dispose();
      } catch (thrown) {
        error = thrown;
      }
      if (!(error instanceof RecurraError)) expect([what, args, error]).toEqual([what, args, row.gives]);
      const { code, op, facts, hint } = error as RecurraError;
      expect([what, code, op]).toEqual([what, row.gives, row.op ?? name]);
      expect(facts).toBeTypeOf('object');
      expect([what, (error as Error).message, hint ?? '']).toEqual([
        what,
        (error as Error).message,
        expect.stringMatching(/./),
      ]);
    }
    expect([what, world.live()]).toEqual([what, live]);
  }
  expect(await outcome(run(good(world)))).toEqual(rightBefore);
  world.finish();
  expect(world.live()).toBe(0);
}

describe.each(Object.entries(catalogues))('%s', (_, { exports, entries }) => {
  it('has rows for everything it exports', async () => {
    const found = Object.entries(typeof exports === 'function' ? await exports() : exports);
    const functions = found.flatMap(([name, value]) => (typeof value === 'function' ? [name] : []));
    expect(functions.filter((name) => !Object.hasOwn(entries, name))).toEqual([]);
    const gone = Object.keys(entries).filter((name) => !functions.includes(name));
    expect(gone.filter((name) => !/\W/.test(name))).toEqual([]);
  });
  describe.each(Object.entries(entries))('%s', (name, entry) => {
    it('gives the same twice', async () => {
      const twice = [0, 1].map(() => outcome(() => entry.call(...(entry.good(world) as never[]))));
      expect(await twice[1]).toEqual(await twice[0]);
      world.finish();
    });
    for (const row of entry.rows) {
      const test = row.pending ? it.fails : it;
      test(row.given, async () => check(name, entry, row));
    }
    afterEach(() => world.finish());
  });
});

describe('docs/bad-input.md', () => {
  it('has the tables of the rows: npm run bad-input', () => {
    const page = readFileSync(join(root, 'docs/bad-input.md'), 'utf8').replaceAll('\r\n', '\n');
    expect(between(page, tables(catalogues))).toBe(page);
  });
});
