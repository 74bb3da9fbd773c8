/** Every op, by name. */
export { add } from './add.js';
export { broadcastTo } from './broadcast-to.js';
export { concat } from './concat.js';
export { logicalAnd } from './logical-and.js';
export { matmul } from './matmul.js';
export { mul } from './mul.js';
export type { ReduceOptions } from './reduction.js';
export { reshape } from './reshape.js';
export { slice } from './slice.js';
export { square } from './square.js';
export { stack } from './stack.js';
export { sub } from './sub.js';
export { sum } from './sum.js';
export { tanh } from './tanh.js';
export { cast } from './cast.js';
export { split } from './split.js';
export { where } from './where.js';
