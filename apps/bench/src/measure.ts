/** One case from start to end: a process for each peer, the same numbers, a comparison of the outputs, then the rounds. */
import type { Case } from './cases.js';
import { difference, Refusal } from './compare.js';
import { interleave, roundsFor, warmUp, type Effort } from './interleave.js';
import { numbersOf } from './numbers.js';
import type { First } from './protocol.js';
import type { Runner } from './runner.js';

/** A peer's times. */
export interface Lane {
  readonly peer: string;
  /** The largest difference of an output to the first peer's. */
  readonly apart: number;
  /** Milliseconds of a run in each round; fewer rounds for one whose runs take long. */
  readonly ms: readonly number[];
}

/** Why a peer was not timed, in words. */
export interface NotMeasured {
  readonly peer: string;
  readonly reason: string;
  /** True when the outputs differ, which is a mistake on one side; else the peer just cannot do the case. */
  readonly refused: boolean;
}

export interface Measured {
  readonly task: Case;
  /** Rounds that a fast peer has. */
  readonly wanted: number;
  readonly lanes: readonly Lane[];
  readonly left: readonly NotMeasured[];
}

interface Ready {
  readonly runner: Runner;
  readonly first: First;
  readonly apart: number;
}

/**
 * All peers in turn in the same rounds.
 *
 * @param names the first is ours, with which outputs are compared
 * @param startRunner starts a process for a peer
 * @param say shows progress
 */
export async function measure(
  task: Case,
  names: readonly string[],
  effort: Effort,
  startRunner: (name: string) => Runner,
  say: (progress: string) => void,
): Promise<Measured> {
  const runners = names.map(startRunner);
  try {
    const { ready, left } = await compareAll(task, runners, say);
    const runMs: number[] = [];
    for (const { runner, first } of ready) {
      say(`warm-up of ${runner.name}`);
      runMs.push(await warmUp(runner, first.ms, effort));
    }
    const rounds = runMs.map((ms) => roundsFor(ms, effort));
    const times = await interleave(
      ready.map(({ runner }) => runner),
      runMs,
      rounds,
      effort.roundMs,
      (round) => say(`round ${round + 1} of ${Math.max(...rounds)}`),
    );
    const lanes = ready.map(({ runner, apart }, i) => ({ peer: runner.name, apart, ms: times[i]! }));
    return { task, wanted: effort.rounds, lanes, left };
  } finally {
    for (const runner of runners) runner.close();
  }
}

/** First runs, one after the other: who gives what the first one gives is ready. */
async function compareAll(
  task: Case,
  runners: readonly Runner[],
  say: (progress: string) => void,
): Promise<{ ready: Ready[]; left: NotMeasured[] }> {
  const numbers = numbersOf(task);
  const ready: Ready[] = [];
  const left: NotMeasured[] = [];
  for (const runner of runners) {
    const peer = runner.name;
    say(`first run of ${peer}`);
    const first = await runner.prepare(task, numbers);
    if (typeof first === 'string') {
      if (ready.length === 0) throw new Error(`${peer} cannot do ${task.id}: ${first}`);
      left.push({ peer, reason: first, refused: false });
      continue;
    }
    try {
      const ours = ready[0];
      const apart =
        ours === undefined
          ? 0
          : difference({ name: ours.runner.name, output: ours.first.output }, { name: peer, output: first.output });
      ready.push({ runner, first, apart });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      left.push({ peer, reason: error.message, refused: true });
    }
  }
  return { ready, left };
}
