/** Large weights for one row lie in pairs of panels, and give the bits that they give in a batch. */
import { type Backend, type HostArray } from '@recurra/core';
import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { make } from '../src/backend.js';
import { inPairs } from '../src/fused/weights.js';
import { cellOf } from '../src/fused/cells.js';
import { back, cotangents, kernelOf, randomFrom, upload, type Configuration, type Given } from './configurations.js';

/** Bits as text: arrays of this size are compared for seconds. */
const bits = (numbers: readonly (HostArray | null)[]): string[] =>
  numbers.map((x) =>
    x === null
      ? 'none'
      : createHash('sha1')
          .update(new Uint8Array(x.buffer, x.byteOffset, x.byteLength))
          .digest('hex'),
  );

/** Sizes where both kernels, or the recurrent one alone, or neither, is large; panels and rows that are not whole. */
const sizes = [
  ['lstm', 300, 299],
  ['lstm', 7, 256],
  ['gru', 301, 303],
  ['gru', 5, 304],
  ['simpleRNN', 515, 520],
  ['simpleRNN', 530, 521],
] as const;

function large(
  name: Configuration['name'],
  inputs: number,
  units: number,
  batch: number,
  resetAfter = true,
): Configuration {
  const next = randomFrom(units);
  const floats = (...shape: number[]): Given => ({
    data: Float32Array.from({ length: shape.reduce((n, k) => n * k, 1) }, () => next() / 8),
    shape,
  });
  const gates = { simpleRNN: 1, lstm: 4, gru: 3 }[name];
  const dims = { batch, time: 3, inputs, units };
  const weights = [floats(inputs, gates * units), floats(units, gates * units)];
  const bias = name === 'gru' && resetAfter ? floats(2, gates * units) : floats(gates * units);
  const rows = [floats(2, 3, inputs), floats(2, units), ...(name === 'lstm' ? [floats(2, units)] : [])];
  const [x, ...states] = rows.map(({ data, shape }): Given => {
    const n = (data.length / 2) * batch;
    return { data: data.slice(0, n), shape: [batch, ...shape.slice(1)] };
  });
  return {
    name,
    dims,
    spec: {
      dims,
      activation: 'tanh',
      recurrentActivation: 'sigmoid',
      resetAfter,
      reverse: false,
      returnSequences: true,
      zeroOutputForMask: false,
    },
    inputs: [x!, ...weights, bias, ...states, null],
  };
}

function outputs(backend: Backend, c: Configuration): HostArray[] {
  const inputs = c.inputs.map((x) => upload(backend, x));
  const made = kernelOf(backend, c.name).run(c.spec, inputs);
  const numbers = made.map((y) => backend.readSync!(y));
  for (const x of [...inputs, ...made]) if (x) backend.free(x.handle);
  return numbers;
}

const first = (numbers: readonly (HostArray | null)[]): (HostArray | null)[] =>
  numbers.map((x) => x && x.slice(0, x.length / 2));

it.each(sizes)('%s of %i inputs and %i units: one row has the bits that it has in a batch', async (name, F, u) => {
  const backend: Backend = await make({});
  const team: Backend = await make({ threads: 2 }, () => true);
  for (const resetAfter of name === 'gru' ? [true, false] : [true]) {
    const [one, two] = [large(name, F, u, 1, resetAfter), large(name, F, u, 2, resetAfter)];
    const expected = bits(first(outputs(backend, two)));
    expect(bits(outputs(backend, one))).toEqual(expected);
    expect(bits(outputs(team, one))).toEqual(expected);

    const stream = { ...one.spec, dims: { ...one.dims, time: 1 } };
    for (const each of [backend, team]) {
      const params = one.inputs.map((x, i) => (i === 0 ? null : upload(each, x)));
      const session = kernelOf(each, name).open(stream, params);
      const out = new Float32Array(u);
      const steps = [0, 1, 2].flatMap((t) => {
        session.step(one.inputs[0]!.data.slice(t * F, t * F + F) as Float32Array, out);
        return Array.from(out);
      });
      session.close();
      for (const x of params) if (x) each.free(x.handle);
      expect(bits([Float32Array.from(steps)])).toEqual([expected[0]]);
    }

    const given = cotangents(one, 1);
    const [there, again] = [backend, team].map((each) => back(each, one, given));
    expect(bits(again!.gradients)).toEqual(bits(there!.gradients));
    expect(bits(there!.outputs)).toEqual(expected);
  }
  expect([backend.live!(), team.live!()]).toEqual([0, 0]);
  team.dispose!();
});

it('only what is large, for one row, and does not reach from gate to gate', () => {
  const lstm = cellOf('lstm', {} as never);
  expect(inPairs(lstm, 1, 256, 256)).toBe(true);
  expect(inPairs(lstm, 2, 256, 256)).toBe(false);
  expect(inPairs(lstm, 1, 248, 256)).toBe(false);
  expect(inPairs(lstm, 1, 296, 296)).toBe(false);
});
