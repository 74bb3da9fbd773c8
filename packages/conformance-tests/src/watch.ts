/**
 * What the runner sees of a case without the case knowing: the backend passes through here, so that handles are counted,
 * inputs are compared with what they were, and a failure can say which kernels it went through.
 */
import { reclaimedByCollector } from '@recurra/core';
import type { Backend, FusedKernels, FusedSession, HostArray, Maybe, Operand, Spec } from '@recurra/core';
import { decorated, kernelNames } from './decorate.js';
import { fractionOf, toleranceOf } from './tolerance.js';

/** Something a case uploaded, as it was. */
export interface Input extends Spec {
  readonly data: HostArray;
}

export interface Watched {
  readonly backend: Backend;
  /** In order of upload. */
  readonly inputs: readonly Input[];
  /** What the case went through: 'upload', 'unary tanh', 'matmul transposeB', 'fused lstm'. */
  readonly used: ReadonlySet<string>;
  /** After the case: what it broke, in words. */
  findings(): Promise<string[]>;
}

interface Uploaded extends Input {
  freed: boolean;
}

/** Reclaimed tensors that have been accounted for, over all cases of this process. */
let accounted = 0;

export function watch(original: Backend): Watched {
  const seen = new WeakSet<object>();
  const freed = new WeakSet<object>();
  const uploads = new Map<object, Uploaded>();
  const used = new Set<string>();
  const broken = new Set<string>();
  const before = original.live?.();
  let handedOut = 0;
  let reclaimed = 0;

  /** A call from the case: whatever the collector has done until now was not done to this backend, or is counted. */
  const enter = (label: string): void => {
    used.add(label);
    accounted = reclaimedByCollector();
  };
  const fresh = <H extends object>(handle: H, from: string): H => {
    if (seen.has(handle)) broken.add(`${from} returned a handle that had been handed out before`);
    seen.add(handle);
    handedOut++;
    return handle;
  };

  const kernels = Object.fromEntries(
    kernelNames.map((name) => [
      name,
      (...args: unknown[]): object => {
        const label = labelOf(name, args);
        enter(label);
        return fresh((original[name] as (...args: unknown[]) => object)(...args), label);
      },
    ]),
  ) as Pick<Backend, (typeof kernelNames)[number]>;

  const backend = decorated(original, {
    ...kernels,
    ...(original.fused && { fused: watchFused(original.fused, enter, fresh) }),
    upload(data, spec) {
      enter('upload');
      const handle = fresh(original.upload(data, spec), 'upload');
      uploads.set(handle, { shape: spec.shape, dtype: spec.dtype, data: data.slice(), freed: false });
      return handle;
    },
    async read(x) {
      enter('read');
      const numbers = await original.read(x);
      accounted = reclaimedByCollector();
      return numbers;
    },
    ...(original.readSync && {
      readSync(x) {
        enter('readSync');
        return original.readSync!(x);
      },
    }),
    free(handle) {
      // The collector counts before it frees, so a count that has moved tells who calls.
      if (reclaimedByCollector() !== accounted) reclaimed++;
      accounted = reclaimedByCollector();
      // Inputs stay until the case is over, to be compared.
      if (freed.has(handle)) {
        broken.add('a handle was freed twice');
        return;
      }
      freed.add(handle);
      handedOut--;
      const upload = uploads.get(handle);
      if (upload === undefined) original.free(handle);
      else upload.freed = true;
    },
    ...(original.live && { live: () => original.live!() - postponed() }),
  });

  const postponed = (): number => [...uploads.values()].filter((upload) => upload.freed).length;

  return {
    backend,
    get inputs() {
      return [...uploads.values()];
    },
    used,
    async findings() {
      const changed = await Promise.all([...uploads].map(([handle, input]) => changeOf(original, handle, input)));
      for (const [handle, upload] of uploads) if (upload.freed) original.free(handle);
      const found = [...broken, ...changed.filter((change) => change !== undefined)];
      if (handedOut !== 0) found.push(`${handedOut} ${handedOut === 1 ? 'handle was' : 'handles were'} never freed`);
      else if (before !== undefined && original.live!() !== before) {
        found.push(`live() was ${before} before and is ${original.live!()} after, though every handle was freed`);
      }
      if (reclaimed > 0) found.push(`${reclaimed} of the freed handles had leaked: the garbage collector found them`);
      return found;
    },
  };
}

type Enter = (label: string) => void;
type Fresh = <H extends object>(handle: H, from: string) => H;
/** Any fused kernel, seen from outside. */
interface AnyFused {
  accepts(spec: unknown): true | string;
  run(spec: unknown, inputs: unknown): Operand[];
  runForGradient?(spec: unknown, inputs: unknown): { outputs: Operand[]; residuals: Operand[] };
  vjp?(...args: unknown[]): Maybe<object>[];
  open?(...args: unknown[]): FusedSession<object>;
}

function watchFused(fused: FusedKernels<object>, enter: Enter, fresh: Fresh): FusedKernels<object> {
  const watchOne = (name: string, kernel: AnyFused): AnyFused => {
    const label = `fused ${name}`;
    const all = <T extends Maybe<object>>(operands: T[]): T[] => {
      for (const x of operands) if (x !== null) fresh(x.handle, label);
      return operands;
    };
    return {
      accepts: (spec) => kernel.accepts(spec),
      run(spec, inputs) {
        enter(label);
        return all(kernel.run(spec, inputs));
      },
      ...(kernel.runForGradient && {
        runForGradient(spec: unknown, inputs: unknown) {
          enter(label);
          const made = kernel.runForGradient!(spec, inputs);
          all(made.outputs);
          all(made.residuals);
          return made;
        },
      }),
      ...(kernel.vjp && {
        vjp(...args: unknown[]) {
          enter(label);
          return all(kernel.vjp!(...args));
        },
      }),
      ...(kernel.open && {
        open(...args: unknown[]) {
          enter(`${label} open`);
          const session = kernel.open!(...args);
          return {
            step: (frame, out) => session.step(frame, out),
            state: () => all(session.state()),
            setState: (states) => session.setState(states),
            close: () => session.close(),
          };
        },
      }),
    };
  };
  return Object.fromEntries(Object.entries(fused).map(([name, kernel]) => [name, watchOne(name, kernel as AnyFused)]));
}

function labelOf(name: (typeof kernelNames)[number], args: readonly unknown[]): string {
  if (typeof args[0] === 'string') return `${name} ${args[0]}`;
  if (name !== 'matmul') return name;
  const options = args[2] as { transposeA: boolean; transposeB: boolean };
  return ['matmul', options.transposeA && 'transposeA', options.transposeB && 'transposeB'].filter(Boolean).join(' ');
}

/** Numbers on the device may have been rounded to its precision; beyond that an input is what was uploaded. */
async function changeOf(backend: Backend, handle: object, { shape, dtype, data }: Input): Promise<string | undefined> {
  const now = await backend.read({ handle, shape, dtype });
  const tolerance = toleranceOf(backend);
  for (let i = 0; i < data.length; i++) {
    const [a, e] = [now[i]!, data[i]!];
    const intact = dtype === 'float32' ? fractionOf(a, e, tolerance) <= 1 : a === e;
    if (!intact) return `an input changed: ${dtype} [${shape.join(', ')}] at ${i} was ${e}, is ${a}`;
  }
  return undefined;
}
