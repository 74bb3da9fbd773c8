/** One case from start to end: processes, the same numbers, a comparison of the outputs, then the rounds. */
import type { Case } from './cases.js';
import { difference, Refusal } from './compare.js';
import { interleave, roundsFor, warmUp, type Effort } from './interleave.js';
import { numbersOf } from './numbers.js';
import type { First } from './protocol.js';
import type { Runner } from './runner.js';

export interface Measured {
  readonly peer: string;
  /** The largest difference of an output to ours. */
  readonly apart: number;
  /** Milliseconds of a run in each round. */
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
  /** Rounds that a faster peer would have had. */
  readonly wanted: number;
}

/** Why a peer was not timed, in words. */
export interface NotMeasured {
  readonly peer: string;
  readonly reason: string;
  /** True when the outputs differ, which is a mistake on one side; else the peer just cannot do the case. */
  readonly refused: boolean;
}

export interface Row {
  readonly task: Case;
  readonly result: Measured | NotMeasured;
}

/**
 * A row for each of the others. They are measured one after the other, each against ours.
 *
 * @param startRunner starts a process for a peer
 * @param say shows progress
 */
export async function measure(
  task: Case,
  ours: string,
  others: readonly string[],
  effort: Effort,
  startRunner: (name: string) => Runner,
  say: (progress: string) => void,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const peer of others) {
    const runners = [startRunner(ours), startRunner(peer)];
    try {
      rows.push({ task, result: await against(task, runners, effort, say) });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      rows.push({ task, result: { peer, reason: error.message, refused: true } });
    } finally {
      for (const runner of runners) runner.close();
    }
  }
  return rows;
}

async function against(
  task: Case,
  runners: readonly Runner[],
  effort: Effort,
  say: (progress: string) => void,
): Promise<Measured | NotMeasured> {
  const [first, second] = runners as [Runner, Runner];
  const peer = second.name;
  const numbers = numbersOf(task);
  const answers: First[] = [];
  for (const runner of runners) {
    say(`first run of ${runner.name}`);
    const answer = await runner.prepare(task, numbers);
    if (typeof answer === 'string') return { peer, reason: `${runner.name}: ${answer}`, refused: false };
    answers.push(answer);
  }
  const [a, b] = answers as [First, First];
  const apart = difference({ name: first.name, output: a.output }, { name: peer, output: b.output });

  const runMs: number[] = [];
  for (const [i, runner] of runners.entries()) {
    say(`warm-up of ${runner.name}`);
    runMs.push(await warmUp(runner, answers[i]!.ms, effort));
  }
  const rounds = roundsFor(Math.max(...runMs), effort);
  const [mine = [], theirs = []] = await interleave(runners, runMs, rounds, effort.roundMs, (round) =>
    say(`round ${round + 1} of ${rounds}`),
  );
  return { peer, apart, ours: mine, theirs, wanted: effort.rounds };
}
