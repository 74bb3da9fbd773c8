/** @recurra/backend-tfjs: an engine of TensorFlow.js as a backend, for applications that have one already. */
export { fromTf, toTf } from './border.js';
export { tfjs, type TfjsOptions } from './tfjs.js';
export type { EngineName } from './engine.js';
export type { TfHandle } from './handle.js';
