/** Threads that compute one call together: the calling thread is one of them, and returns when all are done. */
import { BackendError } from '@recurra/core';
import type { WasmKernels } from '../generated/kernels.js';
import { makeBarrier } from './barrier.js';
import type { StartThread, Thread } from './worker.js';

/** Kernels that a team can compute. */
const functions = ['recur', 'recurBack'] as const;
export type TeamKernel = (typeof functions)[number];

export interface Team {
  readonly threads: number;
  /** Runs it on all threads. */
  run(kernel: TeamKernel, call: number): void;
  end(): void;
}

/** The words of ./barrier.ts and ./worker.ts. */
const WORDS = 96;
const FAILED = 48;
const JOBS = 64;
const FUNCTION = 80;
const ARGUMENT = 81;

/** The barrier of the calling thread, which its module imports before there is a team. */
export interface Meeting {
  readonly words: Int32Array;
  readonly barrier: () => void;
}

/** @throws where memory cannot be shared */
export function meeting(count: number): Meeting {
  const words = new Int32Array(new SharedArrayBuffer(4 * WORDS));
  return { words, barrier: makeBarrier(words, count, maySleep(words)) };
}

/** A page's own thread may not. */
function maySleep(words: Int32Array): boolean {
  try {
    Atomics.wait(words, JOBS, 1, 0);
    return true;
  } catch {
    return false;
  }
}

/** @throws (as a rejection) an Error that says why threads cannot be had here */
export async function team(
  start: StartThread,
  count: number,
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  kernels: WasmKernels,
  { words, barrier }: Meeting,
): Promise<Team> {
  const given = { module, memory, words, count, functions };
  const starting = Array.from({ length: count - 1 }, (_, i) => start({ ...given, index: i + 1 }));
  let threads: readonly Thread[] = [];
  const end = (): void => {
    Atomics.store(words, JOBS, -1);
    Atomics.notify(words, JOBS);
    for (const thread of threads) thread.end();
    threads = [];
  };
  const outcomes = await Promise.allSettled(starting);
  threads = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) {
    end();
    throw failed.reason;
  }
  return {
    get threads() {
      return threads.length + 1;
    },
    run(kernel, call) {
      if (threads.length === 0) {
        kernels[kernel](call);
        return;
      }
      words[FUNCTION] = functions.indexOf(kernel);
      words[ARGUMENT] = call;
      // Numbers of jobs stay positive: the first that is not means that there are no more.
      Atomics.store(words, JOBS, (Atomics.load(words, JOBS) % 0x3fffffff) + 1);
      Atomics.notify(words, JOBS);
      kernels.join(0, count);
      try {
        kernels[kernel](call);
        barrier();
      } catch (error) {
        Atomics.store(words, FAILED, 1);
        end();
        throw new BackendError(
          'wasm',
          'a thread has failed',
          { kernel },
          'from now on one thread computes',
          'BACKEND_FAILED',
          error,
        );
      } finally {
        kernels.join(0, 1);
      }
    },
    end,
  };
}
