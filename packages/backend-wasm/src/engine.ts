/** The modules: which one this engine can run, and an instance of it over a memory that the host makes. */
import { BackendError } from '@recurra/core';
import { packed, sizes, type WasmKernels } from './generated/kernels.js';
import { inflate } from './inflate.js';

/** The two builds of one source: the same bits everywhere, or fused multiply-add where the engine has it. */
export type Build = 'simd' | 'relaxed';

/** What runs, and why. */
export interface EngineInfo {
  readonly build: Build;
  /** Why it is not the build that was asked for, in words; absent when it is. */
  readonly fallback?: string;
}

export interface Engine extends EngineInfo {
  readonly kernels: WasmKernels;
  readonly memory: WebAssembly.Memory;
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

/** @throws BackendError where there is no SIMD, where compiling is forbidden, or where the source is not these kernels */
export async function start(wantRelaxed: boolean, source: KernelSource | undefined): Promise<Engine> {
  if (!supports('simd')) {
    throw new BackendError('wasm', 'this engine has no WebAssembly SIMD', {}, 'use cpu() here', 'BACKEND_UNSUPPORTED');
  }
  const build: Build = wantRelaxed && supports('relaxed') ? 'relaxed' : 'simd';
  const memory = new WebAssembly.Memory({ initial: 2 });
  try {
    const module = await (source ? compile(source) : embedded(build));
    const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
    const kernels = exports as unknown as WasmKernels;
    if (typeof kernels.heapBase !== 'function') throw new TypeError('the module is not one of this package');
    const fallback = wantRelaxed && build === 'simd' ? 'this engine has no relaxed SIMD' : undefined;
    return { build, ...(fallback !== undefined && { fallback }), kernels, memory };
  } catch (error) {
    throw new BackendError(
      'wasm',
      `the kernels did not start: ${error instanceof Error ? error.message : String(error)}`,
      { build },
      "a content security policy must allow 'wasm-unsafe-eval'",
      'BACKEND_FAILED',
      error,
    );
  }
}

/** Each build is compiled once, however many backends there are. */
const compiled = new Map<Build, Promise<WebAssembly.Module>>();

function embedded(build: Build): Promise<WebAssembly.Module> {
  let module = compiled.get(build);
  if (module === undefined) {
    module = WebAssembly.compile(bytesOf(build));
    compiled.set(build, module);
    // What was forbidden once may be allowed later.
    module.catch(() => compiled.delete(build));
  }
  return module;
}

async function compile(source: KernelSource): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source;
  if (!(source instanceof URL)) return WebAssembly.compile(source as BufferSource);
  const response = await fetch(source);
  if (!response.ok) throw new Error(`${source.href} answered ${response.status}`);
  return WebAssembly.compile(await response.arrayBuffer());
}

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
