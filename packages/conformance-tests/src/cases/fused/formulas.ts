/** Fused kernels that are not recurrent, each beside its formula in ops. */
import { attend, causalMask, combineMasks } from '@recurra/attention';
import {
  activation,
  add,
  applyFused,
  div,
  matmul,
  mean,
  mul,
  scope,
  softmax,
  sqrt,
  square,
  sub,
  type ActivationName,
  type FusedName,
  type FusedSpecOf,
} from '@recurra/core';
import { defineCases, type CaseEntry, type Numbers, type Testing } from '../../case.js';
import { on, type Floats } from '../on.js';
import { random } from '../random.js';
import { both, missing } from './both.js';

export const formulaCases = defineCases('fused', {
  'softmax/sizes': {
    skip: (backend) => missing(backend, 'softmax', { shape: [2, 3] }),
    async wait(t) {
      for (const shape of [
        [2, 3],
        [1, 1],
        [4, 17],
        [2, 3, 65],
        [2, 300],
      ]) {
        await both(t, 'softmax', (backend) =>
          scope(() => [softmax(on(backend).floats(random(shape.length, shape, 3)))]),
        );
      }
    },
  },
  'softmax/infinities': {
    skip: (backend) => missing(backend, 'softmax', { shape: [3, 3] }),
    wait: (t) =>
      both(t, 'softmax', (backend) =>
        scope(() => [softmax(on(backend).floats({ shape: [3, 3], data: [-Infinity, 0, 1, 1000, 999, 0, NaN, 1, 2] }))]),
      ),
  },
  'layerNorm/formula': {
    skip: (backend) => missing(backend, 'layerNorm', { shape: [3, 17], epsilon: 0.001 }),
    wait: (t) =>
      formula(
        t,
        'layerNorm',
        { shape: [3, 17], epsilon: 0.001 },
        [random(1, [3, 17]), random(2, [17]), random(3, [17])],
        (x, scale, offset) => {
          const centred = sub(x!, mean(x!, { axis: -1, keepDims: true }));
          const deviation = sqrt(add(mean(square(centred), { axis: -1, keepDims: true }), 0.001));
          return [add(mul(div(centred, deviation), scale!), offset!)];
        },
      ),
  },
  'linear/formula': {
    skip: (backend) => missing(backend, 'linear', { rows: 3, inputs: 5, units: 17, activation: 'tanh' }),
    async wait(t) {
      for (const name of ['linear', 'tanh', 'relu'] as const satisfies readonly ActivationName[]) {
        const spec = { rows: 3, inputs: 5, units: 17, activation: name };
        if (missing(t.backend, 'linear', spec) !== undefined) continue;
        const numbers = [random(1, [3, 5]), random(2, [5, 17], 0.5), random(3, [17])];
        await formula(t, 'linear', spec, numbers, (x, kernel, bias) => [
          activation(name).apply(add(matmul(x!, kernel!), bias!)),
        ]);
        await formula(t, 'linear', spec, [...numbers.slice(0, 2), null], (x, kernel) => [
          activation(name).apply(matmul(x!, kernel!)),
        ]);
      }
    },
  },
  // What it cannot do it says in words, and then nobody asks it.
  'linear/accepts': {
    skip: (backend) => missing(backend, 'linear', { rows: 3, inputs: 5, units: 17, activation: 'tanh' }),
    run: ({ backend, same }) => {
      const unknown = { rows: 3, inputs: 5, units: 17, activation: 'noSuchActivation' };
      void same(typeof missing(backend, 'linear', unknown), 'string');
    },
  },
  'linear/seventy-rows': {
    skip: (backend) => missing(backend, 'linear', { rows: 70, inputs: 70, units: 70, activation: 'tanh' }),
    wait: (t) =>
      formula(
        t,
        'linear',
        { rows: 70, inputs: 70, units: 70, activation: 'tanh' },
        [random(1, [70, 70]), random(2, [70, 70], 0.2), random(3, [70])],
        (x, kernel, bias) => [activation('tanh').apply(add(matmul(x!, kernel!), bias!))],
      ),
  },
  'attention/plain': attentionCase(false, null),
  'attention/causal': attentionCase(true, null),
  // A row with nothing valid gets uniform weights.
  'attention/masked': attentionCase(false, [1, 1, 0, 1, 0, 0, 0, 0, 1, 1, 1, 1, 0, 1, 1, 0, 1, 0, 0, 0, 0, 0, 1, 0]),
});

function attentionCase(causal: boolean, mask: readonly number[] | null): CaseEntry {
  const dims = { batch: 2, queries: 3, keys: 4, width: 5, values: 2 };
  const spec = { score: 'scaledDot', scale: 0.5, causal, dims } as const;
  return {
    skip: (backend) => missing(backend, 'attention', spec),
    wait: (t) =>
      both(t, 'attention', (backend) =>
        scope(() => {
          const { floats, bools } = on(backend);
          const [q, k, v] = [random(1, [2, 3, 5]), random(2, [2, 4, 5]), random(3, [2, 4, 2])].map(floats) as [
            Floats,
            Floats,
            Floats,
          ];
          const given = mask && bools({ shape: [2, 3, 4], data: mask });
          const fused = backend.fused && applyFused('attention', spec, [q, k, v, null, given]);
          if (fused) return fused;
          const hidden = combineMasks(given, causal ? causalMask(3, 4, { backend }) : null);
          const { context, weights } = attend(mul(matmul(q, k, { transposeB: true }), 0.5), v, hidden);
          return [context, weights];
        }),
      ),
  };
}

/** What a fused kernel gives beside the same made of ops. */
function formula<N extends FusedName>(
  t: Testing,
  name: N,
  spec: FusedSpecOf<N>,
  numbers: readonly (Numbers | null)[],
  composed: (...inputs: (Floats | null)[]) => Floats[],
): Promise<void> {
  return both(t, name, (backend) =>
    scope(() => {
      const inputs = numbers.map((n) => n && on(backend).floats(n));
      return (backend.fused && applyFused(name, spec, inputs)) ?? composed(...inputs);
    }),
  );
}
