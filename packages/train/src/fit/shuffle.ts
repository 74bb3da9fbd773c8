/** The order of an epoch's rows: a permutation that follows from seed and epoch alone, so that it need not be saved. */
import { randint } from '@recurra/core/random';

/** 0 … n − 1, shuffled by Fisher and Yates with the numbers of `randint`, those of this seed and epoch. */
export function shuffled(n: number, seed: number, epoch: number): Int32Array {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  if (n < 2) return order;
  const draws = randint([n], 0, 2147483647, { seed: [seed, epoch] });
  for (let i = n - 1; i > 0; i--) {
    const j = draws[i]! % (i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
