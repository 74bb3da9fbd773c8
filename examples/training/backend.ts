/** Backends by name, loaded when chosen: one that trains faster is one more line here. */
import { ArgumentError, type Backend } from '@recurra/core';

const loaders: Readonly<Record<string, () => Promise<Backend>>> = {
  cpu: async () => {
    const { cpu, gradients } = await import('@recurra/backend-cpu');
    return cpu({ gradients });
  },
  wasm: async () => {
    const { wasm } = await import('@recurra/backend-wasm');
    return wasm();
  },
};

export function loadedBackend(name: string): Promise<Backend> {
  const load = loaders[name];
  if (load !== undefined) return load();
  throw new ArgumentError('--backend', 'there is no such backend', { name }, Object.keys(loaders).join(', '));
}
