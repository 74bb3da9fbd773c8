/** The modules: which one this engine can run, and an instance of it over a memory that the host makes. */
import { BackendError } from '@recurra/core';
import { packed, sizes, type WasmKernels } from './generated/kernels.js';
import { inflate } from './inflate.js';
import { withSharedMemory } from './threads/shared-memory.js';
import { threadsHere } from './threads/start.js';
import { meeting, team, type Team } from './threads/team.js';

/** The two builds of one source: the same bits everywhere, or fused multiply-add where the engine has it. */
export type Build = 'simd' | 'relaxed';

/** What runs, and why. */
export interface EngineInfo {
  readonly build: Build;
  /** Threads that compute long calls together, the calling one among them. */
  readonly threads: number;
  /** Why it is not what was asked for, in words; absent when it is. */
  readonly fallback?: string;
}

export interface Engine extends EngineInfo {
  readonly kernels: WasmKernels;
  readonly memory: WebAssembly.Memory;
  readonly team: Team | null;
}

/** A compiled module, its bytes, or where to fetch it. */
export type KernelSource = WebAssembly.Module | ArrayBuffer | Uint8Array | URL;

/** A module whose only function does one vector instruction: i8x16.popcnt, or f32x4.relaxed_madd. */
function probe(build: Build): Uint8Array<ArrayBuffer> {
  const head = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10];
  const zeros = [65, 0, 253, 15];
  return build === 'simd'
    ? Uint8Array.of(...head, 10, 1, 8, 0, ...zeros, 253, 98, 11)
    : Uint8Array.of(...head, 19, 1, 17, 0, ...zeros, ...zeros, ...zeros, 253, 133, 2, 11);
}

/** Whether this engine can run a build. */
export function supports(build: Build): boolean {
  return typeof WebAssembly === 'object' && WebAssembly.validate(probe(build));
}

/** What is asked of an engine. */
export interface Wanted {
  readonly relaxed: boolean;
  readonly threads: number;
  readonly source: KernelSource | undefined;
  /** Bytes that memory may grow to: shared memory must be told at once. */
  readonly maximum: number;
}

/** @throws BackendError where there is no SIMD, where compiling is forbidden, or where the source is not these kernels */
export async function start({ relaxed, threads, source, maximum }: Wanted): Promise<Engine> {
  if (!supports('simd')) {
    throw new BackendError('wasm', 'this engine has no WebAssembly SIMD', {}, 'use cpu() here', 'BACKEND_UNSUPPORTED');
  }
  const build: Build = relaxed && supports('relaxed') ? 'relaxed' : 'simd';
  const reasons = relaxed && build === 'simd' ? ['this engine has no relaxed SIMD'] : [];
  try {
    const code = source && (await load(source));
    if (threads > 1) {
      try {
        return engine(build, reasons, await shared(build, code, threads, maximum));
      } catch (error) {
        reasons.push(`one thread: ${wordsOf(error)}`);
      }
    }
    return engine(build, reasons, await alone(build, code));
  } catch (error) {
    throw new BackendError(
      'wasm',
      `the kernels did not start: ${wordsOf(error)}`,
      { build },
      source === undefined
        ? "a content security policy must allow 'wasm-unsafe-eval'"
        : 'module: this version’s simd.wasm or relaxed.wasm as a URL that fetch() reads, as bytes, or compiled',
      'BACKEND_FAILED',
      error,
    );
  }
}

type Running = Pick<Engine, 'kernels' | 'memory' | 'team'>;

function engine(build: Build, reasons: readonly string[], running: Running): Engine {
  const threads = running.team?.threads ?? 1;
  return { build, threads, ...(reasons.length > 0 && { fallback: reasons.join('; ') }), ...running };
}

async function alone(build: Build, code: Code | undefined): Promise<Running> {
  const module = await (code === undefined ? embedded(build, false) : compile(code));
  const memory = new WebAssembly.Memory({ initial: 2 });
  return { kernels: await instantiate(module, memory, () => {}), memory, team: null };
}

async function shared(build: Build, code: Code | undefined, threads: number, maximum: number): Promise<Running> {
  const starter = threadsHere();
  if (typeof starter === 'string') throw new Error(starter);
  if (code instanceof WebAssembly.Module) throw new Error('the module is compiled already; give its bytes or its URL');
  const module = await (code === undefined ? embedded(build, true) : compile(withSharedMemory(code)));
  const memory = new WebAssembly.Memory({ initial: 2, maximum: Math.max(2, Math.ceil(maximum / 65536)), shared: true });
  const met = meeting(threads);
  const kernels = await instantiate(module, memory, met.barrier);
  return { kernels, memory, team: await team(starter, threads, module, memory, kernels, met) };
}

async function instantiate(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  barrier: () => void,
): Promise<WasmKernels> {
  const { exports } = await WebAssembly.instantiate(module, { env: { memory, barrier } });
  const kernels = exports as unknown as WasmKernels;
  if (typeof kernels.heapBase !== 'function') throw new TypeError('the module is not one of this package');
  return kernels;
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Each build is compiled once, however many backends there are. */
const compiled = new Map<string, Promise<WebAssembly.Module>>();

function embedded(build: Build, isShared: boolean): Promise<WebAssembly.Module> {
  const key = `${build} ${isShared}`;
  let module = compiled.get(key);
  if (module === undefined) {
    const bytes = bytesOf(build);
    module = WebAssembly.compile(isShared ? withSharedMemory(bytes) : bytes);
    compiled.set(key, module);
    // What was forbidden once may be allowed later.
    module.catch(() => compiled.delete(key));
  }
  return module;
}

type Code = WebAssembly.Module | Uint8Array<ArrayBuffer>;

async function load(source: KernelSource): Promise<Code> {
  if (source instanceof WebAssembly.Module) return source;
  if (!(source instanceof URL)) return new Uint8Array(source as ArrayBuffer);
  const response = await fetch(source);
  if (!response.ok) throw new Error(`${source.href} answered ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

const compile = async (code: Code): Promise<WebAssembly.Module> =>
  code instanceof WebAssembly.Module ? code : WebAssembly.compile(code);

/** The embedded module. */
export function bytesOf(build: Build): Uint8Array<ArrayBuffer> {
  const from = build === 'simd' ? 0 : sizes.simd;
  return inflate(decode(packed), from + sizes[build]).slice(from);
}

/** Base64 to bytes. `atob` belongs to hosts, and some have nothing but the language. */
function decode(base64: string): Uint8Array<ArrayBuffer> {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const sixBits = new Uint8Array(128);
  for (let i = 0; i < 64; i++) sixBits[digits.charCodeAt(i)] = i;
  const bytes = new Uint8Array((base64.replace(/=+$/, '').length * 3) >> 2);
  let bits = 0;
  for (let i = 0, at = 0; at < bytes.length; i++) {
    bits = (bits << 6) | sixBits[base64.charCodeAt(i)]!;
    // The first of four characters completes no byte, each of the others one.
    if (i % 4 !== 0) bytes[at++] = bits >> (6 - 2 * (i % 4));
  }
  return bytes;
}
