// The fast backend: WebAssembly SIMD, whole sequences in one call.
export {};
