/**
 * y = x·W + b where W has several axes on a side: the EinsumDense layers of Keras's multi-head attention.
 *
 *     x [..., E]      W [E, N, H]    b [N, H]     → y [..., N, H]       into heads
 *     x [..., N, H]   W [N, H, E′]   b [E′]       → y [..., E′]         out of them
 */
import { add, ArgumentError, checkShapes, didYouMean, initializer, matmul, reshape, sizeOf } from '@recurra/core';
import type { Backend, Shape } from '@recurra/core';
import { drawn, type InitializerOption } from '../parameters.js';
import type { Floats } from '../score.js';

/** One projection of a layer with heads. */
export type Projection = {
  readonly kernel: Floats;
  readonly bias?: Floats;
};

/** How the kernels and biases of a layer begin. */
export interface ProjectionOptions {
  readonly useBias: boolean;
  readonly kernelInitializer: InitializerOption;
  readonly biasInitializer: InitializerOption;
}

/** @param bound how many axes of x, its last, meet the first axes of the kernel */
export function project(x: Floats, { kernel: W, bias: b }: Projection, bound = 1): Floats {
  const rows = x.shape.slice(0, x.rank - bound);
  const columns = W.shape.slice(bound);
  const width = sizeOf(W.shape.slice(0, bound));
  const xW = matmul(reshape(x, [sizeOf(rows), width]), reshape(W, [width, sizeOf(columns)]));
  const y = reshape(xW, [...rows, ...columns]);
  return b === undefined ? y : add(y, b);
}

/**
 * Each projection draws from initializers of its own, kernel before bias, as in Keras: a name is made anew, a function
 * serves all. The fans of the kernel are its bound axes and the rest, since Keras 3.15.
 */
export function drawProjection(
  op: string,
  shape: Shape,
  bound: number,
  options: ProjectionOptions,
  backend: Backend | undefined,
): Projection {
  const kernel = initializer(options.kernelInitializer, op);
  const bias = initializer(options.biasInitializer, op);
  const axes = shape.map((_, axis) => axis);
  const fans = { inputAxes: axes.slice(0, bound), outputAxes: axes.slice(bound) };
  return {
    kernel: drawn(op, kernel, shape, backend, fans),
    ...(options.useBias && { bias: drawn(op, bias, shape.slice(bound), backend) }),
  };
}

/** Kernel shapes by the name of the projection; `bound` axes first. Null for one that must be absent. */
export type ProjectionShapes = Readonly<Record<string, { readonly kernel: Shape; readonly bound: number } | null>>;

export function checkProjections(op: string, params: unknown, useBias: boolean, expected: ProjectionShapes): void {
  const names = Object.keys(expected).filter((name) => expected[name] !== null);
  if (params === null || typeof params !== 'object') {
    const hint = `{ ${names.join(', ')} }, each { kernel${useBias ? ', bias' : ''} }; init makes them`;
    throw new ArgumentError(op, 'params must be an object of projections', { params }, hint);
  }
  for (const [name, shapes] of Object.entries(expected)) {
    const found = (params as Readonly<Record<string, unknown>>)[name];
    if (shapes === null) {
      if (found == null) continue;
      const hint = `leave ${name} out`;
      throw new ArgumentError(op, `params.${name} is there, but the options ask for none`, {}, hint);
    }
    const bias = useBias ? shapes.kernel.slice(shapes.bound) : null;
    checkShapes(op, `params.${name}`, found, { kernel: shapes.kernel, bias });
  }
  // Of another layer: this one would compute without it.
  for (const name of Object.keys(params)) {
    if (!Object.hasOwn(expected, name)) {
      const facts = { params: Object.keys(params) };
      throw new ArgumentError(
        op,
        `the layer has no projection '${name}'`,
        facts,
        didYouMean(name, names),
        'UNKNOWN_NAME',
      );
    }
  }
}
