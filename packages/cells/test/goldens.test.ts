/** Random layer configurations against the real Keras: fused, and composed op by op. */
import { cpu } from '@recurra/backend-cpu';
import { referenceBackend, withoutFused } from '@recurra/conformance-tests';
import { gruCell, lstmCell, rnn, simpleRNNCell, type Cell, type Floats } from '@recurra/cells';
import { scope, tensor, type ActivationName, type Backend, type Tree } from '@recurra/core';
import { describe, expect, it } from 'vitest';
import goldens from './goldens.json' with { type: 'json' };

type Golden = (typeof goldens.cases)[number];
type Numbers = { readonly shape: readonly number[]; readonly data: readonly number[] };

function cellOf({ layer, config }: Golden): Cell<Tree, Tree> {
  const options = {
    units: config.units,
    useBias: config.use_bias,
    activation: config.activation as ActivationName,
    ...('recurrent_activation' in config && { recurrentActivation: config.recurrent_activation as ActivationName }),
  };
  if (layer === 'SimpleRNN') return simpleRNNCell(options) as unknown as Cell<Tree, Tree>;
  if (layer === 'LSTM') return lstmCell(options) as unknown as Cell<Tree, Tree>;
  return gruCell({ ...options, resetAfter: (config as { reset_after: boolean }).reset_after }) as unknown as Cell<
    Tree,
    Tree
  >;
}

function run(golden: Golden, backend: Backend) {
  const on = ({ shape, data }: Numbers): Floats => tensor(Float32Array.from(data), shape, { backend });
  const [kernel, recurrentKernel, bias] = golden.weights.map(on);
  const params = { kernel, recurrentKernel, ...(bias && { bias }) } as Tree;
  const states = golden.initialState?.map(on);
  const x = [...golden.input.data];
  const features = golden.input.shape[2]!;
  if (golden.paddingIsNaN) {
    golden.mask!.flat().forEach((valid, step) => valid === 0 && x.fill(NaN, step * features, (step + 1) * features));
  }
  const { outputs, state } = rnn(cellOf(golden), params, on({ shape: golden.input.shape, data: x }), {
    reverse: golden.config.go_backwards,
    returnSequences: golden.config.return_sequences,
    zeroOutputForMask: golden.config.zero_output_for_mask,
    ...(golden.mask && { mask: tensor(golden.mask as number[][], undefined, { backend }) }),
    ...(states && { initialState: (states.length === 2 ? { h: states[0], c: states[1] } : { h: states[0] }) as Tree }),
  });
  return { outputs, state: Object.values(state as Record<string, Floats>) };
}

const engines: readonly [name: string, make: () => Backend, tolerance: number][] = [
  ['reference, float64', referenceBackend, 1e-10],
  ['cpu, fused', () => cpu(), 2e-6],
  ['cpu, composed', () => withoutFused(cpu()), 2e-6],
];

describe.each(engines)('%s', (_, make, tolerance) => {
  // Keras keeps the constants of these two in float32 even where it computes in float64.
  const coarse = ({ config }: Golden): boolean => /gelu|leaky_relu/.test(JSON.stringify(config));

  it.each(goldens.cases.map((golden, i) => [`${i} ${golden.layer} ${JSON.stringify(golden.config)}`, golden] as const))(
    '%s',
    async (__, golden) => {
      const backend = make();
      const { outputs, state } = scope(() => run(golden, backend));
      const bound = coarse(golden) ? Math.max(tolerance, 1e-7) : tolerance;
      for (const [ours, keras] of [
        [outputs, golden.outputs],
        ...state.map((s, i) => [s, golden.state[i]!] as const),
      ] as const) {
        expect(ours.shape).toEqual(keras.shape);
        const numbers = await ours.raw();
        keras.data.forEach((e, i) => expect(Math.abs(numbers[i]! - e) / (1 + Math.abs(e))).toBeLessThanOrEqual(bound));
        ours.dispose();
      }
      expect(backend.live!()).toBe(0);
    },
  );
});
