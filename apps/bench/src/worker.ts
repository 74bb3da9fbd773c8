/** The inside of a peer's process: does what it is asked, and ends when nobody asks any more. */
import { performance } from 'node:perf_hooks';
import type { Engine, Peer, Prepared } from './peer.js';
import type { Answer, Request, Sampling } from './protocol.js';

/** Answers requests from the parent process until it goes away. */
export async function work(peer: Peer): Promise<void> {
  const answer = answering(await peer.open());
  process.on('disconnect', () => process.exit());
  process.on('message', async (request: Request) => process.send!(await answer(request)));
}

/** How a loaded peer answers. An exception becomes an answer too. */
export function answering(engine: Engine): (request: Request) => Promise<Answer> {
  let prepared: Prepared | undefined;
  return async (request) => {
    try {
      if (request.kind === 'prepare') {
        const ready = await engine.prepare(request.task, request.numbers);
        if (typeof ready === 'string') return { kind: 'cannot', reason: ready };
        prepared = ready;
        const began = performance.now();
        const output = await ready.output();
        return { kind: 'prepared', output, ms: performance.now() - began };
      }
      if (!prepared) throw new Error('asked to time before a case was prepared');
      return { kind: 'timed', ms: await time(prepared, request) };
    } catch (error) {
      return { kind: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
  };
}

/** Milliseconds of a run, sample by sample. Only what hands out a promise is awaited: that costs time of its own. */
async function time({ run }: Prepared, { samples, repetitions }: Sampling): Promise<number[]> {
  const ms: number[] = [];
  for (let s = 0; s < samples; s++) {
    const began = performance.now();
    for (let r = 0; r < repetitions; r++) {
      const result = run();
      if (result instanceof Promise) await result;
    }
    ms.push((performance.now() - began) / repetitions);
  }
  return ms;
}
