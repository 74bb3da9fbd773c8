/** Where was it made? A backend that remembers of every buffer which call made it, until it is freed. */
import type { Backend } from '../backend.js';
import type { FusedKernel, FusedKernels, FusedSession } from '../fused-table.js';
import { checkedBackend } from '../registry.js';
import type { DType, Operand, Shape } from '../types.js';

/** A buffer that nobody has freed. */
export interface AliveBuffer {
  readonly shape: Shape;
  readonly dtype: DType;
  /** The kernel that made it: 'upload', 'matmul', 'fused lstm'. */
  readonly by: string;
  /** The lines of the stack at that moment, innermost first, without those of this package's own tracing. */
  readonly stack: string;
}

/** A backend that also says what is alive. */
export type Traced<B extends Backend = Backend> = B & {
  /** Every buffer that was made and not freed, oldest first. */
  alive(): readonly AliveBuffer[];
};

const kernels = new Set<PropertyKey>([
  'upload',
  'fill',
  'cast',
  'unary',
  'binary',
  'compare',
  'where',
  'reduce',
  'argReduce',
  'matmul',
  'transpose',
  'slice',
  'concat',
  'gather',
  'scatterAdd',
]);

/**
 * The same backend, with a memory: for finding what leaks. It costs a stack for each buffer, so it is for debugging only.
 *
 *     const backend = traced(await wasm());
 *     await useBackend(backend);
 *     trainOneStep();
 *     for (const { by, shape, stack } of backend.alive()) console.log(by, shape, stack);
 *
 * @throws ArgumentError for what is no backend
 */
export function traced<B extends Backend>(backend: B): Traced<B> {
  checkedBackend('traced', backend);
  const made = new Map<object, AliveBuffer>();
  const remember = (by: string, handle: object, { shape, dtype }: { shape: Shape; dtype: DType }): void => {
    // The first lines are the error's name, this function and the wrapper that called it.
    const stack = (new Error(by).stack ?? '').split('\n').slice(3).join('\n');
    made.set(handle, { shape: [...shape], dtype, by, stack });
  };
  const handing = (by: string, all: readonly (Operand | null)[]): void => {
    for (const x of all) if (x) remember(by, x.handle, x);
  };

  const fusedOf = (fused: FusedKernels<object>): FusedKernels<object> =>
    Object.fromEntries(Object.entries(fused).map(([name, kernel]) => [name, tracedKernel(`fused ${name}`, kernel)]));
  const tracedKernel = (by: string, kernel: AnyKernel): AnyKernel => ({
    accepts: (spec) => kernel.accepts(spec),
    run(spec, inputs) {
      const outputs = kernel.run(spec, inputs);
      handing(by, outputs);
      return outputs;
    },
    ...(kernel.runForGradient && {
      runForGradient(spec, inputs) {
        const both = kernel.runForGradient!(spec, inputs);
        handing(by, both.outputs);
        handing(`${by}, for its gradient`, both.residuals);
        return both;
      },
    }),
    ...(kernel.vjp && {
      vjp(...args) {
        const grads = kernel.vjp!(...args);
        handing(`gradient of ${by}`, grads);
        return grads;
      },
    }),
    ...(kernel.open && {
      open(spec, params) {
        const session = kernel.open!(spec, params);
        const step: FusedSession<object>['step'] = (frame, out) => session.step(frame, out);
        return {
          step,
          state() {
            const state = session.state();
            handing(`state of ${by}`, state);
            return state;
          },
          setState: (states) => session.setState(states),
          close: () => session.close(),
        };
      },
    }),
  });

  const fused = backend.fused && fusedOf(backend.fused as FusedKernels<object>);
  const known = new Map<PropertyKey, unknown>([
    ['fused', fused],
    ['alive', () => [...made.values()]],
    [
      'free',
      (handle: object) => {
        backend.free(handle);
        made.delete(handle);
      },
    ],
  ]);
  return new Proxy(backend, {
    has: (target, key) => known.has(key) || key in target,
    get(target, key) {
      const own = known.get(key);
      if (own !== undefined) return own;
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') return value;
      const call = (...args: unknown[]): unknown => {
        const handle: unknown = value.apply(target, args);
        if (kernels.has(key)) remember(String(key), handle as object, args.at(-1) as { shape: Shape; dtype: DType });
        return handle;
      };
      known.set(key, call);
      return call;
    },
  }) as Traced<B>;
}

type AnyKernel = FusedKernel<unknown, never, object>;
