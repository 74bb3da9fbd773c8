/** One call of a Recurra kernel: it runs tfjs kernels, and frees whatever they made but the result. */
import { sameShape, sizeOf, type DType, type Operand, type Shape } from '@recurra/core';
import type { BackendValues, NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import { drop, hostArray, runKernel, shared, type Engine } from './engine.js';
import type { TfHandle } from './handle.js';
import { languageOf, runShader, type Language, type Shader } from './shaders/shader.js';

export class Call {
  readonly #engine: Engine;
  readonly #made = new Set<TensorInfo>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** The name of the engine. */
  get engine(): string {
    return this.#engine.name;
  }

  /** The result of a tfjs kernel, alive until the call ends. */
  run(kernel: string, inputs: NamedTensorInfoMap | readonly TensorInfo[], attrs: NamedAttrMap = {}): TensorInfo {
    const info = runKernel(this.#engine, kernel, inputs, attrs);
    this.#made.add(info);
    return info;
  }

  /** How `shader` is written for the engine; undefined where it runs none. */
  get language(): Language | undefined {
    return languageOf(this.#engine.backend);
  }

  /** Whether `shader` works: on engines for GPUs. */
  get shades(): boolean {
    return this.language !== undefined;
  }

  /** The result of a shader of our own. */
  shader(shader: Shader, inputs: readonly TensorInfo[], shape: Shape, dtype: DType): TensorInfo {
    const info = runShader(this.#engine.backend, shader, inputs, shape, dtype);
    this.#made.add(info);
    return info;
  }

  /** The data of an operand under the operand's shape, which need not be the one it was made with. */
  view({ handle, shape }: Operand<TfHandle>): TensorInfo {
    return this.reshape(handle.info, shape);
  }

  /** The same data under another shape of as many elements. */
  reshape(x: TensorInfo, shape: Shape): TensorInfo {
    return sameShape(x.shape, shape) ? x : this.run('Reshape', { x }, { shape: [...shape] });
  }

  fill(shape: Shape, value: number, dtype: DType): TensorInfo {
    // Few numbers travel with the shader that takes them; to make them on a GPU takes one of its own.
    if (sizeOf(shape) <= 4 && this.shades) {
      const dataId = this.#engine.backend.write(
        hostArray(dtype, sizeOf(shape)).fill(value) as BackendValues,
        [...shape],
        dtype,
      );
      const info = { dataId, shape: [...shape], dtype };
      this.#made.add(info);
      return info;
    }
    return this.run('Fill', {}, { shape: [...shape], value, dtype });
  }

  /** Ends the call: everything goes but `result`. What a call did not make itself is held a second time. */
  end(result: TensorInfo | null): TensorInfo | null {
    const kept = result === null || this.#made.has(result) ? result : shared(this.#engine, result);
    for (const info of this.#made) if (info !== kept) drop(this.#engine, info);
    this.#made.clear();
    return kept;
  }
}

/** The data that `body` returns. */
export function call(engine: Engine, body: (on: Call) => TensorInfo): TensorInfo {
  const on = new Call(engine);
  try {
    return on.end(body(on))!;
  } catch (error) {
    on.end(null);
    throw error;
  }
}
