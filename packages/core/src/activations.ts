/** Activations by the names that Keras gives them; a function of the user's own stands for itself. */
import { byName } from './by-name.js';
import { checkedFloats } from './checks.js';
import { ShapeError } from './errors.js';
import { elu } from './ops/elu.js';
import { exponential } from './ops/exponential.js';
import { gelu } from './ops/gelu.js';
import { hardSigmoid } from './ops/hard-sigmoid.js';
import { hardSilu } from './ops/hard-silu.js';
import { hardTanh } from './ops/hard-tanh.js';
import { leakyRelu } from './ops/leaky-relu.js';
import { linear } from './ops/linear.js';
import { mish } from './ops/mish.js';
import { relu } from './ops/relu.js';
import { relu6 } from './ops/relu6.js';
import { selu } from './ops/selu.js';
import { sigmoid } from './ops/sigmoid.js';
import { silu } from './ops/silu.js';
import { softplus } from './ops/softplus.js';
import { softsign } from './ops/softsign.js';
import { tanh } from './ops/tanh.js';
import { sameShape } from './shape.js';
import type { Tensor } from './tensor.js';

/** Returns a float32 tensor of the shape of x. */
export type ActivationFunction = (x: Tensor<'float32'>) => Tensor<'float32'>;

// Other names of the same function come last: the first is what a kernel is asked by.
const named = {
  elu,
  exponential,
  gelu,
  hardSigmoid,
  hardSilu,
  hardTanh,
  leakyRelu,
  linear,
  mish,
  relu,
  relu6,
  selu,
  sigmoid,
  silu,
  softplus,
  softsign,
  tanh,
  hardSwish: hardSilu,
  swish: silu,
};

/** Keras's names, in camelCase or as Keras spells them. */
export type ActivationName =
  keyof typeof named | 'hard_sigmoid' | 'hard_silu' | 'hard_swish' | 'hard_tanh' | 'leaky_relu';

/** An activation that was looked up: the function, and the name to ask fused kernels by. */
export interface Activation {
  /** In camelCase, without aliases; null for a function of the user's own. Fused kernels are asked by it. */
  readonly name: string | null;
  readonly apply: ActivationFunction;
}

/**
 * What a name, or a function, stands for; null is 'linear' as in Keras.
 *
 *     activation('hard_sigmoid').name         // 'hardSigmoid'
 *
 * @param op who asks, for the error
 * @throws ArgumentError, code UNKNOWN_NAME, for a name that is none
 */
export function activation(given: ActivationName | ActivationFunction | null, op = 'activation'): Activation {
  const functions: Readonly<Record<string, ActivationFunction>> = named;
  const word = given === null ? 'linear' : given;
  const f = typeof word === 'function' ? word : byName(op, 'activation', word, functions, { activation: given });
  // One of the functions above, handed over as it is, keeps its name.
  const name = Object.keys(functions).find((key) => functions[key] === f) ?? null;
  return { name, apply: name === null ? (x) => checkedResult(op, x, f(x)) : f };
}

/** A function of the user's own must give what it was given: else a gate would broadcast, silently. */
function checkedResult(op: string, x: Tensor, y: Tensor<'float32'>): Tensor<'float32'> {
  const { shape } = checkedFloats(op, 'what the activation gave', y);
  if (!sameShape(shape, x.shape)) {
    throw new ShapeError(
      op,
      'the activation must keep the shape',
      { given: x.shape, got: shape },
      'element by element',
    );
  }
  return y;
}
