/** A team of threads in a page, whose own thread may not sleep: the bits of one thread. */
import { expectEqual, it, whole } from '../../../../tools/browser/page.js';
import { make } from '../../src/backend.js';
import { back, configuration, cotangents } from '../configurations.js';

for (const threads of [2, 3]) {
  it(`${threads} threads give the bits of one, there and back`, async () => {
    const one = await make({});
    const team = await make({ threads }, () => true);
    try {
      expectEqual(team.engine, { build: 'simd', threads });
      for (let seed = 2000; seed < (whole ? 2100 : 2020); seed++) {
        const c = configuration(seed);
        const given = cotangents(c, seed);
        expectEqual([seed, numbers(back(team, c, given))], [seed, numbers(back(one, c, given))]);
      }
    } finally {
      team.dispose!();
      one.dispose!();
    }
  });
}

/** Arrays as text that tells −0 and NaN. */
const numbers = (from: ReturnType<typeof back>): string[][] =>
  [...from.outputs, ...from.gradients].map((x) => Array.from(x ?? [], (v) => (Object.is(v, -0) ? '-0' : String(v))));

it('one thread computes in a page that is not isolated, and says so', async () => {
  Object.defineProperty(globalThis, 'crossOriginIsolated', { value: false, configurable: true });
  try {
    const { engine, dispose } = await make({ threads: 2 });
    dispose!();
    expectEqual(
      [engine.threads, engine.fallback?.slice(0, 63)],
      [1, 'one thread: threads need a page that is cross-origin isolated: '],
    );
  } finally {
    delete (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated;
  }
});
