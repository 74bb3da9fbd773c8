/** Which engine is opened, and what is said when it cannot be. */
import { ArgumentError, BackendError } from '@recurra/core';
import * as tf from '@tensorflow/tfjs-core';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { tfjs, type EngineName } from '../src/index.js';
import { put, take } from './support.js';

/** Registers a stand-in that computes as the cpu engine does. */
function register(name: string, factory: () => tf.KernelBackend | Promise<tf.KernelBackend>): void {
  tf.registerBackend(name, factory);
  tf.copyRegisteredKernels('cpu', name);
}

async function failure(run: () => Promise<unknown>): Promise<unknown> {
  try {
    await run();
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}

describe('tfjs', () => {
  beforeEach(() => {
    for (const name of tf.engine().backendNames()) {
      if (name === 'cpu') continue;
      tf.getKernelsForBackend(name).forEach(({ kernelName }) => tf.unregisterKernel(kernelName, name));
      tf.removeBackend(name);
    }
  });

  it.each(['wasm', 'webgl', 'webgpu'] as const)('names the package of %s when it is not registered', async (engine) => {
    const error = await failure(() => tfjs({ engine }));
    expect(error).toBeInstanceOf(BackendError);
    expect(error).toMatchObject({
      code: 'BACKEND_UNKNOWN',
      hint: expect.stringContaining(`@tensorflow/tfjs-backend-${engine}'`) as string,
    });
    expect((error as BackendError).facts).toEqual({ engine, registered: ['cpu'] });
  });

  it('names the engines when it knows no such one', async () => {
    for (const engine of ['gpu', 'constructor'] as unknown as EngineName[]) {
      expect(await failure(() => tfjs({ engine }))).toMatchObject({
        code: 'BACKEND_UNKNOWN',
        hint: expect.stringContaining('cpu, wasm, webgl, webgpu') as string,
      });
    }
  });

  it('refuses an option it does not know', async () => {
    expect(await failure(() => tfjs({ engin: 'cpu' } as object))).toBeInstanceOf(ArgumentError);
  });

  it('says when the engine does not start', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    register('webgl', () => {
      throw new Error('no context');
    });
    register('webgpu', () => Promise.reject(new Error('no adapter')));
    for (const engine of ['webgl', 'webgpu'] as const) {
      expect(await failure(() => tfjs({ engine }))).toMatchObject({ code: 'BACKEND', name: 'BackendError' });
    }
    warn.mockRestore();
  });

  it('takes the engine that the application has chosen, by default', async () => {
    register('webgl', () => new MathBackendCPU());
    await tf.setBackend('webgl');
    expect((await tfjs()).name).toBe('tfjs webgl');
    await tf.setBackend('cpu');
    expect((await tfjs()).name).toBe('tfjs cpu');
  });

  it('waits for an engine that takes its time, once, however many ask', async () => {
    let starts = 0;
    register('webgpu', async () => {
      starts++;
      await new Promise((resolve) => setTimeout(resolve, 5));
      return new MathBackendCPU();
    });
    const [first, second] = await Promise.all([tfjs({ engine: 'webgpu' }), tfjs({ engine: 'webgpu' })]);
    expect(starts).toBe(1);
    expect([first.name, second.name]).toEqual(['tfjs webgpu', 'tfjs webgpu']);
    expect(tf.getBackend()).toBe('cpu');
  });

  it('joins an application that is starting the engine itself', async () => {
    let starts = 0;
    register('webgpu', async () => {
      starts++;
      await new Promise((resolve) => setTimeout(resolve, 5));
      return new MathBackendCPU();
    });
    const [chosen, on] = await Promise.all([tf.setBackend('webgpu'), tfjs({ engine: 'webgpu' })]);
    expect([chosen, starts, on.name]).toEqual([true, 1, 'tfjs webgpu']);
  });

  it('sets the kernels up, which some engines need', async () => {
    register('webgl', () => new MathBackendCPU());
    const { kernelFunc } = tf.getKernel('Sin', 'cpu');
    let ready: unknown;
    tf.unregisterKernel('Sin', 'webgl');
    tf.registerKernel({
      kernelName: 'Sin',
      backendName: 'webgl',
      kernelFunc,
      setupFunc: (backend) => (ready = backend),
    });
    await tfjs({ engine: 'webgl' });
    expect(ready).toBe(tf.findBackend('webgl'));
  });

  it('blocks on engines that can, and takes the precision from the engine', async () => {
    register('webgpu', () => {
      class Half extends MathBackendCPU {
        override floatPrecision(): 16 {
          return 16;
        }
        // What tells WebGPU, which cannot block, from the others.
        runWebGPUProgram(): void {}
      }
      return new Half() as unknown as tf.KernelBackend;
    });
    const [cpu, gpu] = [await tfjs({ engine: 'cpu' }), await tfjs({ engine: 'webgpu' })];
    expect([cpu.precision, gpu.precision]).toEqual([32, 16]);
    expect(cpu.readSync).toBeTypeOf('function');
    expect('readSync' in gpu).toBe(false);
    const x = put(gpu, [2], [1, 2]);
    expect(Array.from((await gpu.read(x)) as Float32Array)).toEqual([1, 2]);
  });

  // Only the wasm engine passes over NaN; the composition in its place is the same everywhere.
  it('hands NaN on in maximum and minimum where the engine does not', async () => {
    register('wasm', () => new MathBackendCPU());
    for (const [name, f] of [
      ['Maximum', (p: number, q: number) => (p > q ? p : q)],
      ['Minimum', (p: number, q: number) => (p < q ? p : q)],
    ] as const) {
      tf.unregisterKernel(name, 'wasm');
      tf.registerKernel({
        kernelName: name,
        backendName: 'wasm',
        kernelFunc: ({ inputs: { a, b }, backend }) => {
          const on = backend as MathBackendCPU;
          const [p, q] = [on.readSync(a!.dataId), on.readSync(b!.dataId)] as Float32Array[];
          return on.makeTensorInfo(
            a!.shape,
            a!.dtype,
            p!.map((v, i) => f(v, q![i % q!.length]!)),
          );
        },
      });
    }
    const on = await tfjs({ engine: 'wasm' });
    const a = put(on, [2, 3], [NaN, 1, 5, 2, NaN, -Infinity]);
    const b = put(on, [3], [1, NaN, 3]);
    expect(take(on, on.binary('maximum', a, b, a), a)).toEqual([NaN, NaN, 5, 2, NaN, 3]);
    expect(take(on, on.binary('minimum', a, b, a), a)).toEqual([NaN, NaN, 3, 1, NaN, -Infinity]);
  });
});
