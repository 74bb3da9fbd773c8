/** Attention composed from ops, as a user of TensorFlow.js writes it: tfjs-layers has none. */
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { heads, type AttentionCase } from '../../cases.js';
import { numbersFor, type Numbers } from '../../numbers.js';
import type { Prepared } from '../../peer.js';
import type { Tfjs } from './load.js';

export function attending({ tf }: Tfjs, { form, batch, memory, width }: AttentionCase, numbers: Numbers): Prepared {
  const floats = (role: string, shape: number[]) => tf.tensor(numbersFor(numbers, role), shape);
  const contexts = { additive, dot, 'multi-head': multiHead }[form]();
  const run = (): Float32Array => {
    let values: Float32Array | undefined;
    tf.tidy(() => {
      values = contexts().dataSync<'float32'>();
    });
    return values!;
  };
  return { run, output: run };

  /** x [B, T, width] times [width, columns], in one product of B·T rows. */
  function project(x: Tensor3D, kernel: Tensor2D) {
    const [b, t] = x.shape;
    return tf.reshape(tf.matMul(tf.reshape(x, [b * t, width]) as Tensor2D, kernel), [b, t, kernel.shape[1]]);
  }

  function queryAndKeys() {
    return [
      floats('query', [batch, 1, width]) as Tensor3D,
      floats('keys', [batch, memory, width]) as Tensor3D,
    ] as const;
  }

  function additive() {
    const W = floats('queryKernel', [width, width]) as Tensor2D;
    const U = floats('keyKernel', [width, width]) as Tensor2D;
    const v = floats('v', [width, 1]) as Tensor2D;
    return () => {
      const [query, keys] = queryAndKeys();
      const met = tf.tanh(tf.add(project(query, W), project(keys, U))) as Tensor3D;
      const scores = tf.reshape(project(met, v), [batch, 1, memory]);
      return tf.matMul(tf.softmax(scores), keys);
    };
  }

  function dot() {
    return () => {
      const [query, keys] = queryAndKeys();
      return tf.matMul(tf.softmax(tf.matMul(query, keys, false, true)), keys);
    };
  }

  function multiHead() {
    const head = width / heads;
    const weights = (name: string) =>
      [floats(`${name}Kernel`, [width, width]) as Tensor2D, floats(`${name}Bias`, [width])] as const;
    const [query, key, value, output] = [weights('query'), weights('key'), weights('value'), weights('output')];
    const linear = (x: Tensor3D, [kernel, bias]: typeof query) => tf.add(project(x, kernel), bias);
    const intoHeads = (x: Tensor3D, projection: typeof query) =>
      tf.transpose(tf.reshape(linear(x, projection), [batch, memory, heads, head]), [0, 2, 1, 3]);
    return () => {
      const x = floats('x', [batch, memory, width]) as Tensor3D;
      const scaled = tf.mul(intoHeads(x, query), 1 / Math.sqrt(head));
      const mixed = tf.matMul(tf.softmax(tf.matMul(scaled, intoHeads(x, key), false, true)), intoHeads(x, value));
      const joined = tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [batch, memory, width]);
      return linear(joined as Tensor3D, output);
    };
  }
}
