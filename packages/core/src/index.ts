/** @recurra/core: tensors, ops with their gradients, and the contract that backends fulfil. */
export {
  ArgumentError,
  BackendError,
  DisposedError,
  DTypeError,
  GradientError,
  RecurraError,
  ShapeError,
  type Facts,
} from './errors.js';
export type * from './types.js';
export type * from './backend.js';
export type * from './fused-table.js';
export type { Tensor } from './tensor.js';
export type { Tree } from './tree.js';
export type { CreateOptions, Nested, TensorData } from './create.js';
export type { Differentiation, Op, OpFunction } from './define-op.js';
export type { BackendLoader } from './registry.js';
export { newestId, reclaimedByCollector } from './tensor.js';
export { isTensor, requireTensor } from './is-tensor.js';
export { discard, keep, owns, scope } from './scope.js';
export { disposeTree } from './dispose-tree.js';
export { leaves, mapTree } from './tree.js';
export { defaultBackend, registerBackend, useBackend } from './registry.js';
export { full, ones, tensor, transfer, zeros } from './create.js';
export { defineOp } from './define-op.js';
export { applyFused, whyNot } from './fused.js';
export { openFused, type SessionName, type TensorSession } from './fused-session.js';
export { checkpoint } from './checkpoint.js';
export { customGrad, type CustomGradient } from './custom-grad.js';
export { grad, valueAndGrad } from './grad.js';
export {
  checkedCount,
  checkedFinite,
  checkedFlag,
  checkedFloats,
  checkedName,
  checkOptions,
  checkShapes,
  type ExpectedShapes,
} from './checks.js';
export { didYouMean } from './suggest.js';
export { broadcastShapes, checkedSize, normalizeAxis, sameShape, sizeOf } from './shape.js';
export { activation, type Activation, type ActivationFunction, type ActivationName } from './activations.js';
export * from './ops/index.js';
export {
  constant,
  drawnValues,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  identity,
  initializer,
  lecunNormal,
  lecunUniform,
  onesInitializer,
  orthogonal,
  randomNormal,
  randomUniform,
  setRandomSeed,
  truncatedNormalInitializer,
  varianceScaling,
  zerosInitializer,
  type Initializer,
  type InitializerName,
} from './random/index.js';
