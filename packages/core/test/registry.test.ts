/** Choosing a backend. */
import { cpu } from '@recurra/backend-cpu';
import { defaultBackend, registerBackend, tensor, useBackend, type RecurraError } from '@recurra/core';
import { describe, expect, it } from 'vitest';

const codeOf = (f: () => Promise<unknown>): Promise<string> =>
  f().then(
    () => 'nothing thrown',
    (error: RecurraError) => error.code,
  );

describe('useBackend', () => {
  it('is needed before the first tensor', () => {
    const slot = (globalThis as Record<symbol, { chosen: unknown } | undefined>)[Symbol.for('@recurra/core/backends')];
    if (slot) slot.chosen = null;
    expect(() => tensor([1])).toThrowError(/no backend is chosen/);
  });

  it('takes a backend, a promise of one, and a registered name', async () => {
    const [a, b, c] = [cpu(), cpu(), cpu()];
    expect(await useBackend(a)).toBe(a);
    expect(defaultBackend()).toBe(a);
    expect(await useBackend(Promise.resolve(b))).toBe(b);
    registerBackend('mine', () => c);
    expect(await useBackend('mine')).toBe(c);
    registerBackend('lazy', async () => ({ default: () => a }));
    expect(await useBackend('lazy')).toBe(a);
    expect(tensor([1]).backend).toBe(a);
  });

  it('refuses unknown names and things that are no backend', async () => {
    expect(await codeOf(() => useBackend('nowhere'))).toBe('BACKEND_UNKNOWN');
    expect(await codeOf(() => useBackend({} as never))).toBe('ARGUMENT');
    expect(await codeOf(() => useBackend(null as never))).toBe('ARGUMENT');
  });
});
