/**
 * e_j = q · k_j,   k_j = m_j W_m          with scale: g · (q · k_j)
 *
 * tensorflow/addons, seq2seq.LuongAttention: Luong's general score with W_m as its kernel. `prepare` gives k, AttentionWrapper's
 * `keys`.
 */
import { checkedCount, checkedFlag, checkOptions, checkShapes, initializer, matmul, mul, tensor } from '@recurra/core';
import { defineScore, type Score } from '@recurra/attention';
import type { Floats } from '@recurra/cells';
import { drawn, type InitializerOption } from '../parameters.js';
import { checkPrepared, lastAxis } from './prepared.js';

/** Options of `luongMechanism`. */
export interface LuongMechanismOptions {
  /** u, the width of the keys; the query must have as many features. */
  readonly units: number;
  /** Multiply the scores by a learnt g. Default false. */
  readonly scale?: boolean;
  /** Of W_m. Default 'glorotUniform'. */
  readonly kernelInitializer?: InitializerOption;
}

/** Parameters of `luongMechanism`. */
export type LuongMechanismParams = {
  /** W_m [M, u]; memory_layer/kernel */
  readonly memoryKernel: Floats;
  /** g []; attention_g. Starts at 1. */
  readonly g?: Floats;
};

/**
 * The score of tensorflow/addons' `LuongAttention`.
 *
 * @throws ArgumentError for units below 1, unknown options and names; when used, ShapeError unless queries have u features
 */
export function luongMechanism(options: LuongMechanismOptions): Score<LuongMechanismParams> {
  const name = 'luongMechanism';
  checkOptions(name, options, ['units', 'scale', 'kernelInitializer']);
  const u = checkedCount(name, 'units', options.units, `${name}({ units: 64 })`);
  const scale = checkedFlag(name, 'scale', options.scale ?? false);
  const init = initializer(options.kernelInitializer ?? 'glorotUniform', name);
  return defineScore<LuongMechanismParams>({
    name,
    init({ query, keys: M }, backend) {
      checkPrepared(name, 'query', [query], u);
      return {
        memoryKernel: drawn(init, [M, u], backend),
        ...(scale && { g: tensor([1], [], { dtype: 'float32', ...(backend && { backend }) }) }),
      };
    },
    check(params, { query, keys, prepared }) {
      checkShapes(name, 'params', params, { memoryKernel: [lastAxis(keys), u], g: scale ? [] : null });
      checkPrepared(name, 'query', query, u);
      checkPrepared(name, 'prepared', prepared, u);
    },
    prepare: ({ memoryKernel: W_m }, m) => matmul(m, W_m),
    compare({ g }, q, k) {
      const e = matmul(q, k, { transposeB: true });
      return g === undefined ? e : mul(g, e);
    },
  });
}
