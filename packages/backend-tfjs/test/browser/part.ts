/**
 * What of the suite runs on a GPU in software when not all of it does: a case or two for each kernel, and some of what is
 * made of kernels. A shader takes 10 to 20 ms to compile there, and on WebGL there is one for every shape.
 */
import { areas, type Area } from '@recurra/conformance-tests';

/** Kernels that `npm test` runs. */
export const kernels: readonly string[] = [
  'contract',
  'storage',
  'kernels/fill/float32',
  'kernels/cast/float32-to-bool',
  'kernels/unary/exp-relative',
  'kernels/unary/tanh-relative',
  'kernels/unary/log1p',
  'kernels/unary/erf',
  'kernels/unary/large-angles',
  'kernels/binary/add',
  'kernels/binary/pow',
  'kernels/compare/float32',
  'kernels/where/chooses',
  'kernels/reduce/infinities',
  'kernels/argReduce/first-nan',
  'kernels/transpose/three-axes',
  'kernels/slice/strides',
  'kernels/concat/axes',
  'kernels/gather/rows',
  'kernels/scatterAdd/rows',
  'kernels/matmul/3x5x17',
  'kernels/matmul/nan-and-infinity',
];
/** What of the rest it runs. */
export const samples: readonly string[] = ['cells/lstm/last-output', 'attention/multi-head/plain'];

/** On WebGL with 16-bit textures. */
export const coarse: readonly string[] = [
  'contract/name-and-precision',
  'storage',
  'kernels/matmul/by-hand',
  'kernels/reduce/infinities',
  'cells/gru/last-output',
];

const first: readonly Area[] = ['contract', 'storage', 'kernels', 'errors', 'ops', 'gradients', 'lifecycle'];
/** All of the suite, kernels first. */
export const halves: readonly [readonly string[], readonly string[]] = [
  first,
  areas.filter((area) => !first.includes(area)),
];
