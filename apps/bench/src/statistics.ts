/** Medians and quartiles: one round disturbed by another program does not move them. */

export interface Spread {
  readonly lower: number;
  readonly median: number;
  readonly upper: number;
}

/**
 * The value below which a fraction q of the values lies, interpolated between neighbours (type 7 of Hyndman and Fan,
 * 1996, which is also NumPy's default).
 *
 * @param q from 0 to 1
 */
export function quantile(values: readonly number[], q: number): number {
  if (values.length === 0) throw new RangeError('quantile of no values');
  const sorted = values.toSorted((a, b) => a - b);
  const at = q * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below]!;
  const high = sorted[Math.ceil(at)]!;
  return low + (high - low) * (at - below);
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function spread(values: readonly number[]): Spread {
  return { lower: quantile(values, 0.25), median: median(values), upper: quantile(values, 0.75) };
}

/**
 * Theirs over ours, round by round: what slows the machine for a while slows both sides of a round alike.
 *
 * @param theirs a time for each round
 * @param ours as many
 */
export function ratios(theirs: readonly number[], ours: readonly number[]): number[] {
  if (theirs.length !== ours.length) throw new RangeError(`${theirs.length} rounds against ${ours.length}`);
  return theirs.map((ms, round) => ms / ours[round]!);
}
