/** @recurra/core/debug: what is alive, and where it was made. */
export { traced, type AliveBuffer, type Traced } from './traced.js';
