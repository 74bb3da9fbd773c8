/** Training runs in the browser's storage (IndexedDB), one for each network. What fails is said in words. */
import type { Look } from './network.js';
import type { Kept } from './run.js';

const [database, store] = ['recurra-demo', 'runs'];

export async function readKept(look: Look): Promise<Kept | null> {
  return ((await inStore('readonly', (runs) => runs.get(look))) as Kept | undefined) ?? null;
}

export async function writeKept(kept: Kept): Promise<void> {
  await inStore('readwrite', (runs) => runs.put(kept));
}

export async function removeKept(look: Look): Promise<void> {
  await inStore('readwrite', (runs) => runs.delete(look));
}

async function inStore(mode: IDBTransactionMode, act: (runs: IDBObjectStore) => IDBRequest): Promise<unknown> {
  try {
    const open = indexedDB.open(database, 1);
    open.addEventListener('upgradeneeded', () => open.result.createObjectStore(store, { keyPath: 'look' }));
    const db = await result(open);
    try {
      const transaction = db.transaction(store, mode);
      const done = new Promise<void>((resolve, reject) => {
        transaction.addEventListener('complete', () => resolve());
        transaction.addEventListener('abort', () => reject(transaction.error));
      });
      done.catch(() => undefined); // where the request fails, that is thrown before this is waited for
      const value = await result(act(transaction.objectStore(store)));
      await done;
      return value;
    } finally {
      db.close();
    }
  } catch (error) {
    throw new Error(inWords(error), { cause: error });
  }
}

function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error));
  });
}

function inWords(error: unknown): string {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'QuotaExceededError')
    return 'The browser’s storage is full. Free some space, or download the weights: they stay here as long as the page is open.';
  return 'The browser gives this page no storage (a private window?). Download the weights to keep them: here they stay as long as the page is open.';
}
