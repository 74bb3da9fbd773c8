/** Starting a thread where there is Node and where there are pages. */
import { makeBarrier } from './barrier.js';
import { serve, type Membership, type StartThread, type Thread } from './worker.js';

/** What is used of `node:worker_threads`. */
interface NodeWorkers {
  readonly Worker: new (
    text: string,
    options: { eval: true; workerData: unknown; execArgv: string[]; name: string },
  ) => {
    on(event: 'message', heard: (error: string | null) => void): unknown;
    on(event: 'error', heard: (error: Error) => void): unknown;
    unref(): void;
    terminate(): Promise<unknown>;
  };
}

/** Node, if this is one: a bundler that reads `import('node:worker_threads')` would refuse it for pages. */
interface MaybeNode {
  readonly process?: {
    readonly versions?: { readonly node?: string };
    readonly getBuiltinModule?: (id: string) => unknown;
  };
}

/** How to start threads here, or in words why there are none. */
export function threadsHere(): StartThread | string {
  const { process } = globalThis as MaybeNode;
  if (process?.versions?.node !== undefined) {
    const workers = process.getBuiltinModule?.('node:worker_threads') as NodeWorkers | undefined;
    return workers ? (given) => inNode(workers, given) : 'threads need Node 20.16 or later';
  }
  if (
    typeof SharedArrayBuffer !== 'function' ||
    (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated === false
  ) {
    return 'threads need a page that is cross-origin isolated: Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp';
  }
  return typeof Worker === 'function' ? inPage : 'this engine has no workers';
}

function inNode({ Worker }: NodeWorkers, given: Membership): Promise<Thread> {
  return new Promise((resolve, reject) => {
    const text = `const { parentPort, workerData } = globalThis.process.getBuiltinModule('node:worker_threads');
(${serve})(workerData, ${makeBarrier}, (error) => parentPort.postMessage(error));`;
    const worker = new Worker(text, { eval: true, workerData: given, execArgv: [], name: `recurra ${given.index}` });
    worker.on('error', reject);
    worker.on('message', (error) => {
      if (error !== null) return reject(new Error(error));
      // A thread that waits keeps no process alive.
      worker.unref();
      resolve({ end: () => void worker.terminate() });
    });
  });
}

function inPage(given: Membership): Promise<Thread> {
  return new Promise((resolve, reject) => {
    const text = `onmessage = (event) => (${serve})(event.data, ${makeBarrier}, (error) => postMessage(error));`;
    const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
    const worker = new Worker(url, { name: `recurra ${given.index}` });
    worker.addEventListener('error', ({ message }) => {
      worker.terminate();
      reject(new Error(message || "a content security policy must allow 'worker-src blob:'"));
    });
    worker.addEventListener('message', ({ data }: MessageEvent<string | null>) => {
      URL.revokeObjectURL(url);
      if (data === null) return resolve({ end: () => worker.terminate() });
      worker.terminate();
      reject(new Error(data));
    });
    worker.postMessage(given, []);
  });
}
