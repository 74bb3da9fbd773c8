/** TensorFlow.js as the engines of a case need it: ops, and tfjs-layers. */

export interface Tfjs {
  readonly tf: typeof import('@tensorflow/tfjs-core');
  readonly layers: typeof import('@tensorflow/tfjs-layers').layers;
}

export async function loadTfjs(): Promise<Tfjs> {
  const tf = await import('@tensorflow/tfjs-core');
  const { layers } = await import('@tensorflow/tfjs-layers');
  tf.enableProdMode();
  return { tf, layers };
}
