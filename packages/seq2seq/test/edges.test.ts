/** Decoders at their edges: padding that is NaN, sources without a word, saturated scores, segments, states that lose rows. */
import { attend as softmaxed } from '@recurra/attention';
import { gruCell, lstmCell, rnn, segments } from '@recurra/cells';
import { referenceBackend } from '@recurra/conformance-tests';
import {
  add,
  expandDims,
  gather,
  grad,
  leaves,
  mul,
  scope,
  setRandomSeed,
  square,
  sum,
  tensor,
  useBackend,
  type Tensor,
} from '@recurra/core';
import { describe, expect, it } from 'vitest';
import {
  attentionCell,
  bahdanau,
  beamSearch,
  decoderStep,
  greedyDecode,
  hardmaxAlignment,
  luong,
  luongMechanism,
  monotonicAlignment,
  softmaxAlignment,
  teacherForced,
  type Alignment,
  type DecodeStep,
  type Hypothesis,
  type TeacherForcedOptions,
} from '../src/index.js';
import { draw } from './numbers.js';

type Floats = Tensor<'float32'>;
const backend = referenceBackend();
await useBackend(backend);
const [F, M, Tk, U] = [2, 3, 4, 3];

const alignments: Readonly<Record<string, () => unknown>> = {
  softmax: softmaxAlignment,
  hardmax: hardmaxAlignment,
  parallel: () => monotonicAlignment(),
  recursive: () => monotonicAlignment({ mode: 'recursive' }),
  hard: () => monotonicAlignment({ mode: 'hard', scoreBiasInit: 0.5 }),
  'parallel, with noise': () => monotonicAlignment({ sigmoidNoise: 0.5, seed: 3 }),
};

describe.each(Object.entries(alignments))('%s', (_, align) => {
  const random = draw(backend, 17);
  const dropout = { dropout: 0.3, recurrentDropout: 0.2, seed: 4 };
  const decoder = attentionCell(
    lstmCell({ units: U, ...dropout }),
    luongMechanism({ units: U, scale: true }),
    luong({ units: 5 }),
    { alignment: align() as Alignment },
  );
  setRandomSeed(17);
  const params = decoder.init({ inputs: F, memory: M });
  const x = random.floats([2, 5, F]);
  // Numbers that survive being read, so that a copy has the same.
  const clean = tensor(random.floats([2, Tk, M]).dataSync(), [2, Tk, M]);
  /** Every gradient there is: parameters, x, then the memory. */
  const gradients = (memory: Floats, mask: Tensor<'bool'>, options: TeacherForcedOptions<never> = {}): number[][] =>
    scope(() => {
      const loss = (all: { params: typeof params; x: Floats; memory: Floats }): Floats => {
        const made = teacherForced(decoder.with(all.memory, mask), all.params, all.x, options);
        return add(sum(square(made.outputs)), sum(square(made.alignments)));
      };
      return leaves(grad(loss)({ params, x, memory })).map((g) => Array.from((g as Floats).dataSync()));
    });

  it('padding of NaN and a row without anything else reach no gradient', () => {
    const bits = [true, true, false, true, false, false, false, false];
    const strange = Float64Array.from(clean.dataSync(), (v, i) => (bits[Math.floor(i / M)] ? v : NaN));
    const mask = tensor(bits, [2, Tk]);
    const found = gradients(tensor(strange, [2, Tk, M]), mask);
    expect(found).toEqual(gradients(clean, mask));
    expect(found.flat().every(Number.isFinite)).toBe(true);
    const ofMemory = found.at(-1)!;
    ofMemory.forEach((g, i) => bits[Math.floor(i / M)] || expect(g === 0).toBe(true));
    expect(ofMemory.some((g) => Math.abs(g) > 1e-3)).toBe(true);
  });

  it('scores that saturate every probability leave gradients finite', () => {
    const mask = tensor(new Array<boolean>(2 * Tk).fill(true), [2, Tk]);
    const found = scope(() => gradients(mul(clean, 1e4), mask)).flat();
    expect(found.every(Number.isFinite)).toBe(true);
  });

  it('segments give the same gradients, with the same noise and dropout', () => {
    const mask = tensor([true, true, true, false, true, true, true, true], [2, Tk]);
    const how = { training: true, dropoutCounter: 2 };
    const before = backend.live!();
    const whole = gradients(clean, mask, how).flat();
    gradients(clean, mask, { ...how, checkpoint: segments(2) })
      .flat()
      .forEach((g, i) => expect(Math.abs(g - whole[i]!)).toBeLessThan(1e-6));
    expect(Math.max(...whole.map(Math.abs))).toBeGreaterThan(0.1);
    expect(backend.live!()).toBe(before);
  });
});

