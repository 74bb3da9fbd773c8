/** How backends are broken: the reference, with a kernel that does what a hasty author might have written. */
import { decorated, referenceBackend, type ReferenceBuffer, type Replacements } from '@recurra/conformance-tests';
import type { Backend, Operand, Shape } from '@recurra/core';
import type { Mutant } from './mutant.js';

export type Reference = Backend<ReferenceBuffer>;
export type X = Operand<ReferenceBuffer>;
export type BackendMutant = Mutant<() => Backend>;

export function broken(
  name: string,
  caughtBy: string,
  how: (backend: Reference) => Replacements<ReferenceBuffer>,
): BackendMutant {
  return {
    name,
    caughtBy,
    make() {
      const backend = referenceBackend();
      return decorated(backend, how(backend)) as unknown as Backend;
    },
    parts: Object.keys(how(referenceBackend())),
  };
}

/** The handle, with its numbers changed before anybody has seen it. */
export function changed(handle: ReferenceBuffer, f: (v: number, i: number) => number): ReferenceBuffer {
  handle.data.forEach((v, i) => {
    handle.data[i] = f(v, i);
  });
  return handle;
}

/** An operand with other numbers, for a kernel to read. */
export function reading(x: X, f: (v: number) => number): X {
  return { ...x, handle: { data: (x.handle.data as Float64Array).map(f) } };
}

/** An operand under another shape. */
export function as(x: X, shape: Shape): X {
  return { ...x, shape };
}
