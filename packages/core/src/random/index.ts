/**
 * Random numbers on the host, bit for bit those of Keras 3.15 on TensorFlow's CPU. No tensor and no backend is needed:
 * everything returns typed arrays, row-major.
 */
export type { FloatArrays, FloatType } from './float-types.js';
export type { NormalOptions } from './normal.js';
export type { RandintOptions } from './randint.js';
export type { Seed, SeedPair } from './seed.js';
export type { SeedGenerator } from './seed-generator.js';
export type { TfRandom } from './tf-random.js';
export type { UniformOptions } from './uniform.js';
export { dropoutMask } from './dropout-mask.js';
export { nextSeed, setRandomSeed } from './global-seed.js';
export { normal } from './normal.js';
export { randint } from './randint.js';
export { seedGenerator } from './seed-generator.js';
export { tfRandom } from './tf-random.js';
export { truncatedNormal } from './truncated-normal.js';
export { uniform } from './uniform.js';
export * from './initializers/index.js';
