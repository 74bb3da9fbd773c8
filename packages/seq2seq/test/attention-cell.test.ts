/** A decoder is a cell: what `rnn`, stacks, streams and gradients ask of one; and what padding may not do. */
import { additiveScore, attend, attention, dotScore, generalScore } from '@recurra/attention';
import { cpu } from '@recurra/backend-cpu';
import { gruCell, lstmCell, rnn, simpleRNNCell, stackedRNNCells, stream, type Floats } from '@recurra/cells';
import { referenceBackend, withoutFused } from '@recurra/conformance-tests';
import {
  add,
  concat,
  expandDims,
  grad,
  leaves,
  mapTree,
  matmul,
  mul,
  reshape,
  scope,
  setRandomSeed,
  slice,
  square,
  sum,
  tensor,
  valueAndGrad,
  type Backend,
  type Tensor,
} from '@recurra/core';
import { describe, expect, it } from 'vitest';
import {
  addonsWrapper,
  attentionCell,
  bahdanau,
  bahdanauMechanism,
  hardmaxAlignment,
  luong,
  luongMechanism,
  monotonicAlignment,
  teacherForced,
  type MonotonicMode,
} from '../src/index.js';
import { draw } from './numbers.js';

const engines: readonly [name: string, make: () => Backend, tolerance: number][] = [
  ['reference, float64', referenceBackend, 1e-10],
  ['cpu', () => cpu(), 2e-6],
  ['cpu, composed', () => withoutFused(cpu()), 2e-6],
];
const bools = (rows: readonly (readonly number[])[], backend: Backend): Tensor<'bool'> =>
  tensor(
    rows.map((row) => row.map(Boolean)),
    undefined,
    { dtype: 'bool', backend },
  );

async function expectSame(actual: Tensor, expected: Tensor, tolerance: number): Promise<void> {
  expect(actual.shape).toEqual(expected.shape);
  const [a, e] = [await actual.raw(), await expected.raw()];
  const off = Array.from(a, (x, i) => Math.abs(x - e[i]!) / (1 + Math.abs(e[i]!)));
  expect(Math.max(...off.map((o) => (o === o ? o : Infinity)))).toBeLessThanOrEqual(tolerance);
}

