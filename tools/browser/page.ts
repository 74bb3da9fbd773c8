/** What a page of tests is written with: a small `describe` and `it`, whose results go to the process that opened it. */

/** How a test in a page went. */
export interface PageResult {
  /** The names of the groups it is in, and its own. */
  readonly path: readonly string[];
  readonly status: 'passed' | 'failed' | 'skipped';
  /** What failed, or why it was skipped. */
  readonly message?: string;
  readonly milliseconds: number;
}

declare const WHOLE: boolean;
/** Whether pages run all they have, RECURRA_TESTS=whole: a GPU in software needs minutes for that. */
export const whole: boolean = WHOLE;

interface Test {
  readonly path: readonly string[];
  readonly run: (context: { skip(reason: string): void }) => unknown;
}

class Skipped extends Error {}

const tests: Test[] = [];
let groups: readonly string[] = [];

export function describe(name: string, f: () => void): void {
  const outer = groups;
  groups = [...outer, name];
  f();
  groups = outer;
}

export function it(name: string, run: Test['run']): void {
  tests.push({ path: [...groups, name], run });
}

/** Throws unless both are written the same in JSON. */
export function expectEqual(actual: unknown, expected: unknown): void {
  const [a, e] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== e) throw new Error(`got ${a}, expected ${e}`);
}

/** The error that `f` throws, or that its promise rejects with. */
export async function failure(f: () => unknown): Promise<unknown> {
  try {
    await f();
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}

/** Runs all tests, one after the other; `send` gets the results as they come. */
export async function runTests(send: (results: readonly PageResult[]) => Promise<void>): Promise<void> {
  let done: PageResult[] = [];
  let sent = performance.now();
  for (const { path, run } of tests) {
    const began = performance.now();
    let result: Pick<PageResult, 'status' | 'message'> = { status: 'passed' };
    try {
      await run({
        skip(reason) {
          throw new Skipped(reason);
        },
      });
    } catch (error) {
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      result = error instanceof Skipped ? { status: 'skipped', message: error.message } : { status: 'failed', message };
    }
    done.push({ path, ...result, milliseconds: performance.now() - began });
    if (performance.now() - sent < 500) continue;
    await send(done);
    [done, sent] = [[], performance.now()];
  }
  await send(done);
}
