/** Broken fused kernels. */
import { referenceBackend } from '@recurra/conformance-tests';
import type { Backend } from '@recurra/core';
import { withNaiveFused, type Defects } from '../naive-fused.js';
import type { BackendMutant } from './broken.js';

const fused = (name: string, caughtBy: string, defects: Defects): BackendMutant => ({
  name,
  caughtBy,
  make: () => withNaiveFused(referenceBackend(), defects) as unknown as Backend,
});

export const brokenFused: readonly BackendMutant[] = [
  fused('a fused softmax without a shift', 'ops/softmax/large', { unshiftedSoftmax: true }),
  fused('a fused softmax leaks', 'ops/softmax/last-axis', { leaks: true }),
  fused('the gradient of a fused softmax forgets its sum', 'gradients/softmax', { wrongGradient: true }),
  fused('a fused lstm swaps i and o', 'cells/lstm/last-output', { swapIO: true }),
  fused('a fused lstm ignores its initial state', 'cells/lstm/initial-state', { ignoresInitialState: true }),
  fused('a fused lstm accepts what it cannot do', 'cells/lstm/relu-hard-sigmoid', { acceptsAll: true }),
];
