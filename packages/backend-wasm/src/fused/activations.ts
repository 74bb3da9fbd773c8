/** The numbers by which assembly/activations.ts knows the activations. */

const names = [
  'linear',
  'tanh',
  'sigmoid',
  'relu',
  'hardSigmoid',
  'relu6',
  'leakyRelu',
  'elu',
  'selu',
  'exponential',
  'softplus',
  'softsign',
  'hardTanh',
  'hardSilu',
  'silu',
  'mish',
  'gelu',
];

/** The number of a name that is known. */
export const activationOf = (name: string): number => names.indexOf(name);

/** True when every name is known here, else why not. */
export function known(...asked: readonly string[]): true | string {
  const other = asked.find((name) => !names.includes(name));
  return other === undefined || `the wasm backend has no loop for the activation '${other}'`;
}
