/** Training gives the losses that Keras had, step after step. */
import { cpu, gradients } from '@recurra/backend-cpu';
import { useBackend } from '@recurra/core';
import { expect, it } from 'vitest';
import { kerasLosses, trainedHere } from '../sunspots.js';

it(
  'has the losses of Keras in its first 50 steps: within 1e-4 relative, in fact 1e-5',
  { timeout: 60_000 },
  async () => {
    const backend = cpu({ gradients });
    await useBackend(backend);
    const losses: number[] = [];
    for await (const { loss } of trainedHere(50)) losses.push(loss);
    expect(losses).toHaveLength(50);
    const far = losses.map((loss, i) => Math.abs(loss - kerasLosses[i]!) / kerasLosses[i]!);
    expect(Math.max(...far)).toBeLessThan(1e-5);
    expect(backend.live?.()).toBe(0);
  },
);
