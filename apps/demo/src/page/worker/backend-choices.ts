/** The backends that a visitor may choose among; which of them this browser has is found out when one is chosen. */

export const choices = [
  { id: 'cpu', label: 'cpu', what: 'plain TypeScript, the accurate one' },
  { id: 'wasm', label: 'wasm', what: 'WebAssembly SIMD' },
  { id: 'wasm-relaxed', label: 'wasm relaxed', what: 'WebAssembly with fused multiply-add' },
  { id: 'wasm-threads', label: 'wasm threads', what: 'WebAssembly on several cores' },
  { id: 'tfjs-wasm', label: 'tfjs wasm', what: "TensorFlow.js's WebAssembly engine" },
  { id: 'tfjs-webgl', label: 'tfjs webgl', what: 'TensorFlow.js on the GPU, by WebGL' },
  { id: 'tfjs-webgpu', label: 'tfjs webgpu', what: 'TensorFlow.js on the GPU, by WebGPU' },
] as const;

export type BackendId = (typeof choices)[number]['id'];

export function labelOf(id: BackendId): string {
  return choices.find((choice) => choice.id === id)!.label;
}
