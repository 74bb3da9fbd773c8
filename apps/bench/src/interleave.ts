/** Rounds in turn, one process at a time: ours, theirs, theirs, ours, … so that neither profits from its place. */
import type { Sampling } from './protocol.js';
import type { Runner } from './runner.js';
import { median } from './statistics.js';

export interface Effort {
  /** How many rounds, unless a run is slow. */
  readonly rounds: number;
  /** Of one peer in one round, in milliseconds. */
  readonly roundMs: number;
  /** Before the first round, in milliseconds: time for the compiler. */
  readonly warmUpMs: number;
  /** Of a peer over all its rounds, in milliseconds. */
  readonly capMs: number;
}

/** Samples of one peer in one round; their median counts. */
const samplesInRound = 5;
const fewestRounds = 2;

/** Who runs when: every second round goes backwards. */
export function order<T>(runners: readonly T[], round: number): readonly T[] {
  return round % 2 === 0 ? runners : runners.toReversed();
}

/** Fewer rounds when a run takes so long that the cap would be passed, but never less than two. */
export function roundsFor(runMs: number, { rounds, capMs }: Effort): number {
  return Math.min(rounds, Math.max(fewestRounds, Math.floor(capMs / runMs)));
}

/** How a round of so many milliseconds is cut into samples. A slow run is a sample of its own. */
export function samplingFor(runMs: number, roundMs: number): Sampling {
  const repetitions = Math.max(1, Math.round(roundMs / samplesInRound / runMs));
  const samples = Math.max(1, Math.min(samplesInRound, Math.round(roundMs / (repetitions * runMs))));
  return { samples, repetitions };
}

/**
 * Runs until the code is warm; the time of a run at the end, in milliseconds. A first run that takes a good part of the
 * cap is warm-up enough.
 */
export async function warmUp(runner: Runner, firstMs: number, { warmUpMs, roundMs, capMs }: Effort): Promise<number> {
  if (firstMs * fewestRounds > capMs) return firstMs;
  let runMs = firstMs;
  for (let spent = 0; spent < warmUpMs;) {
    const sampling = { samples: 1, repetitions: samplingFor(runMs, roundMs).repetitions };
    runMs = median(await runner.time(sampling));
    spent += runMs * sampling.repetitions;
  }
  return runMs;
}

/**
 * The median time of a run in each round, in milliseconds: an array per runner, in the order given.
 *
 * @param runMs of each runner, when warm
 * @param rounds how many for each runner: the slow ones are in the first rounds only
 */
export async function interleave(
  runners: readonly Runner[],
  runMs: readonly number[],
  rounds: readonly number[],
  roundMs: number,
  onRound: (round: number) => void = () => {},
): Promise<number[][]> {
  const lanes = runners.map((runner, i) => ({
    runner,
    sampling: samplingFor(runMs[i]!, roundMs),
    rounds: rounds[i]!,
    times: [] as number[],
  }));
  for (let round = 0; round < Math.max(...rounds); round++) {
    onRound(round);
    const running = lanes.filter((lane) => round < lane.rounds);
    for (const { runner, sampling, times } of order(running, round)) times.push(median(await runner.time(sampling)));
  }
  return lanes.map(({ times }) => times);
}