it('greedy decoding takes the lowest token among equals', async () => {
  const step: DecodeStep<null> = () => ({ logits: tensor([[0, 2, 2, 2, 1]]) as Floats, state: null });
  const [row] = await greedyDecode(step, null, { start: [0], stop: 4, maxLength: 3 });
  expect(row!.tokens).toEqual([1, 1, 1]);
  const [[first]] = (await beamSearch(step, null, { start: [0], stop: 4, maxLength: 3, beams: 1 })) as [[Hypothesis]];
  expect(first.tokens).toEqual([1, 1, 1]);
});

it('each row of the batch begins with its own state, given once or for each beam', async () => {
  // Token 1 + h, then the stop token.
  const step: DecodeStep<{ h: Floats }> = (tokens, { h }) => {
    const said = Array.from(tokens.dataSync());
    const numbers = h.dataSync();
    const rows = said.flatMap((token, n) =>
      [0, 1, 2, 3, 4].map((y) => (y === (token === 0 ? 1 + numbers[n]! : 4) ? 9 : y / 8)),
    );
    return { logits: tensor(rows, [said.length, 5]) as Floats, state: { h } };
  };
  const options = { start: [0, 0, 0], stop: 4, maxLength: 4, beams: 2 };
  for (const h of [tensor([[2], [0], [1]]), tensor([[2], [2], [0], [0], [1], [1]])] as Floats[]) {
    const found = await beamSearch(step, { h }, options);
    expect(found.map(([best]) => best!.tokens)).toEqual([[3, 4], [1, 4], [2, 4]]); // prettier-ignore
  }
});

it('what a step made and later ones only pass on is freed in the end', async () => {
  const h = tensor([[1], [2]]) as Floats;
  const before = backend.live!();
  let made: Floats | null = null;
  const step: DecodeStep<{ h: Floats; made: Floats | null }> = (_, state) => {
    made = state.made ?? square(state.h);
    return { logits: tensor([[0, 1, 0], [1, 0, 0]]) as Floats, state: { h: state.h, made } }; // prettier-ignore
  };
  const rows = await greedyDecode(step, { h, made: null }, { start: [0, 1], stop: 2, maxLength: 4 });
  expect(rows.map(({ tokens }) => tokens.length)).toEqual([4, 4]);
  expect([made!.disposed, h.disposed]).toEqual([true, false]);
  expect(backend.live!()).toBe(before);
});

it('a step of parameters that are not those of the cell is refused before the first token', () => {
  scope(() => {
    const decoder = attentionCell(lstmCell({ units: U }), luongMechanism({ units: U }), luong({ units: 5 }));
    const params = decoder.init({ inputs: F, memory: M });
    const cell = { ...params.cell, recurrentKernel: draw(backend, 4).floats([U, U]) };
    const bound = decoder.with(draw(backend, 5).floats([2, Tk, M]));
    const ends = { embed: () => draw(backend, 6).floats([2, F]), readout: (y: Floats) => y };
    const before = backend.live!();
    const refused = expect.objectContaining({ code: 'SHAPE', op: 'lstmCell' });
    expect(() => decoderStep(bound, { ...params, cell }, ends)).toThrow(refused);
    expect(backend.live!()).toBe(before);
    decoderStep(bound, params, ends).dispose();
    expect(backend.live!()).toBe(before);
  });
});

