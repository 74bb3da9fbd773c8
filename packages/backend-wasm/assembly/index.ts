// What the host calls. Each function takes byte offsets (usize), sizes (i32) and values, and never allocates.
export { heapBase, fill32, fill8 } from './fill';
export { unaryFloat, unaryInt, logicalNot } from './unary';
export { binary, power, binaryBool, compareFloat, compareInt, where32, where8 } from './binary';
export { copy32, copy8, gather, cast } from './copy';
export { reduceFloat, reduceInt, fill64, demote, argFloat, argInt, scatterFloat, scatterInt } from './reduce';
export { packPanels, product, tile4, tile1, transpose32 } from './matmul';
export { softmax } from './softmax';
export * from './recurrent';
export { layerNorm } from './layer-norm';
export { additiveScores, additiveScoresBack, attendRows, attendRowsBack } from './attention';
