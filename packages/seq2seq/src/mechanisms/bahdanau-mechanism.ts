/**
 * e_j = Σ v ⊙ tanh(k_j + q W_q),   k_j = m_j W_m
 * with normalize: Σ (g · v / ‖v‖) ⊙ tanh(k_j + q W_q + b)          Salimans & Kingma 2016
 *
 * tensorflow/addons, seq2seq.BahdanauAttention. `prepare` gives k, AttentionWrapper's `keys`.
 */
import {
  add,
  checkedCount,
  checkedFlag,
  checkOptions,
  checkShapes,
  div,
  expandDims,
  initializer,
  matmul,
  mul,
  sqrt,
  square,
  sum,
  tanh,
  tensor,
  zeros,
  type Initializer,
} from '@recurra/core';
import { defineScore, type Score } from '@recurra/attention';
import type { Floats } from '@recurra/cells';
import { drawn, type InitializerOption } from '../parameters.js';
import { checkPrepared, lastAxis } from './prepared.js';

/** Options of `bahdanauMechanism`. */
export interface BahdanauMechanismOptions {
  /** u, the width in which query and memory meet. */
  readonly units: number;
  /** Use v by its direction, with a learnt length g and a bias b. Default false. */
  readonly normalize?: boolean;
  /** Of W_q, W_m and v. Default 'glorotUniform'. */
  readonly kernelInitializer?: InitializerOption;
}

/** Parameters of `bahdanauMechanism`. */
export type BahdanauMechanismParams = {
  /** W_q [Dq, u]; query_layer/kernel */
  readonly queryKernel: Floats;
  /** W_m [M, u]; memory_layer/kernel */
  readonly memoryKernel: Floats;
  /** v [u]; attention_v */
  readonly v: Floats;
  /** g []; attention_g. Starts at √(1/u). */
  readonly g?: Floats;
  /** b [u]; attention_b. Starts at 0. */
  readonly b?: Floats;
};

/**
 * The score of tensorflow/addons' `BahdanauAttention`.
 *
 * @throws ArgumentError for units below 1, unknown options and names
 */
export function bahdanauMechanism(options: BahdanauMechanismOptions): Score<BahdanauMechanismParams> {
  const name = 'bahdanauMechanism';
  checkOptions(name, options, ['units', 'normalize', 'kernelInitializer']);
  const u = checkedCount(name, 'units', options.units, `${name}({ units: 64 })`);
  const normalize = checkedFlag(name, 'normalize', options.normalize ?? false);
  // One each: an initializer that is asked twice for one shape gives the same numbers twice.
  const init = (): Initializer => initializer(options.kernelInitializer ?? 'glorotUniform', name);
  const [ofQuery, ofMemory, ofV] = [init(), init(), init()];
  return defineScore<BahdanauMechanismParams>({
    name,
    init({ query: Dq, keys: M }, backend) {
      const on = backend && { backend };
      return {
        queryKernel: drawn(ofQuery, [Dq, u], backend),
        memoryKernel: drawn(ofMemory, [M, u], backend),
        v: drawn(ofV, [u], backend),
        ...(normalize && {
          g: tensor([Math.sqrt(1 / u)], [], { dtype: 'float32', ...on }),
          b: zeros([u], { ...on }),
        }),
      };
    },
    check(params, { query, keys, prepared }) {
      checkShapes(name, 'params', params, {
        queryKernel: [lastAxis(query), u],
        memoryKernel: [lastAxis(keys), u],
        v: [u],
        g: normalize ? [] : null,
        b: normalize ? [u] : null,
      });
      checkPrepared(name, 'prepared', prepared, u);
    },
    prepare: ({ memoryKernel: W_m }, m) => matmul(m, W_m),
    compare({ queryKernel: W_q, v, g, b }, q, k) {
      const pairs = add(expandDims(k, 1), expandDims(matmul(q, W_q), 2));
      const t = tanh(b === undefined ? pairs : add(pairs, b));
      const direction = g === undefined ? v : div(mul(g, v), sqrt(sum(square(v))));
      return sum(mul(direction, t), { axis: -1 });
    },
  });
}