describe.each(engines)('%s', (engine, make, tolerance) => {
  setRandomSeed(23);
  const decoder = attentionCell(lstmCell({ units: 3 }), additiveScore({ units: 4 }), luong({ units: 5 }));
  const [B, T, F, Tk, M] = [2, 4, 3, 5, 2];
  const world = () => {
    const backend = make();
    const { floats } = draw(backend, 3);
    const params = decoder.init({ inputs: F, memory: M }, { backend });
    const mask = bools(
      [
        [1, 0, 1, 1, 0],
        [1, 1, 1, 0, 0],
      ],
      backend,
    );
    return { backend, floats, params, mask, memory: floats([B, Tk, M]), x: floats([B, T, F]) };
  };

  it('hides what stands in the padding of the memory, from outputs and gradients', async () => {
    const { backend, params, mask, memory, x } = world();
    const valid = [1, 0, 1, 1, 0, 1, 1, 1, 0, 0];
    const numbers = Array.from(await memory.raw(), (v, i) => (valid[Math.floor(i / M)] ? v : NaN));
    const holed = tensor(Float64Array.from(numbers), [B, Tk, M], { dtype: 'float32', backend });
    const loss = (all: { memory: Floats; params: typeof params }): Floats =>
      sum(square(rnn(decoder.with(all.memory, mask), all.params, x).outputs));
    const [value, grads] = valueAndGrad(loss)({ memory, params });
    const [holedValue, holedGrads] = valueAndGrad(loss)({ memory: holed, params });
    await expectSame(holedValue, value, 0);
    for (const [i, g] of leaves(holedGrads).entries()) await expectSame(g, leaves(grads)[i]!, 0);
    const g = await grads.memory.raw();
    valid.forEach((ok, j) =>
      expect(Array.from(g.slice(j * M, (j + 1) * M)).every((v) => (v !== 0) === Boolean(ok))).toBe(true),
    );
  });

  it('rows do not see each other', async () => {
    const { params, mask, memory, x } = world();
    const both = teacherForced(decoder.with(memory, mask), params, x);
    for (const b of [0, 1]) {
      const row = <D extends 'float32' | 'bool'>(y: Tensor<D>): Tensor<D> =>
        slice(y, [b, ...y.shape.slice(1).map(() => 0)], [1, ...y.shape.slice(1)]);
      const alone = teacherForced(decoder.with(row(memory), row(mask)), params, row(x));
      await expectSame(alone.outputs, row(both.outputs), tolerance);
      await expectSame(alone.alignments, row(both.alignments), tolerance);
    }
  });

  it('a masked step repeats outputs and alignments, and keeps the state', async () => {
    const { backend, params, mask, memory, x } = world();
    const steps = bools(
      [
        [1, 0, 1, 1],
        [1, 1, 0, 0],
      ],
      backend,
    );
    const cell = decoder.with(memory, mask);
    const { outputs, alignments, state } = teacherForced(cell, params, x, { mask: steps });
    const at = async (y: Floats, b: number, t: number): Promise<number[]> => {
      const D = y.shape[2]!;
      return Array.from((await y.raw()).slice((b * T + t) * D, (b * T + t + 1) * D));
    };
    for (const y of [outputs, alignments]) {
      expect(await at(y, 0, 1)).toEqual(await at(y, 0, 0));
      expect(await at(y, 1, 3)).toEqual(await at(y, 1, 1));
      expect(await at(y, 0, 2)).not.toEqual(await at(y, 0, 1));
    }
    expect(Array.from(await state.alignments.raw()).slice(Tk)).toEqual(await at(alignments, 1, 3));
    const zeroed = teacherForced(cell, params, x, { mask: steps, zeroOutputForMask: true });
    expect(await at(zeroed.alignments, 1, 2)).toEqual([0, 0, 0, 0, 0]);
  });

  it('stands in a stack, below and above other cells, and takes a stack as its cell', async () => {
    const { backend, params, mask, memory, x, floats } = world();
    const cell = decoder.with(memory, mask);
    setRandomSeed(29);
    const above = gruCell({ units: 2 });
    const stack = stackedRNNCells([cell, above]);
    const upper = above.init(5, { backend });
    const { outputs } = rnn(stack, [params, upper], x, { returnSequences: true });
    const lower = rnn(cell, params, x, { returnSequences: true }).outputs;
    await expectSame(outputs, rnn(above, upper, lower, { returnSequences: true }).outputs, tolerance);

    const below = stackedRNNCells([simpleRNNCell({ units: F }), cell]);
    const made = below.init(4, { backend });
    expect(rnn(below, made, floats([B, T, 4])).outputs.shape).toEqual([B, 5]);

    const deep = stackedRNNCells([gruCell({ units: 4 }), lstmCell({ units: 3 })]);
    const wide = attentionCell(deep, generalScore(), bahdanau(), { query: (state) => state[1].h });
    const deepParams = wide.init({ inputs: F, memory: M }, { backend });
    expect(deepParams.score.kernel.shape).toEqual([3, M]);
    const loss = (p: typeof deepParams): Floats => sum(square(rnn(wide.with(memory, mask), p, x).outputs));
    for (const g of leaves(grad(loss)(deepParams))) expect(Array.from(await g.raw()).some((v) => v !== 0)).toBe(true);
  });

  it('streams', async () => {
    const { params, mask, memory, x } = world();
    const cell = decoder.with(memory, mask);
    const whole = await rnn(cell, params, x, { returnSequences: true }).outputs.data();
    const live = stream(cell, params, { batch: B });
    const frames = await x.data();
    for (let t = 0; t < T; t++) {
      const frame = Float32Array.from({ length: B * F }, (__, i) => frames[(Math.floor(i / F) * T + t) * F + (i % F)]!);
      const y = live.step(frame);
      y.forEach((v, i) => expect(v).toBeCloseTo(whole[(Math.floor(i / 5) * T + t) * 5 + (i % 5)]!, 5));
    }
    live.dispose();
  });

  it('with its memory prepared gives the same bits, and frees what it holds', async () => {
    const { backend, params, mask, memory, x } = world();
    const before = backend.live!();
    const cell = decoder.with(memory, mask);
    const ready = cell.prepare(params);
    const again = ready.prepare(params);
    const [a, b, c] = [rnn(cell, params, x), rnn(ready, params, x), rnn(again, params, x)];
    await expectSame(b.outputs, a.outputs, 0);
    await expectSame(c.outputs, a.outputs, 0);
    for (const y of leaves([a, b, c])) y.dispose();
    ready.dispose();
    await expectSame(rnn(again, params, x).outputs, rnn(cell, params, x).outputs, 0);
    again.dispose();
    expect(backend.live!()).toBe(before + 8); // two results of outputs and a state of four
  });

  it('trained for many steps leaves nothing behind', { timeout: 60_000 }, async () => {
    const { backend, params, mask, memory } = world();
    // A handle that is forgotten is one a step, so that a hundred steps show it as well; .ci/run has the thousand.
    const steps = engine !== 'cpu' ? 30 : process.env['RECURRA_TESTS'] === 'whole' ? 1000 : 100;
    const x = draw(backend, 5).floats([B, 2, F]);
    const before = backend.live!();
    let now = params;
    for (let step = 0; step < steps; step++) {
      const next = scope(() => {
        const loss = (p: typeof params): Floats => sum(square(teacherForced(decoder.with(memory, mask), p, x).outputs));
        return mapTree(grad(loss)(now), (g) => add(mul(g as Floats, -0.01), 0.1));
      }) as typeof params;
      if (now !== params) for (const w of leaves(now)) w.dispose();
      now = next;
    }
    expect(backend.live!()).toBe(before + leaves(now).length);
  });

  it('drops what its cell drops', async () => {
    const { backend, mask, memory, x } = world();
    setRandomSeed(29);
    const dropping = attentionCell(lstmCell({ units: 3, dropout: 0.5, seed: 7 }), dotScore(), luong({ units: 4 }));
    const wide = draw(backend, 4).floats([B, Tk, 3]);
    const cell = dropping.with(wide, mask);
    expect(cell.draws).toBe(1);
    const params = cell.init(F);
    const at = (dropoutCounter: number): Floats => rnn(cell, params, x, { training: true, dropoutCounter }).outputs;
    await expectSame(at(2), at(2), 0);
    await expect(expectSame(at(3), at(2), tolerance)).rejects.toThrow('to be less than');
    await expect(expectSame(rnn(cell, params, x).outputs, at(2), tolerance)).rejects.toThrow('to be less than');
    expect(memory.disposed).toBe(false);
  });

  it('draws parameters of the right shapes, the same with and without a memory', async () => {
    setRandomSeed(42);
    const { backend, memory } = world();
    const wrapped = attentionCell(
      gruCell({ units: 3 }),
      bahdanauMechanism({ units: 4, normalize: true }),
      addonsWrapper({ attentionLayerSize: 6 }),
      { alignment: monotonicAlignment({ scoreBiasInit: -2 }) },
    );
    const one = wrapped.init({ inputs: F, memory: M }, { backend });
    const two = wrapped.with(memory).init(F);
    for (const [i, w] of leaves(one).entries()) await expectSame(leaves(two)[i]!, w, 0);
    expect([one.cell.kernel.shape, one.attention.kernel!.shape, one.score.b!.shape]).toEqual([
      [F + 6, 9],
      [3 + M, 6],
      [4],
    ]);
    expect([(await one.score.g!.data())[0], (await one.alignment.scoreBias.data())[0]]).toEqual([0.5, -2]);
    const square3 = bahdanauMechanism({ units: 3 }).init({ query: 3, keys: 3 }, { backend });
    expect(await square3.queryKernel.data()).not.toEqual(await square3.memoryKernel.data());
    const scaled = luongMechanism({ units: 3, scale: true }).init({ query: 3, keys: M }, { backend });
    expect([scaled.memoryKernel.shape, Array.from(await scaled.g!.data())]).toEqual([[M, 3], [1]]);
  });

  it('hardmaxAlignment takes the best valid position, the first among equals', async () => {
    const backend = make();
    const on = (rows: readonly (readonly number[])[]): Floats =>
      tensor(rows.flat(), [rows.length, 1, rows[0]!.length], { dtype: 'float32', backend });
    const scores = on([
      [1, 9, 3, 2],
      [1, 4, 4, -1],
      [-7, -5, -6, 8],
      [3, 1, 2, 5],
    ]);
    const mask = bools(
      [
        [1, 0, 1, 1],
        [1, 1, 1, 1],
        [1, 1, 0, 0],
        [0, 0, 0, 0],
      ],
      backend,
    );
    const values = draw(backend, 8).floats([4, 4, 2]);
    const rows = expandDims(mask, 1);
    const look = { scores, values, mask: rows, previous: scores, softmax: () => attend(scores, values, rows) };
    const { weights, context } = hardmaxAlignment().attend(null, look);
    expect(Array.from(await weights.data())).toEqual([0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0]);
    const v = await values.raw();
    expect(Array.from(await context.raw())).toEqual([2, 5, 9, 12].flatMap((row) => [v[2 * row], v[2 * row + 1]]));
  });

  it('without input feeding runs its cell as if nothing were there', async () => {
    const { params, mask, memory, x, backend } = world();
    const alone = attentionCell(
      lstmCell({ units: 3 }),
      additiveScore({ units: 4 }),
      addonsWrapper({ inputFeeding: false, outputAttention: false }),
    );
    const made = alone.init({ inputs: F, memory: M }, { backend });
    const { outputs } = teacherForced(alone.with(memory, mask), made, x);
    await expectSame(outputs, rnn(lstmCell({ units: 3 }), made.cell, x, { returnSequences: true }).outputs, tolerance);
    expect(made.cell.kernel.shape).toEqual([F, 12]);
    expect(params.cell.kernel.shape).toEqual([F + 5, 12]);
  });

  it('as the cell of another looks at two memories', async () => {
    const { backend, mask, memory, x, floats } = world();
    const second = floats([B, 3, 4]);
    const gru = gruCell({ units: 3 });
    const inner = attentionCell(gru, additiveScore({ units: 4 }), addonsWrapper({ outputAttention: false }));
    const outer = attentionCell(inner.with(memory, mask), generalScore(), addonsWrapper({ attentionLayerSize: 6 }));
    const params = outer.init({ inputs: F, memory: 4 }, { backend });
    const { outputs, alignments } = teacherForced(outer.with(second), params, x);

    // h = gru([x ; a₂ ; c₁]), both look with h: c₁ = look₁(h), a₂ = [h ; look₂(h)] W
    const zeros = (width: number): Floats => tensor(new Float32Array(B * width), [B, width], { backend });
    let [h, c1, a2] = [zeros(3), zeros(M), zeros(6)];
    const q = gru.begin(params.cell.cell, { batch: B, inputs: F + 6 + M, dropoutCounter: null });
    for (let t = 0; t < T; t++) {
      const fed = concat([reshape(slice(x, [0, t, 0], [B, 1, F]), [B, F]), a2, c1], -1);
      [h] = gru.step(q, gru.project(q, fed), { h });
      const query = expandDims(h, 1);
      const one = attention(additiveScore({ units: 4 }), params.cell.score, query, memory, memory, {
        mask: expandDims(mask, 1),
      });
      const two = attention(generalScore(), params.score, query, second);
      c1 = reshape(one.context, [B, M]);
      a2 = matmul(concat([h, reshape(two.context, [B, 4])], -1), params.attention.kernel!);
      await expectSame(a2, reshape(slice(outputs, [0, t, 0], [B, 1, 6]), [B, 6]), tolerance);
      await expectSame(two.weights, slice(alignments, [0, t, 0], [B, 1, 3]), tolerance);
    }
    const loss = (p: typeof params): Floats => sum(square(rnn(outer.with(second), p, x).outputs));
    for (const g of leaves(grad(loss)(params))) expect(Array.from(await g.raw()).some((v) => v !== 0)).toBe(true);
  });

  describe('monotonicAlignment', () => {
    const noisy = (sigmoidNoise: number, seed = 3) => {
      const backend = make();
      const alignment = monotonicAlignment({ mode: 'recursive', sigmoidNoise, seed });
      const of = attentionCell(gruCell({ units: 3 }), luongMechanism({ units: 3 }), addonsWrapper(), { alignment });
      setRandomSeed(5);
      const made = of.init({ inputs: F, memory: M }, { backend });
      // Scores of 0: all there is, is noise.
      const params = { ...made, score: { memoryKernel: mul(made.score.memoryKernel, 0) } };
      const { floats } = draw(backend, 31);
      const [memory, x] = [floats([B, 40, M]), floats([B, 3, F])];
      const at = (how: object): Floats => teacherForced(of.with(memory), params, x, how).alignments;
      return { at, of, params, memory, x, backend };
    };
    it('has noise in training only, of its own in each row, step, position and call', async () => {
      const { at } = noisy(0.7);
      await expectSame(at({}), noisy(0).at({ training: true }), 0);
      await expectSame(at({ training: true }), noisy(0.7).at({ training: true }), 0);
      const again = at({ training: true, dropoutCounter: 1 });
      await expect(expectSame(again, at({ training: true }), 0.001)).rejects.toThrow('to be less than');
      await expect(expectSame(noisy(0.7, 4).at({ training: true }), at({ training: true }), 0.001)).rejects.toThrow(
        'to be less',
      );
      // q_j = (1 − p_{j−1}) q_{j−1} + a′_j and a_j = p_j q_j give p back, and p the noise. Little is left far out.
      const a = await at({ training: true }).raw();
      const noise: number[] = [];
      for (let b = 0; b < B; b++) {
        for (let t = 0; t < 3; t++) {
          let [passed, p] = [0, 0];
          for (let j = 0; j < 6; j++) {
            const before = t === 0 ? Number(j === 0) : a[(b * 3 + t - 1) * 40 + j]!;
            passed = (1 - p) * passed + before;
            p = a[(b * 3 + t) * 40 + j]! / passed;
            noise.push(Math.log(p / (1 - p)));
          }
        }
      }
      expect(new Set(noise.map((e) => e.toFixed(3))).size).toBeGreaterThan(30);
      const mean = noise.reduce((total, e) => total + e) / noise.length;
      const deviation = Math.sqrt(noise.reduce((total, e) => total + (e - mean) ** 2, 0) / noise.length);
      expect(Math.abs(mean)).toBeLessThan(0.35);
      expect(deviation).toBeGreaterThan(0.45);
      expect(deviation).toBeLessThan(0.95);
    });
    it('has other noise at each step inside another cell, and passes gradients', async () => {
      const { of, memory, x, backend } = noisy(0.7);
      const outer = attentionCell(of.with(memory), dotScore(), bahdanau(), { query: (state) => state.cell.h });
      const params = outer.init({ inputs: F, memory: 3 }, { backend });
      const some = draw(backend, 2).floats([B, 2, 3]);
      const loss = (p: typeof params, dropoutCounter: number): Floats =>
        sum(square(rnn(outer.with(some), p, x, { training: true, dropoutCounter }).outputs));
      const [value, grads] = valueAndGrad((p: typeof params) => loss(p, 4))(params);
      await expectSame(loss(params, 4), value, tolerance);
      await expect(expectSame(loss(params, 5), value, tolerance)).rejects.toThrow('to be less than');
      if (backend.precision !== 64) return;
      const moved = (by: number): typeof params => ({
        ...params,
        cell: { ...params.cell, alignment: { scoreBias: tensor([by], [], { backend }) } },
      });
      const [up, down] = [await loss(moved(2 ** -14), 4).raw(), await loss(moved(-(2 ** -14)), 4).raw()];
      const slope = (up[0]! - down[0]!) / 2 ** -13;
      expect((await grads.cell.alignment.scoreBias.raw())[0]).toBeCloseTo(slope, 7);
    });
    const run = (mode: MonotonicMode, sharp = 1) => {
      const { backend, mask, memory, floats } = world();
      setRandomSeed(5);
      const of = attentionCell(gruCell({ units: 3 }), luongMechanism({ units: 3 }), addonsWrapper(), {
        alignment: monotonicAlignment({ mode, scoreBiasInit: 0.2 }),
      });
      const made = of.init({ inputs: F, memory: M }, { backend });
      const params = { ...made, score: { memoryKernel: mul(made.score.memoryKernel, sharp) } };
      const { alignments } = teacherForced(of.with(memory, mask), params, floats([B, 6, F]));
      return alignments;
    };
    it('is the same in parallel and position by position', async () => {
      await expectSame(run('parallel'), run('recursive'), tolerance);
    });
    it('moves forward only: what is left before any position never grows', async () => {
      const a = await run('recursive').raw();
      for (let b = 0; b < B; b++) {
        for (let t = 1; t < 6; t++) {
          let [before, now] = [0, 0];
          for (let j = 0; j < Tk; j++) {
            before += a[(b * 6 + t - 1) * Tk + j]!;
            now += a[(b * 6 + t) * Tk + j]!;
            expect(now).toBeLessThanOrEqual(before + 1e-6);
          }
        }
      }
    });
    it('is hard where every probability is 0 or 1', async () => {
      const hard = await run('hard').raw();
      expect(Array.from(hard).every((w) => w === 0 || w === 1)).toBe(true);
      expect(Array.from(hard).some((w) => w === 1)).toBe(true);
      await expectSame(run('recursive', 1e5), run('hard', 1e5), 1e-6);
    });
  });
});
