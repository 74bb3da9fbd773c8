/**
 * What options mean where a default or an edge could take their place: numbers of Keras 3.15.1 on TensorFlow 2.21, made with
 * `layer(x, initial_state=h, training=True)`, x = linspace(−1, 1, 12) as [2, 2, 3], h as below (an LSTM's c too), kernels by
 * GlorotUniform of seeds 1 and 2.
 */
import { cpu } from '@recurra/backend-cpu';
import { withoutFused } from '@recurra/conformance-tests';
import { gruCell, lstmCell, rnn, simpleRNNCell, type Cell, type Floats } from '@recurra/cells';
import { glorotUniform, RecurraError, scope, tensor } from '@recurra/core';
import { describe, expect, it } from 'vitest';

const x = Float32Array.from({ length: 12 }, (_, i) => -1 + (2 * i) / 11);
const h = [0.5, -0.25, 1, 0.75];
const common = {
  units: 2,
  kernelInitializer: glorotUniform({ seed: 1 }),
  recurrentInitializer: glorotUniform({ seed: 2 }),
};

describe.each([
  ['cpu', () => cpu()],
  ['cpu, composed', () => withoutFused(cpu())],
] as const)('%s', (_, make) => {
  function outputs(cell: unknown, names: readonly string[], options: object = {}): number[] {
    const backend = make();
    const any = cell as Cell<object & never, object & never>;
    return scope(() => {
      const initialState = Object.fromEntries(names.map((name) => [name, tensor(h, [2, 2], { backend })])) as never;
      const given: Floats = tensor(x, [2, 2, 3], { backend });
      return [...rnn(any, any.init(3, { backend }), given, { initialState, ...options }).outputs.dataSync()];
    });
  }
  const expectKeras = (ours: readonly number[], keras: readonly number[]): void => {
    expect(ours).toHaveLength(keras.length);
    keras.forEach((e, i) => expect(Math.abs(ours[i]! - e)).toBeLessThan(1e-6));
  };

  // prettier-ignore
  it.each([
    ['simpleRNN, activation', simpleRNNCell({ ...common, activation: null }), 'h', [-0.4646768271923065, 0.15684039890766144, 1.266862392425537, 0.5293607711791992]],
    ['lstm, activation', lstmCell({ ...common, activation: null }), 'h c', [0.2840650677680969, 0.10726840794086456, 0.11982156336307526, 0.048113711178302765]],
    ['lstm, recurrentActivation', lstmCell({ ...common, recurrentActivation: null }), 'h c', [-0.12514278292655945, 0.03967772051692009, 0.015369335189461708, 0.05286252871155739]],
    ['gru, activation', gruCell({ ...common, activation: null }), 'h', [0.7576740384101868, 0.14130738377571106, -0.37140336632728577, -0.04906557500362396]],
    ['gru, recurrentActivation', gruCell({ ...common, recurrentActivation: null }), 'h', [0.577039361000061, 0.1516341269016266, -0.08644834160804749, -0.2772027850151062]],
  ] as const)('null is linear: %s', (__, cell, names, keras) => {
    expectKeras(outputs(cell, names.split(' ')), keras);
  });

  // prettier-ignore
  it.each([
    ['dropout', { dropout: 1, recurrentDropout: 0.4 }, [
      [0.5865322947502136, 0.4278983175754547, 0.9558043479919434, 0.9195205569267273],
      [0, 0, 0.4333497881889343, 0.46606484055519104],
      [0.5865322947502136, 0.4278983175754547, 0.4333497881889343, 0.46606484055519104],
    ]],
    ['recurrentDropout', { dropout: 0.3, recurrentDropout: 1 }, [
      [-0.4367716312408447, 0.07265472412109375, 0.7660373449325562, -0.3405742347240448],
      [0, 0, -0.01862233318388462, -0.24871519207954407],
      [-0.4918203055858612, 0.05687291920185089, -0.01862233318388462, -0.24871519207954407],
    ]],
  ] as const)('a SimpleRNN draws nothing for a %s of 1', (__, rates, calls) => {
    const cell = simpleRNNCell({ ...common, ...rates, seed: 11 });
    expect(cell.draws).toBe(1);
    calls.forEach((keras, dropoutCounter) => {
      expectKeras(outputs(cell, ['h'], { training: true, dropoutCounter }), keras);
    });
  });

  it('says that it is the dropoutCounter when draws cannot be counted so far', () => {
    const cell = lstmCell({ ...common, dropout: 0.1, recurrentDropout: 0.1 });
    const run = (dropoutCounter: number) => () => outputs(cell, ['h', 'c'], { training: true, dropoutCounter });
    expect(run(2e12)).not.toThrow();
    for (const far of [2e12 + 1, 2 ** 52, Number.MAX_SAFE_INTEGER]) {
      expect(run(far)).toThrow(RecurraError);
      expect(run(far)).toThrow(/^\[rnn\] dropoutCounter/);
    }
  });
});
