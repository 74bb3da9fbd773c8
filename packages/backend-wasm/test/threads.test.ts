/** A team of threads: the bits of one thread, whatever their number; and one thread, with a reason, where there is none. */
import { BackendError, type Backend } from '@recurra/core';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { make } from '../src/backend.js';
import { bytesOf, start, supports } from '../src/engine.js';
import { wasm, type WasmBackend, type WasmOptions } from '../src/index.js';
import { heap, LIMIT } from '../src/memory.js';
import { space } from '../src/space.js';
import { makeBarrier } from '../src/threads/barrier.js';
import { withSharedMemory } from '../src/threads/shared-memory.js';
import { threadsHere } from '../src/threads/start.js';
import { back, configuration, cotangents, kernelOf, upload } from './configurations.js';

const always = (): boolean => true;
const opened: Backend[] = [];
const open = async (...given: Parameters<typeof make>) => {
  const backend = (await make(...given)) as Backend as Backend & Pick<WasmBackend, 'engine'>;
  opened.push(backend);
  return backend;
};
afterAll(() => opened.forEach((backend) => backend.dispose!()));
afterEach(() => vi.unstubAllGlobals());

// More threads than cores wait for each other in every step.
const counts = process.env['RECURRA_TESTS'] === 'whole' ? [2, 3, 5] : [2, 3];

describe.each(counts)('%i threads', async (threads) => {
  const one = await open({});
  const team = await open({ threads }, always);

  it('give the bits of one, there and back, over random configurations', () => {
    expect(team.engine).toEqual({ build: 'simd', threads });
    for (let seed = 1000; seed < 1050; seed++) {
      const c = configuration(seed);
      const given = cotangents(c, seed);
      expect(back(team, c, given), `seed ${seed}`).toEqual(back(one, c, given));
      const inputs = [one, team].map((backend) => c.inputs.map((x) => upload(backend, x)));
      const outputs = [one, team].map((backend, i) => kernelOf(backend, c.name).run(c.spec, inputs[i]!));
      const [expected, actual] = outputs.map((ys, i) => ys.map((y) => [one, team][i]!.readSync!(y)));
      expect(actual, `seed ${seed}`).toEqual(expected);
      [one, team].forEach((backend, i) => [...inputs[i]!, ...outputs[i]!].forEach((x) => x && backend.free(x.handle)));
    }
    expect(team.live!()).toBe(0);
  });

  it('give the bits of one in streams', () => {
    for (let seed = 1200; seed < 1220; seed++) {
      const c = configuration(seed, true);
      const spec = { ...c.spec, dims: { ...c.dims, time: 1 } };
      const [expected, actual] = [one, team].map((backend) => {
        const params = c.inputs.map((x, i) => (i === 0 ? null : upload(backend, x)));
        const session = kernelOf(backend, c.name).open(spec, params);
        const { batch, time, inputs, units } = c.dims;
        const out = new Float32Array(batch * units);
        const steps = Array.from({ length: time }, (_, t) => {
          session.step(c.inputs[0]!.data.slice(t, t + batch * inputs) as Float32Array, out);
          return out.slice();
        });
        session.close();
        for (const x of params) if (x) backend.free(x.handle);
        return steps;
      });
      expect(actual, `seed ${seed}`).toEqual(expected);
    }
  });

  it('see memory that grew after they began', () => {
    const c = configuration(1300);
    const given = cotangents(c, 0);
    const expected = back(one, c, given);
    const shape = [8, 1024, 1024];
    for (let round = 0; round < 3; round++) {
      expect(back(team, c, given)).toEqual(expected);
      team.fill(round, { shape, dtype: 'float32' });
    }
  });
});

describe('a team', () => {
  it('computes what is long enough for it, and nothing else', async () => {
    const { kernels, memory } = await start({ relaxed: false, threads: 1, source: undefined, maximum: LIMIT });
    const shared: unknown[] = [];
    const team = { threads: 2, run: (...call: unknown[]) => void shared.push(call), end: () => undefined };
    const recur = vi.fn<(call: number) => void>();
    const here = space({ ...kernels, recur }, heap(memory, kernels.heapBase(), LIMIT), team);
    // The LSTM of 128 units in 1,000 steps, in two of them, and one of 16 units in a million.
    here.run('recur', 1, 1000, 4 * 128 * 192);
    here.run('recur', 2, 2, 4 * 128 * 192);
    here.run('recur', 3, 1_000_000, 4 * 16 * 32);
    expect(shared).toEqual([['recur', 1]]);
    expect(recur.mock.calls).toEqual([[2], [3]]);
  });

  it('keeps no process alive, and ends with its backend', () => {
    const program = 'packages/backend-wasm/test/threads-exit.ts';
    const root = fileURLToPath(new URL('../../../', import.meta.url));
    const { stdout, stderr, status } = spawnSync(process.execPath, ['tools/run.mjs', program], {
      cwd: root,
      encoding: 'utf8',
      timeout: 30_000,
    });
    expect([stdout, stderr.includes('Error'), status]).toEqual(['{"build":"simd","threads":3}\n1 1\n', false, 0]);
  });

  it('computes on with one thread after another has failed', async () => {
    const { kernels, memory, team } = await start({ relaxed: false, threads: 2, source: undefined, maximum: LIMIT });
    const beyond = memory.buffer.byteLength - 4;
    let problem: unknown;
    try {
      team!.run('recur', beyond);
    } catch (error) {
      problem = error;
    }
    expect(problem).toBeInstanceOf(BackendError);
    expect(problem).toMatchObject({ code: 'BACKEND_FAILED' });
    expect(team!.threads).toBe(1);
    // All zeros: a call of no steps.
    const call = heap(memory, kernels.heapBase(), LIMIT).alloc(256);
    new Uint8Array(memory.buffer).fill(0, call, call + 256);
    team!.run('recur', call);
  });

  it('does not wait for a thread that has failed', () => {
    const words = new Int32Array(new SharedArrayBuffer(512));
    words[48] = 1;
    expect(makeBarrier(words, 2, true)).toThrow('a thread of the team has failed');
    words[0] = 0;
    expect(makeBarrier(words, 2, false)).toThrow('a thread of the team has failed');
  });
});

