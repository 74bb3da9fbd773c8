/** fromTf and toTf: the other side's tensor of the same data, without a copy, which goes when both have let go of it. */
import '@tensorflow/tfjs-backend-cpu';
import { add, grad, mul, sum, tensor, useBackend, type Tensor } from '@recurra/core';
import * as tf from '@tensorflow/tfjs-core';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { fromTf, tfjs, toTf } from '../src/index.js';
import type { Tf } from './support.js';

let on: Tf;
const engine = (): MathBackendCPU => tf.findBackend('cpu') as MathBackendCPU;
const buffers = (): number => engine().numDataIds();
const counts = (): number[] => [tf.memory().numTensors, tf.memory().numDataBuffers, buffers(), on.live!()];

beforeAll(async () => {
  tf.enableProdMode();
  tf.registerBackend('other', () => new MathBackendCPU());
  tf.copyRegisteredKernels('cpu', 'other');
  await tf.setBackend('cpu');
  on = (await useBackend(tfjs({ engine: 'cpu' }))) as Tf;
});

describe('fromTf', () => {
  it('is the same data, in no new buffer and no new tensor of tfjs', async () => {
    const before = counts();
    const theirs = tf.tensor2d([0.5, -1, 2, 3.25, 0, -7], [2, 3]);
    const made = counts();
    const write = vi.spyOn(engine(), 'write');
    const read = [vi.spyOn(engine(), 'read'), vi.spyOn(engine(), 'readSync')] as const;
    const ours = fromTf(theirs);
    // The place of the data, not what is in it.
    expect(write.mock.calls.filter(([values]) => values !== null && (values as ArrayLike<number>).length > 1)).toEqual(
      [],
    );
    for (const spy of read) expect(spy).not.toHaveBeenCalled();
    write.mockRestore();
    for (const spy of read) spy.mockRestore();
    expect(counts()).toEqual([made[0], made[1], made[2], made[3]! + 1]);
    expect([ours.shape, ours.dtype]).toEqual([[2, 3], 'float32']);
    expect(Array.from(await ours.data())).toEqual([0.5, -1, 2, 3.25, 0, -7]);
    ours.dispose();
    theirs.dispose();
    expect(counts()).toEqual(before);
  });

  it.each([
    ['int32', [3, -4, 70000]],
    ['bool', [1, 0, 1]],
  ] as const)('takes %s', (dtype, values) => {
    const theirs = tf.tensor1d([...values], dtype);
    const ours = fromTf(theirs);
    expect([ours.dtype, Array.from(ours.dataSync())]).toEqual([dtype, values]);
    tf.dispose(theirs);
    ours.dispose();
  });

  it('may be let go by either side first', () => {
    const before = counts();
    for (const oursFirst of [true, false]) {
      const theirs = tf.tensor1d([1.5, 2.5, -3]);
      const ours = fromTf(theirs);
      if (oursFirst) {
        ours.dispose();
        expect(Array.from(theirs.dataSync())).toEqual([1.5, 2.5, -3]);
        theirs.dispose();
      } else {
        theirs.dispose();
        expect(Array.from(ours.dataSync())).toEqual([1.5, 2.5, -3]);
        ours.dispose();
      }
      expect(counts()).toEqual(before);
    }
  });

  it('outlives the tidy that its source dies in', () => {
    const before = counts();
    const kept: Tensor[] = [];
    tf.tidy(() => {
      kept.push(fromTf(tf.square(tf.tensor1d([3, -5, 0.5]))));
    });
    expect(Array.from(kept[0]!.dataSync())).toEqual([9, 25, 0.25]);
    kept[0]!.dispose();
    expect(counts()).toEqual(before);
  });

  it('is a constant of gradients, and an input of them', () => {
    const theirs = tf.tensor1d([2, -3, 0.5]);
    using c = fromTf(theirs) as Tensor<'float32'>;
    using x = fromTf(theirs) as Tensor<'float32'>;
    using slope = grad((at: Tensor<'float32'>) => sum(mul(mul(at, at), c)))(x);
    // d Σ x²·c / dx = 2·x·c, and c = x here.
    expect(Array.from(slope.dataSync())).toEqual([8, 18, 0.5]);
    theirs.dispose();
  });

  it('refuses data of another engine', async () => {
    await tf.setBackend('other');
    const theirs = tf.tensor1d([1, 2]);
    expect(() => fromTf(theirs)).toThrow(expect.objectContaining({ code: 'BACKEND_MIXED' }) as Error);
    theirs.dispose();
    await tf.setBackend('cpu');
  });
});

describe('toTf', () => {
  it('is the same data, in no new buffer', () => {
    const before = counts();
    const ours = tensor([[0.25, -2], [8, 1e-3], [5, 6]]); // prettier-ignore
    const made = counts();
    const write = vi.spyOn(engine(), 'write');
    const theirs = toTf(ours);
    expect(write).not.toHaveBeenCalled();
    write.mockRestore();
    expect(buffers()).toBe(made[2]);
    expect(tf.memory().numTensors).toBe(made[0]! + 1);
    expect([theirs.shape, theirs.dtype]).toEqual([[3, 2], 'float32']);
    expect(Array.from(theirs.dataSync())).toEqual(Array.from(ours.dataSync()));
    theirs.dispose();
    // What tfjs has seen of our data it counts until they go.
    expect(counts()).toEqual([made[0], made[1]! + 1, made[2], made[3]]);
    ours.dispose();
    expect(counts()).toEqual(before);
  });

  it('may be let go by either side first, and there and back is the same buffer still', () => {
    const before = counts();
    const ours = tensor([1.5, 2.5, -3]);
    const theirs = toTf(ours);
    const again = fromTf(theirs);
    expect(buffers()).toBe(before[2]! + 1);
    ours.dispose();
    expect(Array.from(tf.tidy(() => tf.neg(theirs).dataSync()))).toEqual([-1.5, -2.5, 3]);
    theirs.dispose();
    const twice = add(again, again);
    expect(Array.from(twice.dataSync())).toEqual([3, 5, -6]);
    twice.dispose();
    again.dispose();
    expect(counts()).toEqual(before);
  });

  it("is the tidy's that it was made in", () => {
    const before = counts();
    const ours = tensor([4, 9, 16]);
    const root = tf.tidy(() => tf.sqrt(toTf(ours)));
    expect(Array.from(root.dataSync())).toEqual([2, 3, 4]);
    root.dispose();
    expect(tf.memory().numTensors).toBe(before[0]);
    expect(Array.from(ours.dataSync())).toEqual([4, 9, 16]);
    ours.dispose();
    expect(counts()).toEqual(before);
  });

  it('works while the application is on another engine', async () => {
    await tf.setBackend('other');
    const ours = tensor([7, -1]);
    const theirs = toTf(ours);
    expect(tf.getBackend()).toBe('other');
    expect(Array.from(theirs.dataSync())).toEqual([7, -1]);
    theirs.dispose();
    expect(Array.from(ours.dataSync())).toEqual([7, -1]);
    ours.dispose();
    await tf.setBackend('cpu');
  });
});
