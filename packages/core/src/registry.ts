/** Which backend new tensors go to. Importing a backend does nothing; `useBackend` chooses, names are sugar. */
import type { Backend } from './backend.js';
import { ArgumentError, BackendError } from './errors.js';

export type BackendLoader = () =>
  | Backend
  | { default: Backend | (() => Backend) }
  | Promise<Backend | { default: Backend | (() => Backend | Promise<Backend>) }>;

interface Slot {
  chosen: Backend | null;
  readonly loaders: Map<string, BackendLoader>;
}

// On a registered symbol, so that two copies of this package in one program agree.
const key = /* @__PURE__ */ Symbol.for('@recurra/core/backends');
function slot(): Slot {
  const global = globalThis as { [key]?: Slot };
  return (global[key] ??= { chosen: null, loaders: new Map() });
}

/**
 * Chooses where tensors are made from now on: a backend, a promise of one, or a registered name.
 *
 *     await useBackend(cpu());
 */
export async function useBackend(backend: Backend | Promise<Backend> | string): Promise<Backend> {
  const ready = await (typeof backend === 'string' ? load(backend) : backend);
  slot().chosen = checkedBackend('useBackend', ready);
  return ready;
}

/** For core alone: a promise of a backend, or its name, is not one yet. */
export function checkedBackend(op: string, backend: unknown): Backend {
  if (backend !== null && typeof backend === 'object' && typeof (backend as Backend).upload === 'function') {
    return backend as Backend;
  }
  throw new ArgumentError(
    op,
    'that is not a backend',
    { backend },
    'await useBackend(cpu()), or pass { backend: cpu() }',
  );
}

/** Gives a name to a backend that is loaded when first asked for. */
export function registerBackend(name: string, loader: BackendLoader): void {
  slot().loaders.set(name, loader);
}

/** The backend that `useBackend` chose. */
export function defaultBackend(op = 'defaultBackend'): Backend {
  const { chosen } = slot();
  if (chosen === null) {
    throw new BackendError(
      op,
      'no backend is chosen',
      {},
      'await useBackend(cpu()) first, or pass { backend }',
      'BACKEND_NONE',
    );
  }
  return chosen;
}

async function load(name: string): Promise<Backend> {
  const loader = slot().loaders.get(name);
  if (loader === undefined) {
    const known = [...slot().loaders.keys()];
    throw new BackendError(
      'useBackend',
      `no backend is registered as '${name}'`,
      { registered: known },
      `registerBackend('${name}', () => …)`,
      'BACKEND_UNKNOWN',
    );
  }
  const loaded = await loader();
  if (!('default' in loaded)) return loaded;
  return typeof loaded.default === 'function' ? loaded.default() : loaded.default;
}
