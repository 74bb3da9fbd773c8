/** A thread of the team: what it does, and how to start it where there is a page and where there is Node. */
import type { makeBarrier } from './barrier.js';

/** What a thread is given. */
export interface Membership {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** What barriers use, and 64: how many jobs there were, or −1; 80: the number of the last one's function; 81: its argument. */
  readonly words: Int32Array;
  readonly index: number;
  readonly count: number;
  /** Functions of the module, by their number. */
  readonly functions: readonly string[];
}

/**
 * A thread's life: it joins, tells so, and does its share of every job until it is told that no more will come.
 *
 * This function runs as text too: nothing from outside it, and no syntax that a compiler replaces by a function of its own.
 */
export function serve(given: Membership, barrierOf: typeof makeBarrier, joined: (error: string | null) => void): void {
  const words = given.words;
  try {
    const barrier = barrierOf(words, given.count, true);
    const imports = { env: { memory: given.memory, barrier: barrier } };
    const exports = new WebAssembly.Instance(given.module, imports).exports as Record<string, CallableFunction>;
    const functions = given.functions.map((name) => exports[name]!);
    exports['join']!(given.index, given.count);
    joined(null);
    for (let jobs = 0; ;) {
      // The next one may come at once: waking up would take longer than all of a short job.
      for (let spins = 0; spins < 20000 && Atomics.load(words, 64) === jobs; spins++);
      Atomics.wait(words, 64, jobs);
      const now = Atomics.load(words, 64);
      if (now === jobs) continue;
      if (now < 0) return;
      jobs = now;
      functions[words[80]!]!(words[81]!);
      barrier();
    }
  } catch (error) {
    Atomics.store(words, 48, 1);
    joined(String(error));
  }
}

/** A running thread. */
export interface Thread {
  end(): void;
}

/** @throws (as a rejection) in words, where no thread can be had, or where it did not join */
export type StartThread = (given: Membership) => Promise<Thread>;
