/** What a backend and its suite look like to TypeScript: the contract, the suite's results. Type-checked, never run. */
import { useBackend, type Backend, type HostArray, type Kernels, type Operand, type Spec } from '@recurra/core';
import { decorated, formatReport, referenceBackend, runSuite, type Report } from '@recurra/conformance-tests';
import { describeBackend } from '@recurra/conformance-tests/node';
import { tfjs } from '@recurra/backend-tfjs';
import { is } from './same.js';

interface Mine {
  readonly numbers: HostArray;
}
declare const kernels: Kernels<Mine>;
const mine: Backend<Mine> = {
  ...kernels,
  name: 'mine',
  precision: 32,
  upload: (data: HostArray, spec: Spec) => ({ numbers: data.slice(0, spec.shape.length) }),
  read: async (x: Operand<Mine>) => x.handle.numbers.slice(),
  free: () => undefined,
};
is<Promise<Backend<Mine>>>()(useBackend(mine));
is<Promise<Report>>()(runSuite(() => mine, { only: 'kernels', decorate: (backend) => decorated(backend, {}) }));
is<string>()(formatReport(await runSuite(async () => referenceBackend())));
describeBackend('mine', () => mine, { known: { 'kernels/unary/expm1-relative': 'a reason' } });
void useBackend(tfjs({ engine: 'cpu' }));

// @ts-expect-error what is read comes as a promise
const blocking: Backend<Mine> = { ...mine, read: (x: Operand<Mine>) => x.handle.numbers };
// @ts-expect-error 16, 32 or 64 bits
const bits: Backend<Mine> = { ...mine, precision: 8 };
// @ts-expect-error there is no such engine
void tfjs({ engine: 'gpu' });
void [blocking, bits];