describe('without threads', () => {
  /** What it says, after it has computed something. */
  async function engineOf(options: WasmOptions): Promise<unknown> {
    const backend = await open(options, always);
    const one = await open({});
    const c = configuration(1400);
    expect(back(backend, c, cotangents(c, 1))).toEqual(back(one, c, cotangents(c, 1)));
    return backend.engine;
  }

  it('one computes, and says that the module was compiled already', async () => {
    const module = await WebAssembly.compile(bytesOf('simd'));
    expect(await engineOf({ threads: 2, module })).toEqual({
      build: 'simd',
      threads: 1,
      fallback: 'one thread: the module is compiled already; give its bytes or its URL',
    });
    expect(await engineOf({ threads: 2, module: bytesOf('simd') })).toEqual({ build: 'simd', threads: 2 });
  });

  it('one computes where memory cannot be shared', async () => {
    vi.stubGlobal('SharedArrayBuffer', undefined);
    const engine = (await engineOf({ threads: 2 })) as { fallback: string };
    expect(engine).toMatchObject({ threads: 1 });
    expect(engine.fallback).toMatch(/^one thread: SharedArrayBuffer/);
  });

  it('one computes where Node has no workers for it', async () => {
    vi.stubGlobal('process', { versions: process.versions });
    expect(await engineOf({ threads: 2 })).toMatchObject({
      threads: 1,
      fallback: 'one thread: threads need Node 20.16 or later',
    });
  });

  it.each([
    ['a worker that does not start', 'no room for a stack', 'error'],
    ['a worker that does not join', 'no memory there', 'message'],
  ])('one computes after %s', async (_, words, event) => {
    const ended = vi.fn<() => Promise<void>>();
    class Worker {
      on(heard: string, f: (what: unknown) => void): void {
        if (heard === event) queueMicrotask(() => f(event === 'error' ? new Error(words) : words));
      }
      unref(): void {}
      terminate = ended;
    }
    vi.stubGlobal('process', { versions: process.versions, getBuiltinModule: () => ({ Worker }) });
    expect(await engineOf({ threads: 3 })).toMatchObject({ threads: 1, fallback: `one thread: ${words}` });
  });

  it('a page says what it would need', () => {
    vi.stubGlobal('process', undefined);
    vi.stubGlobal('crossOriginIsolated', false);
    expect(threadsHere()).toMatch(/^threads need a page that is cross-origin isolated/);
    vi.stubGlobal('crossOriginIsolated', true);
    vi.stubGlobal('Worker', undefined);
    expect(threadsHere()).toBe('this engine has no workers');
  });

  it('joins its reasons', async () => {
    vi.stubGlobal('process', { versions: process.versions });
    const { engine } = await open({ relaxed: true, threads: 2 });
    const relaxed = supports('relaxed') ? '' : 'this engine has no relaxed SIMD; ';
    expect(engine.fallback).toBe(`${relaxed}one thread: threads need Node 20.16 or later`);
  });

  it('the number must be one', async () => {
    for (const threads of [0, 1.5, NaN, '2', -1]) {
      await expect(wasm({ threads: threads as number })).rejects.toThrow(
        /threads must be a whole number of at least 1/,
      );
    }
    await expect(wasm({ threads: 65 })).rejects.toThrow(/threads must be at most 64/);
  });
});

describe('withSharedMemory', () => {
  it('changes the import of a memory that has a maximum too', async () => {
    // (module (import "a" "b" (memory 1 200)) (import "a" "c" (func)))
    const type = [1, 4, 1, 96, 0, 0];
    const imports = [2, 14, 2, 1, 97, 1, 98, 2, 1, 1, 200, 1, 1, 97, 1, 99, 0, 0];
    imports[1] = imports.length - 2;
    const bytes = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, ...type, ...imports);
    const b = new WebAssembly.Memory({ initial: 1, maximum: 300, shared: true });
    const { instance } = await WebAssembly.instantiate(withSharedMemory(bytes), { a: { b, c: () => undefined } });
    expect(instance).toBeInstanceOf(WebAssembly.Instance);
  });

  it('changes the import of the memory and nothing else', async () => {
    const bytes = bytesOf('simd');
    const changed = withSharedMemory(bytes);
    const of = async (code: Uint8Array<ArrayBuffer>) => {
      const module = await WebAssembly.compile(code);
      return [WebAssembly.Module.imports(module), WebAssembly.Module.exports(module)];
    };
    expect(await of(changed)).toEqual(await of(bytes));
    expect(changed.length - bytes.length).toBe(3);
    const imports = (shared: boolean) => ({
      env: { memory: new WebAssembly.Memory({ initial: 2, maximum: 9, shared }), barrier: () => undefined },
    });
    await WebAssembly.instantiate(bytes, imports(false));
    await WebAssembly.instantiate(changed, imports(true));
    await expect(WebAssembly.instantiate(changed, imports(false))).rejects.toThrow(WebAssembly.LinkError);
    expect(() => withSharedMemory(bytes.subarray(0, 8))).toThrow('imports no memory');
  });
});
