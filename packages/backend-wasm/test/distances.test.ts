/** The distances to cpu that docs/numerics.md promises. */
import { expect, it } from 'vitest';
import { distances } from './distances.js';

it('is as close to cpu as docs/numerics.md says', async () => {
  const found = await distances();
  expect(found.filter(({ distance, bound }) => !(distance <= bound))).toEqual([]);
  // What is compared is not one and the same thing: float32 sums round.
  expect(found.filter(({ distance }) => distance > 0).length).toBeGreaterThan(4);
});
