/** Decorators keep what they do not change: methods stay bound, classes work. */
import {
  decorated,
  delayedRead,
  referenceBackend,
  runSuite,
  withoutFused,
  type ReferenceBuffer,
} from '@recurra/conformance-tests';
import type { Backend, HostArray, Operand, Spec } from '@recurra/core';
import { expect, it } from 'vitest';
import { withNaiveFused } from './naive-fused.js';

const x = { shape: [2], dtype: 'float32' } as const satisfies Spec;

/** A backend with a private field: a method without its `this` throws. */
class Counting {
  readonly name = 'counting';
  readonly precision = 64;
  readonly #inner = referenceBackend();
  upload(data: HostArray, spec: Spec): ReferenceBuffer {
    return this.#inner.upload(data, spec);
  }
  async read(operand: Operand<ReferenceBuffer>): Promise<HostArray> {
    return this.#inner.read(operand);
  }
  readSync(operand: Operand<ReferenceBuffer>): HostArray {
    return this.#inner.readSync!(operand);
  }
  free(handle: ReferenceBuffer): void {
    this.#inner.free(handle);
  }
  live(): number {
    return this.#inner.live!();
  }
  fill(value: number, out: Spec): ReferenceBuffer {
    return this.#inner.fill(value, out);
  }
}
const counting = (): Backend<ReferenceBuffer> => new Counting() as unknown as Backend<ReferenceBuffer>;

it.each([
  ['decorated', decorated],
  ['withoutFused', withoutFused],
  ['delayedRead', delayedRead],
])('%s keeps the methods of a class', async (_, decorate) => {
  const { upload, read, free, live, fill } = decorate(counting()) as unknown as Counting;
  const handle = upload(Float64Array.of(3, 4), x);
  expect(await read({ ...x, handle })).toEqual(Float64Array.of(3, 4));
  const other = fill(7, x);
  expect(live()).toBe(2);
  free(handle);
  free(other);
  expect(live()).toBe(0);
});

it('withoutFused takes away what is fused, and nothing else', () => {
  const backend = withNaiveFused();
  expect(backend.fused?.lstm).toBeDefined();
  expect('fused' in withoutFused(backend)).toBe(false);
  expect(withoutFused(backend).readSync).toBeDefined();
});

it('delayedRead cannot block, and answers after other work', async () => {
  const backend = delayedRead(counting());
  expect('readSync' in backend).toBe(false);
  const order: string[] = [];
  const handle = backend.upload(Float64Array.of(1, 2), x);
  const reading = backend.read({ ...x, handle }).then(() => order.push('read'));
  await Promise.resolve().then(() => order.push('other work'));
  await reading;
  expect(order).toEqual(['other work', 'read']);
});

it('the suite runs around a class and across decorators', async () => {
  const report = await runSuite(referenceBackend, {
    only: 'storage',
    decorate: (backend) => delayedRead(withoutFused(backend)),
  });
  expect(report.ok).toBe(true);
  expect(report.results.find(({ id }) => id === 'storage/read-sync')).toMatchObject({ status: 'skipped' });
});
