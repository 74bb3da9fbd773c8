/** Only implementations that compute the same are timed: a fast wrong answer is no measurement. */

/**
 * How far two float32 results may part, as |a − b| ≤ 1e-5·(1 + |b|). Engines sum in different orders and have their own
 * tanh, so the last bits differ; another activation, gate order or bias shows from 1e-3 on.
 */
export const tolerance = 1e-5;

/** Two peers that do not compute the same. The message says so to the reader of the table. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

export interface NamedOutput {
  readonly name: string;
  readonly output: Float32Array;
}

/**
 * The largest |a − b|.
 *
 * @throws Refusal when the counts differ, a number is not finite, or two numbers are further apart than the tolerance
 */
export function difference(a: NamedOutput, b: NamedOutput): number {
  if (a.output.length !== b.output.length)
    throw new Refusal(`${a.name} gives ${a.output.length} numbers, ${b.name} ${b.output.length}`);
  let largest = 0;
  for (const [i, ours] of a.output.entries()) {
    const theirs = b.output[i]!;
    const apart = Math.abs(ours - theirs);
    if (!Number.isFinite(apart) || apart > tolerance * (1 + Math.abs(theirs)))
      throw new Refusal(`at number ${i}, ${a.name} gives ${ours} and ${b.name} ${theirs}`);
    largest = Math.max(largest, apart);
  }
  return largest;
}
