/** The contract's kernels over one linear memory. */
import { ArgumentError, checkedCount, checkedFlag, checkOptions } from '@recurra/core';
import type { Backend } from '@recurra/core';
import { shiftOf, type WasmBuffer } from './buffer.js';
import { start, type EngineInfo, type KernelSource } from './engine.js';
import { fusedKernels } from './fused/index.js';
import { binary, compare, unary, where } from './kernels/elementwise.js';
import { matmul } from './kernels/matmul.js';
import { cast, concat, fill, gather, slice, transpose } from './kernels/movement.js';
import { argReduce, reduce, scatterAdd } from './kernels/reduce.js';
import { heap, LIMIT } from './memory.js';
import { space } from './space.js';

/** Options of `wasm`. */
export interface WasmOptions {
  /** Whether whole recurrences, softmax and attention run in one call. Default true; false composes them from ops. */
  readonly fused?: boolean;
  /**
   * Fused multiply-add where the engine has it: faster, and other bits on other machines. Where it has not, the default
   * build runs, and `backend.engine.fallback` says so. Default false.
   */
  readonly relaxed?: boolean;
  /**
   * Threads that compute a long call of a recurrence together, the calling one among them: the same bits, sooner. Where
   * there are none, one computes, and `backend.engine.fallback` says why. Default 1.
   */
  readonly threads?: number;
  readonly memory?: {
    /** Bytes that linear memory may grow to. Default 4 GiB, all that 32-bit offsets reach. */
    readonly maximum?: number;
  };
  /**
   * The module in place of the embedded one: for a content security policy under which only `.wasm` files of the page's
   * own may be compiled. `@recurra/backend-wasm/simd.wasm` or `relaxed.wasm`, as a URL, its bytes, or compiled.
   */
  readonly module?: KernelSource;
}

/** A backend that also says which build of its kernels runs. */
export interface WasmBackend extends Backend<WasmBuffer> {
  readonly engine: EngineInfo;
}

/** Beyond this they only wait for each other. */
const MOST_THREADS = 64;

/** @param shares whether threads share a call of these steps of this many multiplications; the default is measured */
export async function make(
  options: WasmOptions,
  shares?: (steps: number, work: number) => boolean,
): Promise<WasmBackend> {
  checkOptions('wasm', options, ['fused', 'relaxed', 'threads', 'memory', 'module']);
  const fused = checkedFlag('wasm', 'fused', options.fused ?? true);
  const relaxed = checkedFlag('wasm', 'relaxed', options.relaxed ?? false);
  const threads = checkedCount('wasm', 'threads', options.threads ?? 1, '2, and 1 for the calling thread alone');
  if (threads > MOST_THREADS) {
    const hint = 'as many as there are idle cores';
    throw new ArgumentError('wasm', `threads must be at most ${MOST_THREADS}`, { threads }, hint);
  }
  checkOptions('wasm', options.memory ?? {}, ['maximum']);
  const maximum = checkedCount('wasm', 'maximum', options.memory?.maximum ?? LIMIT, 'bytes: 256 * 2 ** 20');
  const { module } = options;
  if (module !== undefined && !isSource(module)) {
    const hint = "new URL('simd.wasm', import.meta.url)";
    throw new ArgumentError('wasm', 'module must be a URL, bytes or a WebAssembly.Module', { module }, hint);
  }
  const wanted = { relaxed, threads, source: module, maximum: Math.min(maximum, LIMIT) };
  const { kernels, memory, team, ...engine } = await start(wanted);
  const here = space(kernels, heap(memory, kernels.heapBase(), wanted.maximum), team, shares);
  const { heap: all } = here;
  const copyOut = ({ handle: { offset, size }, dtype }: Parameters<Backend<WasmBuffer>['read']>[0]) => {
    if (dtype === 'bool') return all.bytes.slice(offset, offset + size);
    const words = dtype === 'int32' ? all.ints : all.floats;
    return words.slice(offset / 4, offset / 4 + size);
  };
  return {
    name: 'wasm',
    precision: 32,
    engine,
    ...(fused && { fused: fusedKernels(here) }),
    upload(data, out) {
      const buffer = here.make(out);
      const target = out.dtype === 'bool' ? all.bytes : out.dtype === 'int32' ? all.ints : all.floats;
      target.set(data, buffer.offset / (1 << shiftOf(out.dtype)));
      return buffer;
    },
    read: async (x) => copyOut(x),
    readSync: copyOut,
    free: (handle) => here.free(handle),
    live: () => here.live,
    dispose() {
      here.clear();
      team?.end();
    },

    fill: (value, out) => fill(here, value, out),
    cast: (x, out) => cast(here, x, out),
    unary: (op, x, out) => unary(here, op, x, out),
    binary: (op, a, b, out) => binary(here, op, a, b, out),
    compare: (op, a, b, out) => compare(here, op, a, b, out),
    where: (cond, a, b, out) => where(here, cond, a, b, out),
    reduce: (op, x, axes, out) => reduce(here, op, x, axes, out),
    argReduce: (op, x, axis, out) => argReduce(here, op, x, axis, out),
    matmul: (a, b, how, out) => matmul(here, a, b, how, out),
    transpose: (x, perm, out) => transpose(here, x, perm, out),
    slice: (x, begin, strides, out) => slice(here, x, begin, strides, out),
    concat: (xs, axis, out) => concat(here, xs, axis, out),
    gather: (x, indices, axis, out) => gather(here, x, indices, axis, out),
    scatterAdd: (updates, indices, axis, out) => scatterAdd(here, updates, indices, axis, out),
  };
}

function isSource(module: unknown): module is KernelSource {
  return [WebAssembly.Module, ArrayBuffer, Uint8Array, URL].some((kind) => module instanceof kind);
}
