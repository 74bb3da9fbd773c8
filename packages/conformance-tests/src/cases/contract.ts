/** What a backend says of itself, and that everything required is there. */
import { defineCases } from '../case.js';
import { kernelNames } from '../decorate.js';
import { kernel, on } from './on.js';
import { random } from './random.js';

export const contractCases = defineCases('contract', {
  'name-and-precision': ({ backend, same }) => {
    void same(typeof backend.name === 'string' && backend.name.length > 0, true);
    void same([16, 32, 64].includes(backend.precision), true);
  },

  'kernels-are-there': ({ backend, same }) => {
    void same(
      kernelNames.filter((name) => typeof backend[name] !== 'function'),
      [],
    );
  },

  'storage-is-there': ({ backend, same }) => {
    void same(
      (['upload', 'read', 'free'] as const).filter((name) => typeof backend[name] !== 'function'),
      [],
    );
  },

  // A handle that is a promise would be a kernel that waits: only read does.
  'kernels-do-not-wait': (t) => {
    const { floats } = on(t.backend);
    const waits = (handle: object): boolean => 'then' in handle;
    const x = floats(random(1, [2, 3]));
    kernel([2, 3], 'float32', [x], (kernels, [operand], out) => {
      const handle = kernels.unary('neg', operand!, out);
      void t.same(waits(handle), false);
      return handle;
    });
  },

  'read-gives-a-promise': {
    async wait({ backend, same }) {
      const handle = backend.upload(Int32Array.of(3, 1), { shape: [2], dtype: 'int32' });
      const reading = backend.read({ handle, shape: [2], dtype: 'int32' });
      await same(typeof reading.then, 'function');
      await same(await reading, Int32Array.of(3, 1));
      backend.free(handle);
    },
  },

  // Presence is the capability: whatever stands in `fused` can be asked and run.
  'fused-kernels-can-be-asked': {
    skip: (backend) => (backend.fused === undefined ? `${backend.name} has no fused kernels` : undefined),
    run({ backend, same }) {
      for (const [name, one] of Object.entries(backend.fused!)) {
        void same([name, typeof one.accepts, typeof one.run], [name, 'function', 'function']);
        // A gradient needs both: the run that keeps residuals, and the rule that uses them.
        void same(
          [name, 'vjp' in one && one.vjp !== undefined],
          [name, 'runForGradient' in one && one.runForGradient !== undefined],
        );
      }
    },
  },
});
