/** @recurra/backend-wasm: WebAssembly SIMD, whole sequences in one call, and the same bits everywhere. */
import { make, type WasmBackend, type WasmOptions } from './backend.js';

export type { WasmBackend, WasmOptions } from './backend.js';
export type { WasmBuffer } from './buffer.js';
export type { Build, EngineInfo, KernelSource } from './engine.js';

/**
 * A backend of WebAssembly SIMD kernels on the calling thread.
 *
 *     await useBackend(wasm());
 *
 * @throws ArgumentError (as a rejection) for an unknown option or a value that is not one; BackendError where the engine has no SIMD
 * or may not compile; later, with the code OUT_OF_MEMORY, for a tensor that does not fit any more
 */
export const wasm = (options: WasmOptions = {}): Promise<WasmBackend> => make(options);
