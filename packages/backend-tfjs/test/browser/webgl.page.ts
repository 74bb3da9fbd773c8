/** What every backend promises, on WebGL with 32-bit textures. */
import '@tensorflow/tfjs-backend-webgl';
import { describeWith, parseKnownFailures } from '@recurra/conformance-tests';
import { enableProdMode, env } from '@tensorflow/tfjs-core';
import { describe, expectEqual, it, whole } from '../../../../tools/browser/page.js';
import { tfjs } from '../../src/index.js';
import { counted, without } from './counted.js';
import { kernels, samples } from './part.js';
import known from './known-webgl.txt';

enableProdMode();
// tfjs would compute what is small on its own cpu engine, and the suite is small.
env().set('WEBGL_CPU_FORWARD', false);
const draws = counted(WebGL2RenderingContext.prototype, 'drawElements');
const webgl = () => tfjs({ engine: 'webgl' });

it('draws once or more for each kernel', async () => {
  expectEqual(without(draws, await webgl()), []);
});

it('could tell if it did not', async () => {
  env().set('WEBGL_CPU_FORWARD', true);
  const forwarded = without(draws, await webgl());
  env().set('WEBGL_CPU_FORWARD', false);
  expectEqual(forwarded.includes('neg'), true);
});

it('has 32 bits', async () => {
  expectEqual((await webgl()).precision, 32);
});

describeWith({ describe, it }, 'tfjs webgl', webgl, {
  known: parseKnownFailures(known),
  only: whole ? undefined : [...kernels, ...samples],
});
