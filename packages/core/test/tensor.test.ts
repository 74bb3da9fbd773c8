/** Making, reading, sharing and freeing tensors. */
import { runInNewContext } from 'node:vm';
import { referenceBackend } from '@recurra/conformance-tests';
import { cpu } from '@recurra/backend-cpu';
import {
  concat,
  full,
  isTensor,
  ones,
  RecurraError,
  reshape,
  sum,
  tensor,
  transfer,
  transpose,
  useBackend,
  zeros,
  type Backend,
} from '@recurra/core';
import { inspect } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';

let backend: Backend;
beforeEach(async () => {
  backend = await useBackend(cpu());
});

const codeOf = (f: () => unknown): string => {
  try {
    f();
  } catch (error) {
    return error instanceof RecurraError ? error.code : `not ours: ${String(error)}`;
  }
  return 'nothing thrown';
};

describe('tensor', () => {
  it('reads shape and dtype off nested data', () => {
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect([x.shape, x.dtype, x.rank, x.size]).toEqual([[2, 3], 'float32', 2, 6]);
    expect(tensor([true, false]).dtype).toBe('bool');
    expect(tensor(new Int32Array([1, 2])).dtype).toBe('int32');
    expect(tensor(3).shape).toEqual([]);
    expect(tensor([[], []]).shape).toEqual([2, 0]);
  });

  it('gives back what went in, typed by dtype, in a fresh array', async () => {
    const host = new Float32Array([1, -0, NaN, Infinity]);
    const x = tensor(host);
    host[0] = 99;
    const first = await x.data();
    expect(first).toEqual(new Float32Array([1, -0, NaN, Infinity]));
    first[0] = 98;
    expect(x.dataSync()[0]).toBe(1);
    expect(tensor([1, 0, 1], undefined, { dtype: 'bool' }).dataSync()).toEqual(new Uint8Array([1, 0, 1]));
    expect(tensor([1, 2, -3], undefined, { dtype: 'int32' }).dataSync()).toEqual(new Int32Array([1, 2, -3]));
  });

  it('narrows data() and not raw() at precision 64', async () => {
    const x = tensor([0.1], undefined, { backend: referenceBackend() });
    expect(await x.data()).toEqual(new Float32Array([0.1]));
    expect(await x.raw()).toEqual(new Float64Array([0.1]));
  });

  it('refuses what it cannot hold', () => {
    expect(codeOf(() => tensor([[1, 2], [3]]))).toBe('SHAPE');
    expect(codeOf(() => tensor([1, 2, 3], [2, 2]))).toBe('SHAPE');
    expect(codeOf(() => tensor([1], [-1]))).toBe('SHAPE');
    expect(codeOf(() => tensor([1], [1.5]))).toBe('SHAPE');
    expect(codeOf(() => tensor(['1'] as never))).toBe('ARGUMENT');
    expect(codeOf(() => tensor(undefined as never))).toBe('ARGUMENT');
    expect(codeOf(() => tensor(new Uint8Array(2)))).toBe('DTYPE');
    expect(codeOf(() => tensor([1.5], undefined, { dtype: 'int32' }))).toBe('DTYPE');
    expect(codeOf(() => tensor([2 ** 40], undefined, { dtype: 'int32' }))).toBe('DTYPE');
    expect(codeOf(() => tensor([2], undefined, { dtype: 'bool' }))).toBe('DTYPE');
    expect(codeOf(() => tensor([1], undefined, { dtype: 'float16' } as never))).toBe('DTYPE');
    expect(codeOf(() => full([2], NaN, { dtype: 'int32' }))).toBe('DTYPE');
    expect(backend.live!()).toBe(0);
  });

  it('fills', () => {
    expect([...zeros([2]).dataSync(), ...ones([2]).dataSync(), ...full([1], 0.5).dataSync()]).toEqual([
      0, 0, 1, 1, 0.5,
    ]);
    expect(full([], 7, { dtype: 'int32' }).dataSync()).toEqual(new Int32Array([7]));
  });

  it('frees its buffer when the last share goes', () => {
    const x = tensor([1, 2, 3, 4]);
    const y = reshape(x, [2, 2]);
    expect(backend.live!()).toBe(1);
    x.dispose();
    x.dispose();
    expect([x.disposed, backend.live!()]).toEqual([true, 1]);
    expect([...y.dataSync()]).toEqual([1, 2, 3, 4]);
    y[Symbol.dispose]();
    expect(backend.live!()).toBe(0);
    expect(codeOf(() => x.dataSync())).toBe('DISPOSED');
    expect(codeOf(() => reshape(y, [4]))).toBe('DISPOSED');
  });

  it('moves between backends', async () => {
    const other = referenceBackend();
    const x = tensor([[1, 2]]);
    const y = await transfer(x, other);
    expect([y.backend, y.shape, [...(await y.raw())]]).toEqual([other, [1, 2], [1, 2]]);
    const [ints, bools] = [tensor(Int32Array.of(-3, 7)), tensor([true, false])];
    const moved = [await transfer(ints, other), await transfer(bools, other)] as const;
    expect(moved.map(({ dtype }) => dtype)).toEqual(['int32', 'bool']);
    expect([...(await moved[0].raw()), ...(await moved[1].raw())]).toEqual([-3, 7, 1, 0]);
  });

  it('is made from typed arrays of any realm, and of no proxy', () => {
    const foreign = (code: string): Float32Array => runInNewContext(code) as Float32Array;
    const made = [
      tensor(foreign('Float32Array.of(0.5, 2)')),
      tensor(foreign('Float64Array.of(0.5, 2)')),
      tensor(foreign('Int32Array.of(5, 2)')),
      tensor(foreign('Uint8Array.of(1, 0)'), [2], { dtype: 'bool' }),
    ];
    expect(made.map((x) => [x.dtype, ...x.dataSync()])).toEqual([
      ['float32', 0.5, 2],
      ['float32', 0.5, 2],
      ['int32', 5, 2],
      ['bool', 1, 0],
    ]);
    expect(codeOf(() => tensor(foreign('Uint8Array.of(1)')))).toBe('DTYPE');
    expect(codeOf(() => tensor(new Proxy(Float32Array.of(1), {})))).toBe('ARGUMENT');
    for (const Big of [BigInt64Array, BigUint64Array])
      expect(codeOf(() => tensor(new Big(0) as never, [0], { dtype: 'float32' }))).toBe('DTYPE');
  });

  it('says so when a device cannot block', () => {
    const { readSync: _, ...asyncOnly } = Object.assign(Object.create(backend) as Backend, backend);
    const x = tensor([1], undefined, { backend: asyncOnly as Backend });
    expect(codeOf(() => x.dataSync())).toBe('BACKEND_ASYNC_ONLY');
  });

  it('shows in the console what it is, and not what it hides', () => {
    const x = tensor([[1, 2]]);
    expect(inspect({ x })).toBe('{ x: Tensor float32 [1, 2] on cpu }');
    x.dispose();
    expect(inspect(x)).toBe('Tensor float32 [1, 2] on cpu, disposed');
  });

  it('does not lose its numbers in JSON, silently', () => {
    const params = { kernel: tensor([[1, 2]]) };
    expect(codeOf(() => JSON.stringify(params))).toBe('UNREAD');
    expect(codeOf(() => JSON.stringify([params.kernel]))).toBe('UNREAD');
  });

  it('keeps its shape', () => {
    const shape = [2, 1];
    const x = tensor([1, 2], shape);
    shape[0] = 7;
    expect(x.shape).toEqual([2, 1]);
    for (const y of [x, reshape(x, [1, 2]), transpose(x), sum(x, { axis: 0 }), concat([x, x], 1), full([3], 1)]) {
      expect(() => (y.shape as number[]).push(1)).toThrow(TypeError);
    }
  });

  it('is told from a proxy of itself, as reactive frameworks make them', () => {
    const x = tensor([1, 2]);
    const proxy = new Proxy(x, {});
    expect(isTensor(proxy)).toBe(false);
    expect(codeOf(() => reshape(proxy, [2, 1]))).toBe('FOREIGN_TENSOR');
  });
});
