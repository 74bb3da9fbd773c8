// The fused recurrent kernels, and the tiles that must stay functions of their own.
export { gemm, gemmTile2, gemmTile6 } from './gemm';
export { gemv, gemvPair, gemvRow1, gemvRow2, gemvRow3, gemvRow4 } from './gemv';
export { packBlock, packPairs, padRows } from './pack';
export { activate, tanhRows, sigmoidRows } from './activations';
export { recur } from './recurrence';
export { recurBack } from './backward';
export { join } from './team';
