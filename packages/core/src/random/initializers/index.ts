/** Keras's initializers. Those whose names a tensor or a draw already has end in Initializer. */
export type { FanAxes, Initializer, SeedOptions } from './initializer.js';
export type { OrthogonalOptions } from './orthogonal.js';
export type { RandomNormalOptions, RandomUniformOptions } from './random.js';
export type { ScaledOptions, VarianceScalingOptions } from './variance-scaling.js';
export type { InitializerName } from './by-name.js';
export { drawnValues } from './drawn-values.js';
export { constant, onesInitializer, zerosInitializer } from './constant.js';
export { identity } from './identity.js';
export { randomNormal, randomUniform, truncatedNormalInitializer } from './random.js';
export {
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  lecunNormal,
  lecunUniform,
  varianceScaling,
} from './variance-scaling.js';
export { orthogonal } from './orthogonal.js';
export { initializer } from './by-name.js';
