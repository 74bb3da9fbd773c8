/** What every backend promises, in a browser. */
import { describeWith } from '@recurra/conformance-tests';
import { describe, it, whole } from '../../../../tools/browser/page.js';
import { cpu } from '../../src/index.js';

describeWith({ describe, it }, 'cpu', () => cpu(), {
  only: whole ? undefined : ['contract', 'storage', 'kernels', 'cells/lstm', 'fused/gru'],
});
