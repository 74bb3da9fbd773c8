/** An application's own use of tfjs is as it was: engine, tidy, tape, tensors and what tfjs counts. */
import * as tf from '@tensorflow/tfjs-core';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { tfjs, type TfHandle } from '../src/index.js';
import { everyKernel } from './every-kernel.js';
import { float, put, take, type Tf } from './support.js';

const counts = (): number[] => {
  const { numTensors, numBytes, numDataBuffers } = tf.engine().memory();
  return [numTensors, numBytes, numDataBuffers, tf.findBackend('cpu').numDataIds()];
};

// Runs first, while nobody has chosen an engine.
describe('an application that has chosen no engine', () => {
  it('still has not', async () => {
    const on = await tfjs();
    expect(on.name).toBe('tfjs cpu');
    everyKernel(on);
    const x = put(on, [2], [1, 2]);
    await on.read(x);
    on.free(x.handle);
    expect(tf.getBackend()).toBeUndefined();
  });
});

describe('an application', () => {
  let on: Tf;
  beforeAll(async () => {
    tf.registerBackend('theirs', () => new MathBackendCPU());
    tf.copyRegisteredKernels('cpu', 'theirs');
    on = await tfjs({ engine: 'cpu' });
  });
  afterEach(async () => void (await tf.setBackend('cpu')));

  it('on the same engine gets every buffer and count back', async () => {
    await tf.setBackend('cpu');
    const before = counts();
    everyKernel(on);
    expect(counts()).toEqual(before);
  });

  it('on another engine keeps it, and we keep ours', async () => {
    await tf.setBackend('theirs');
    const theirs = tf.tensor1d([1, 2, 3]);
    const before = tf.findBackend('theirs').numDataIds();
    const ours = tf.findBackend('cpu').numDataIds();
    everyKernel(on);
    const x = put(on, [3], [1, 2, 3]);
    const y = on.unary('abs', x, x);
    expect(tf.getBackend()).toBe('theirs');
    expect(tf.findBackend('theirs').numDataIds()).toBe(before);
    expect(tf.findBackend('cpu').numDataIds()).toBe(ours + 2);
    expect(take(on, y, x)).toEqual([1, 2, 3]);
    on.free(x.handle);
    expect(Array.from(tf.square(theirs).dataSync())).toEqual([1, 4, 9]);
    theirs.dispose();
  });

  it('finds its tidy as it was, and takes none of ours', () => {
    const before = counts();
    const x = put(on, [2], [-3, 4]);
    // abs is one of the kernels whose result tfjs itself counts.
    const inner = tf.tidy(() => {
      tf.add(tf.scalar(1), tf.scalar(2));
      everyKernel(on);
      const made = [on.unary('abs', x, x), on.binary('add', x, x, x)] as const;
      // Hidden in a function, as tidy spares every tensor it finds in a result.
      return { made: () => made } as unknown as tf.TensorContainerObject;
    }) as unknown as { made(): readonly [TfHandle, TfHandle] };
    const [abs, sum] = inner.made();
    expect(take(on, abs, x)).toEqual([3, 4]);
    expect(take(on, sum, x)).toEqual([-6, 8]);
    on.free(x.handle);
    expect(counts()).toEqual(before);
  });

  it('finds its tape as it was', () => {
    tf.registerGradient({
      kernelName: 'Square',
      inputsToSave: ['x'],
      gradFunc: (dy, [x]) => ({ x: () => tf.mul(dy as tf.Tensor, tf.mul(x!, 2)) }),
    });
    const before = counts();
    const input = tf.scalar(3);
    const recorded = (): number => (tf.engine().state as unknown as { activeTape: unknown[] }).activeTape.length;
    const { value, grad } = tf.valueAndGrad((x) => {
      const y = tf.square(x);
      const nodes = recorded();
      everyKernel(on);
      expect(nodes).toBeGreaterThan(0);
      expect(recorded()).toBe(nodes);
      return y;
    })(input);
    expect([value.dataSync()[0], grad.dataSync()[0]]).toEqual([9, 6]);
    tf.dispose([input, value, grad]);
    expect(counts()).toEqual(before);
    tf.unregisterGradient('Square');
  });

  it('may be waiting for an engine to start', async () => {
    let start = (): void => {};
    const started = new Promise<void>((resolve) => (start = resolve));
    tf.registerBackend('slow', async () => {
      await started;
      return new MathBackendCPU();
    });
    tf.copyRegisteredKernels('cpu', 'slow');
    const chosen = tf.setBackend('slow');
    expect(() => tf.scalar(1)).toThrow('not yet been initialized');
    everyKernel(on);
    start();
    expect(await chosen).toBe(true);
    expect(tf.getBackend()).toBe('slow');
  });

  it('may dispose of all it has', () => {
    const x = put(on, [2], [1, 2]);
    const y = on.unary('abs', x, x);
    tf.disposeVariables();
    expect(take(on, y, x)).toEqual([1, 2]);
    on.free(x.handle);
  });
});

describe('a call that fails', () => {
  it('frees what it had made', async () => {
    tf.registerBackend('webgl', () => new MathBackendCPU());
    tf.copyRegisteredKernels('cpu', 'webgl');
    tf.unregisterKernel('Select', 'webgl');
    const on = await tfjs({ engine: 'webgl' });
    const cpu = await tfjs({ engine: 'cpu' });
    const x = put(on, [2], [1, 2]);
    const before = tf.findBackend('webgl').numDataIds();
    expect(() => on.unary('sign', x, x)).toThrow('no kernel Select');
    expect(tf.findBackend('webgl').numDataIds()).toBe(before);
    expect(on.live!()).toBe(1);
    expect(cpu.live!()).toBe(0);
  });
});

describe('handles', () => {
  it('do not follow the array they came from, nor the one they are read into', async () => {
    const on = await tfjs({ engine: 'cpu' });
    const host = Float32Array.of(1, 2, 3);
    const x = { handle: on.upload(host.subarray(1), float([2])), ...float([2]) };
    host.fill(9);
    const first = on.readSync!(x);
    first.fill(8);
    ((await on.read(x)) as Float32Array).fill(7);
    expect(take(on, x.handle, x)).toEqual([2, 3]);
  });

  it('go when the backend is disposed, and freeing them after that does nothing', async () => {
    const on = await tfjs({ engine: 'cpu' });
    const before = counts();
    const x = put(on, [2], [1, 2]);
    on.unary('abs', x, x);
    expect(on.live!()).toBe(2);
    on.dispose!();
    expect(on.live!()).toBe(0);
    on.free(x.handle);
    expect(counts()).toEqual(before);
  });
});
