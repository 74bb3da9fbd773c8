/** The outside of a peer's process. A fresh one for each peer and case, so that no compiled code is shared. */
import { fork } from 'node:child_process';
import type { Case } from './cases.js';
import type { Numbers } from './numbers.js';
import type { Answer, First, Request, Sampling } from './protocol.js';

export interface Runner {
  readonly name: string;
  /** A first run; a text says why the peer cannot do this case. */
  prepare(task: Case, numbers: Numbers): Promise<First | string>;
  /** Milliseconds of a run, sample by sample. */
  time(sampling: Sampling): Promise<readonly number[]>;
  close(): void;
}

/**
 * Starts a process of this program that runs one peer: `program --worker name`.
 *
 * @param program the file to run
 */
export function start(program: string, name: string): Runner {
  const child = fork(program, ['--worker', name], { serialization: 'advanced', execArgv: process.execArgv });
  let settle: { resolve(answer: Answer): void; reject(error: Error): void } | undefined;
  let gone: Error | undefined;
  const end = (error: Error): void => {
    gone ??= error;
    settle?.reject(error);
    settle = undefined;
  };
  child.on('message', (answer) => {
    settle?.resolve(answer as Answer);
    settle = undefined;
  });
  child.on('error', end);
  child.on('exit', (code, signal) => end(new Error(`the process of ${name} ended (${signal ?? code})`)));

  async function ask(request: Request): Promise<Answer> {
    if (gone) throw gone;
    const answer = await new Promise<Answer>((resolve, reject) => {
      settle = { resolve, reject };
      child.send(request, (error) => error && end(error));
    });
    if (answer.kind === 'failed') throw new Error(`${name}: ${answer.message}`);
    return answer;
  }

  return {
    name,
    async prepare(task, numbers) {
      const answer = await ask({ kind: 'prepare', task, numbers });
      if (answer.kind === 'cannot') return answer.reason;
      if (answer.kind === 'prepared') return { output: answer.output, ms: answer.ms };
      throw new Error(`${name}: answered ${answer.kind} to prepare`);
    },
    async time(sampling) {
      const answer = await ask({ kind: 'time', ...sampling });
      if (answer.kind === 'timed') return answer.ms;
      throw new Error(`${name}: answered ${answer.kind} to time`);
    },
    close() {
      if (child.connected) child.disconnect();
    },
  };
}
