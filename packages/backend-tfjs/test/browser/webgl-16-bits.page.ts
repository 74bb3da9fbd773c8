/** WebGL with 16-bit textures, as phones have them: it says so, and is as right as they allow. */
import '@tensorflow/tfjs-backend-webgl';
import { describeWith, parseKnownFailures } from '@recurra/conformance-tests';
import { enableProdMode, env } from '@tensorflow/tfjs-core';
import { describe, expectEqual, it, whole } from '../../../../tools/browser/page.js';
import { tfjs } from '../../src/index.js';
import { coarse } from './part.js';
import known from './known-webgl-16-bits.txt';

enableProdMode();
env().set('WEBGL_FORCE_F16_TEXTURES', true);
env().set('WEBGL_CPU_FORWARD', false);
const webgl = () => tfjs({ engine: 'webgl' });

it('has 16 bits', async () => {
  expectEqual((await webgl()).precision, 16);
});

describeWith({ describe, it }, 'tfjs webgl, 16 bits', webgl, {
  known: parseKnownFailures(known),
  only: whole ? ['contract', 'storage', 'kernels/matmul', 'kernels/reduce', 'cells/gru/last-output'] : coarse,
});
