/** Training with our cells and attention goes down Keras's curves: goldens.json, "curves". */
import { keyOfCurve, trainCurve } from './curves.js';
import { describe, it } from 'vitest';
import goldens from './goldens.json' with { type: 'json' };
import { backends, expectClose } from './numbers.js';

describe.each(Object.entries(backends))('%s', (_, make) => {
  const backend = make();
  const tol = backend.precision === 64 ? 1e-11 : 1e-5;
  it.each(goldens.curves.map((c) => [keyOfCurve(c), c] as const))('%s', async (_title, curve) => {
    const { losses, final } = await trainCurve(curve, backend);
    expectClose(losses, curve.losses, tol, 'losses');
    final.forEach((weight, i) => expectClose(weight, curve.final[i]!.data, tol, `weight ${i}`));
  });
});
