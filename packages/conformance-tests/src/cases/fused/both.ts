/** Both paths side by side: a backend's fused kernel, and the same backend without it. */
import { whyNot, type Backend, type FusedKernels, type FusedName, type FusedSpecOf, type Tensor } from '@recurra/core';
import type { Testing } from '../../case.js';
import { decorated, withoutFused } from '../../decorate.js';

/** What is missing for the kernel to run, in words. */
export function missing<N extends FusedName>(backend: Backend, name: N, spec: FusedSpecOf<N>): string | undefined {
  return whyNot(backend, name, spec) ?? undefined;
}

/** Why gradients of the kernel say nothing: they are those of ops. */
export function withoutVjp(backend: Backend, name: FusedName): string | undefined {
  return backend.fused?.[name]?.vjp === undefined
    ? `the fused ${name} of ${backend.name} has no vjp: gradients compose`
    : undefined;
}

const twice = { factor: 2, because: 'either path may be a tolerance away from the exact value' } as const;

/** Compares what `make` gives with the fused kernel and without; a kernel that is not run at all fails too. */
export async function both(t: Testing, name: FusedName, make: (backend: Backend) => readonly Tensor[]): Promise<void> {
  let runs = 0;
  const fused = decorated(t.backend, { fused: counted(t.backend.fused!, name, () => runs++) });
  const composed = make(withoutFused(t.backend));
  const numbers = await Promise.all(composed.map((x) => x.raw()));
  const actual = make(fused);
  await t.same(runs > 0, true);
  const compared = actual.map((x, i) =>
    t.close(x, { shape: composed[i]!.shape, data: Array.from(numbers[i]!) }, twice),
  );
  await Promise.all(compared);
  for (const x of [...composed, ...actual]) x.dispose();
}

function counted(fused: FusedKernels<object>, name: FusedName, count: () => void): FusedKernels<object> {
  const kernel = fused[name] as unknown as Record<string, ((...args: unknown[]) => unknown) | undefined>;
  const watched = Object.fromEntries(
    ['accepts', 'run', 'runForGradient', 'vjp', 'open'].flatMap((method) => {
      if (kernel[method] === undefined) return [];
      const call = (...args: unknown[]): unknown => {
        if (method.startsWith('run')) count();
        return kernel[method]!(...args);
      };
      return [[method, call]];
    }),
  );
  return { ...fused, [name]: watched };
}
