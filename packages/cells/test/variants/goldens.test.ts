/** Each variant against numbers of PyTorch, Keras and onnxruntime (make-goldens.py says which): outputs, states, gradients. */
import { cpu } from '@recurra/backend-cpu';
import {
  coupledLSTMCell,
  gruCell,
  layerNormLSTMCell,
  lstmCell,
  minimalGatedCell,
  peepholeLSTMCell,
  projectedLSTMCell,
  residual,
  rnn,
  zoneout,
  type Cell,
  type Floats,
} from '@recurra/cells';
import { referenceBackend } from '@recurra/conformance-tests';
import { add, mul, scope, sum, tensor, valueAndGrad, type Backend } from '@recurra/core';
import { describe, expect, it } from 'vitest';
import goldens from './goldens.json' with { type: 'json' };

type Numbers = { readonly shape: readonly number[]; readonly data: readonly number[] };
type ByName<T> = Readonly<Record<string, T>>;
type Named = ByName<Floats>;
type AnyCell = Cell<Named, Named>;

interface Golden {
  readonly cell: keyof typeof factories;
  readonly options: object;
  readonly wrapper?: { readonly name: 'zoneout' | 'residual'; readonly options?: object };
  readonly how: {
    readonly reverse: boolean;
    readonly returnSequences: boolean;
    readonly zeroOutputForMask: boolean;
    readonly dropoutCounter: number | null;
  };
  readonly mask: number[][] | null;
  readonly params: ByName<Numbers>;
  readonly x: Numbers;
  readonly initialState: ByName<Numbers> | null;
  readonly outputs: Numbers;
  readonly state: ByName<Numbers>;
  readonly cotangents?: ByName<Numbers>;
  readonly gradients?: ByName<Numbers>;
}

const factories = {
  peephole: peepholeLSTMCell,
  projected: projectedLSTMCell,
  layerNorm: layerNormLSTMCell,
  coupled: coupledLSTMCell,
  minimal: minimalGatedCell,
  lstm: lstmCell,
  gru: gruCell,
};

function cellOf({ cell, options, wrapper }: Golden): AnyCell {
  const made = (factories[cell] as unknown as (options: object) => AnyCell)(options);
  if (wrapper?.name === 'zoneout') return zoneout(made, wrapper.options as Parameters<typeof zoneout>[1]);
  return wrapper?.name === 'residual' ? residual(made) : made;
}

function inputsOf(golden: Golden, backend: Backend) {
  const on = ({ shape, data }: Numbers): Floats => tensor([...data], shape, { dtype: 'float32', backend });
  const all = (numbers: ByName<Numbers>): Named =>
    Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, on(value)]));
  // What is masked must not matter.
  const data = [...golden.x.data];
  const features = golden.x.shape[2]!;
  golden.mask?.flat().forEach((valid, step) => valid === 0 && data.fill(NaN, step * features, (step + 1) * features));
  const { dropoutCounter, ...how } = golden.how;
  return {
    params: all(golden.params),
    x: on({ shape: golden.x.shape, data }),
    ...(golden.initialState && { initialState: all(golden.initialState) }),
    cotangents: all(golden.cotangents ?? {}),
    options: {
      ...how,
      ...(dropoutCounter !== null && { training: true, dropoutCounter }),
      mask: golden.mask && tensor(golden.mask, undefined, { backend }),
    },
  };
}

async function expectClose(ours: Floats, expected: Numbers, tolerance: number): Promise<void> {
  expect(ours.shape).toEqual(expected.shape);
  const numbers = await ours.raw();
  const worst = Math.max(...expected.data.map((e, i) => Math.abs(numbers[i]! - e) / (1 + Math.abs(e))));
  expect(worst).toBeLessThanOrEqual(tolerance);
}

const engines: readonly [name: string, make: () => Backend, tolerance: number][] = [
  ['reference, float64', referenceBackend, 1e-12],
  ['cpu', () => cpu(), 2e-6],
];
const cases = (goldens.cases as unknown as Golden[]).map((golden, i) => {
  const { cell, wrapper, options, how, mask } = golden;
  const label = `${i} ${wrapper ? `${wrapper.name} of ` : ''}${cell}${mask ? ', masked' : ''}`;
  return [`${label} ${JSON.stringify({ ...options, ...how })}`, golden] as const;
});

describe.each(engines)('%s', (_, make, tolerance) => {
  it.each(cases)('%s', async (__, golden) => {
    const backend = make();
    const made = scope(() => {
      const { params, x, initialState, options } = inputsOf(golden, backend);
      return rnn(cellOf(golden), params, x, { ...options, ...(initialState && { initialState }) });
    });
    await expectClose(made.outputs, golden.outputs, tolerance);
    expect(Object.keys(made.state)).toEqual(Object.keys(golden.state));
    for (const [name, expected] of Object.entries(golden.state)) {
      await expectClose(made.state[name]!, expected, tolerance);
      made.state[name]!.dispose();
    }
    made.outputs.dispose();
    expect(backend.live!()).toBe(0);
  });

  it.each(cases.filter(([, { gradients }]) => gradients))('gradients of %s', async (__, golden) => {
    const backend = make();
    const found = scope(() => {
      const { options, cotangents, ...given } = inputsOf(golden, backend);
      const [, grads] = valueAndGrad(({ params, x, initialState }: typeof given) => {
        const y = rnn(cellOf(golden), params, x, { ...options, ...(initialState && { initialState }) });
        return Object.entries(y.state).reduce(
          (total, [name, s]) => add(total, sum(mul(s, cotangents[name]!))),
          sum(mul(y.outputs, cotangents['outputs']!)),
        );
      })(given);
      return { ...grads.params, ...grads.initialState, x: grads.x } as Named;
    });
    // Where a row of few features hardly varies, layer norm divides by little: roundings grow by as much.
    const allowed = golden.cell === 'layerNorm' ? 2 * tolerance : tolerance;
    expect(Object.keys(found).sort()).toEqual(Object.keys(golden.gradients!).sort());
    for (const [name, expected] of Object.entries(golden.gradients!)) {
      await expectClose(found[name]!, expected, allowed);
      found[name]!.dispose();
    }
    expect(backend.live!()).toBe(0);
  });
});

it('has cases of every variant, trained and not', () => {
  const kinds = new Set(
    cases.map(([, { cell, wrapper, how }]) => `${wrapper?.name ?? cell} ${how.dropoutCounter !== null}`),
  );
  for (const kind of ['peephole', 'projected', 'layerNorm', 'coupled', 'minimal', 'zoneout', 'residual']) {
    expect([...kinds]).toEqual(expect.arrayContaining([`${kind} true`, `${kind} false`]));
  }
});
