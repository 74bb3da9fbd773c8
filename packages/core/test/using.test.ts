/** `using` frees a tensor at the end of its block. */
import { cpu } from '@recurra/backend-cpu';
import { tensor, useBackend } from '@recurra/core';
import { expect, it } from 'vitest';

it('frees at the end of the block', async () => {
  const backend = await useBackend(cpu());
  {
    using x = tensor([1, 2]);
    expect([x.size, backend.live!()]).toEqual([2, 1]);
  }
  expect(backend.live!()).toBe(0);
});
