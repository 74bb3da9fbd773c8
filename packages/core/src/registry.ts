/** Which backend new tensors go to. Importing a backend does nothing; `useBackend` chooses, names are sugar. */
import type { Backend } from './backend.js';
import { ArgumentError, backendFailed, BackendError, checkFunction } from './errors.js';
import { didYouMean } from './suggest.js';

/** Gives a backend, or a module whose default export is one or makes one; at once or as a promise. */
export type BackendLoader = () => Loaded | Promise<Loaded>;
type Loaded = Backend | { readonly default: Backend | (() => Backend | Promise<Backend>) };

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
export async function useBackend<B extends Backend = Backend>(backend: B | Promise<B> | string): Promise<B> {
  try {
    const ready = await (typeof backend === 'string' ? load(backend) : backend);
    return (slot().chosen = checkedBackend('useBackend', ready)) as B;
  } catch (error) {
    throw backendFailed('useBackend', 'the backend', error);
  }
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
  const hint = "registerBackend('mine', () => …)";
  if (typeof name !== 'string') throw new ArgumentError('registerBackend', 'needs a name', { name }, hint);
  checkFunction('registerBackend', loader, hint);
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

async function load(name: string): Promise<unknown> {
  const loader = slot().loaders.get(name);
  if (loader === undefined) {
    const known = [...slot().loaders.keys()];
    throw new BackendError(
      'useBackend',
      `no backend is registered as '${name}'`,
      { registered: known },
      known.length > 0 ? didYouMean(name, known) : `registerBackend('${name}', () => …)`,
      'BACKEND_UNKNOWN',
    );
  }
  const loaded = await loader();
  const inner = (loaded as { default?: unknown } | null)?.default ?? loaded;
  return typeof inner === 'function' ? (inner as () => unknown)() : inner;
}
