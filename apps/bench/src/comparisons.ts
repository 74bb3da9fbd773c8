/** Ratios out of times: who is compared with whom, and what it came to. */
import type { Case } from './cases.js';
import type { Measured } from './measure.js';
import { median, ratios, spread, type Spread } from './statistics.js';
import { targetOf } from './targets.js';

export interface Comparison {
  readonly task: Case;
  readonly ours: string;
  readonly peer: string;
  /** The peer's time over ours: above 1, ours is faster. */
  readonly ratio: Spread;
  readonly rounds: number;
  readonly wanted: number;
  /** Milliseconds of a run. */
  readonly oursMs: number;
  readonly peerMs: number;
  /** The largest difference of the peer's output to that of the default. */
  readonly apart: number;
  readonly target?: { readonly atLeast: number; readonly reached: boolean; readonly unclear: boolean };
}

/**
 * Each peer with each of ours that it stands against, in the rounds that both were in.
 *
 * @param against the names of ours for a peer
 */
export function comparisonsOf(
  { task, lanes, wanted }: Measured,
  against: (peer: string) => readonly string[],
): Comparison[] {
  return lanes.flatMap(({ peer, ms, apart }) =>
    lanes
      .filter((lane) => against(peer).includes(lane.peer))
      .map((lane): Comparison => {
        const rounds = Math.min(ms.length, lane.ms.length);
        const ratio = spread(ratios(ms.slice(0, rounds), lane.ms.slice(0, rounds)));
        const target = targetOf(task, lane.peer, peer);
        return {
          task,
          ours: lane.peer,
          peer,
          ratio,
          rounds,
          wanted,
          oursMs: median(lane.ms),
          peerMs: median(ms),
          apart,
          ...(target && {
            target: {
              ...target,
              reached: ratio.median >= target.atLeast,
              unclear: ratio.lower < target.atLeast && target.atLeast <= ratio.upper,
            },
          }),
        };
      }),
  );
}

/** How many targets were missed, and cases refused: what makes the numbers unfit to be quoted. */
export function verdict(
  measured: readonly Measured[],
  comparisons: readonly Comparison[],
): { readonly missed: number; readonly refused: number } {
  return {
    missed: comparisons.filter(({ target }) => target && !target.reached).length,
    refused: measured.flatMap(({ left }) => left).filter(({ refused }) => refused).length,
  };
}