it('a state that loses a row is refused where a search would reorder it', async () => {
  const given = { h: tensor([[1], [2]]) as Floats };
  const before = backend.live!();
  const step: DecodeStep<typeof given> = (tokens, { h }) => ({
    logits: draw(backend, 3).floats([tokens.shape[0]!, 5]),
    state: { h: gather(h, tensor(Int32Array.of(0))) },
  });
  const options = { start: [0], stop: 4, maxLength: 5 };
  await expect(beamSearch(step, given, { ...options, beams: 2 })).rejects.toMatchObject({
    code: 'SHAPE',
    facts: { rows: 1, expected: 2 },
  });
  expect(backend.live!()).toBe(before);
  expect(await greedyDecode(step, given, options)).toHaveLength(1);
  expect(backend.live!()).toBe(before);
});

it('hard monotonic alignment passes over a score of 0, which is no yes', () => {
  scope(() => {
    const { initial, begin, attend, init } = monotonicAlignment({ mode: 'hard' });
    const values = draw(backend, 8).floats([1, 3, M]);
    const look = (...scores: number[]): number[] => {
      const previous = expandDims(initial(1, 3, backend), 1);
      const e = tensor(scores, [1, 1, 3]);
      const how = { scores: e, values, mask: null, previous, softmax: () => softmaxed(e, values) };
      return Array.from(attend(begin(init(backend), 3, backend), how).weights.dataSync());
    };
    expect(look(0, 0, 0)).toEqual([0, 0, 0]);
    expect(look(0, 1e-30, 1)).toEqual([0, 1, 0]);
    expect(look(-1, 0, 1)).toEqual([0, 0, 1]);
  });
});

it('noise is asked for once a step where the cell is inside another, each time by its number', () => {
  const asked: [calls: number, nth: number][] = [];
  const noisy = monotonicAlignment({ sigmoidNoise: 0.5, seed: 3 });
  const alignment = {
    ...noisy,
    noise: (...args: Parameters<NonNullable<typeof noisy.noise>>) => {
      asked.push([args[0], args[1]]);
      return noisy.noise!(...args);
    },
  };
  scope(() => {
    const random = draw(backend, 5);
    const decoder = attentionCell(gruCell({ units: U }), luongMechanism({ units: U }), luong({ units: 5 }), {
      alignment,
    });
    const inner = decoder.with(random.floats([2, Tk, M]));
    const outer = attentionCell(inner, luongMechanism({ units: U }), bahdanau(), { query: (state) => state.cell.h });
    const cell = outer.with(random.floats([2, Tk, M]));
    const params = cell.init(F);
    rnn(cell, params, random.floats([2, 3, F]), { training: true, dropoutCounter: 7 });
    expect(asked).toEqual([[7, 0], [7, 1], [7, 2]]); // prettier-ignore
    rnn(cell, params, random.floats([2, 3, F]));
    expect(asked.length).toBe(3);
  });
});

it('what would broadcast is refused: a narrow part of the cell’s state, a query that is no matrix', () => {
  scope(() => {
    const random = draw(backend, 6);
    const score = luongMechanism({ units: U });
    const [memory, x] = [random.floats([2, Tk, M]), random.floats([2, 3, F])];
    const decoder = attentionCell(lstmCell({ units: U }), score, luong({ units: 5 }));
    const [cell, params] = [decoder.with(memory), decoder.init({ inputs: F, memory: M })];
    const state = cell.initialState(params, 2);
    for (const c of [random.floats([2, 1]), random.floats([1, U])]) {
      const initialState = { ...state, cell: { ...state.cell, c } };
      const refused = expect.objectContaining({ code: 'SHAPE', op: 'lstmCell' });
      expect(() => teacherForced(cell, params, x, { initialState })).toThrow(refused);
    }
    const fits = attentionCell(lstmCell({ units: U }), score, bahdanau());
    const made = fits.init({ inputs: F, memory: M });
    for (const shape of [[2], [1, U], [2, 1, U]]) {
      const query = (): Floats => random.floats(shape);
      const other = attentionCell(lstmCell({ units: U }), score, bahdanau(), { query });
      const refused = expect.objectContaining({ code: 'SHAPE', op: 'attentionCell' });
      expect(() => teacherForced(other.with(memory), made, x)).toThrow(refused);
    }
  });
});
