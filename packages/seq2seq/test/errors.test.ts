/** Bad input gives core's typed errors, with a hint, and leaves nothing behind. */
import { additiveScore, dotScore } from '@recurra/attention';
import { lstmCell, rnn, simpleRNNCell, stackedRNNCells } from '@recurra/cells';
import { referenceBackend } from '@recurra/conformance-tests';
import { full, gather, matmul, RecurraError, tensor, type Backend, type Shape, type Tensor } from '@recurra/core';
import { describe, expect, it } from 'vitest';
import {
  addonsWrapper,
  attentionCell,
  bahdanau,
  bahdanauMechanism,
  beamSearch,
  decoderStep,
  greedyDecode,
  luong,
  luongMechanism,
  monotonicAlignment,
  teacherForced,
  tileBatch,
} from '../src/index.js';

const backend: Backend = referenceBackend();
const f = (...shape: number[]): Tensor<'float32'> => full(shape, 0.5, { backend });
const bools = (...shape: number[]): Tensor<'bool'> => full(shape as Shape, 1, { dtype: 'bool', backend });
/** For what the types already refuse: JavaScript has none. */
const wrong = (value: unknown) => value as never;

const lstm = lstmCell({ units: 3 });
const score = additiveScore({ units: 4 });
const decoder = attentionCell(lstm, score, luong({ units: 5 }));
const params = decoder.init({ inputs: 2, memory: 6 }, { backend });
const memory = f(2, 4, 6);
const cell = decoder.with(memory, bools(2, 4));
const x = f(2, 3, 2);
const state = cell.initialState(params, 2);
const monotonic = attentionCell(lstm, score, luong({ units: 5 }), { alignment: monotonicAlignment() });
const noH = attentionCell(stackedRNNCells([lstm]), score, bahdanau());
const badQuery = attentionCell(lstm, score, bahdanau(), { query: () => memory });
const unequal = attentionCell(lstm, dotScore(), luong({ units: 5 })); // 3 units, a memory of 6
const ends = {
  embed: (t: Tensor<'int32'>) => gather(f(4, 2), t),
  readout: (y: Tensor<'float32'>) => matmul(y, f(5, 4)),
};
const { score: _, ...withoutScore } = params;

type Row = readonly [what: string, run: () => unknown, code: string, ...says: string[]];
const rows: readonly Row[] = [
  ['no cell', () => attentionCell(wrong(params), score, bahdanau()), 'ARGUMENT', 'cell'],
  ['no score', () => attentionCell(lstm, wrong(lstm), bahdanau()), 'ARGUMENT', 'score'],
  ['the form itself not called', () => attentionCell(lstm, score, wrong(luong)), 'ARGUMENT', 'form'],
  ['no form', () => attentionCell(lstm, score, wrong(undefined)), 'ARGUMENT', 'form'],
  [
    'no alignment',
    () => attentionCell(lstm, score, bahdanau(), { alignment: wrong('softmax') }),
    'ARGUMENT',
    'alignment',
  ],
  ['no query', () => attentionCell(lstm, score, bahdanau(), { query: wrong('h') }), 'ARGUMENT', 'query'],
  [
    'an unknown option',
    () => attentionCell(lstm, score, bahdanau(), wrong({ aligment: 1 })),
    'UNKNOWN_NAME',
    'alignment',
  ],
  ['widths left out', () => decoder.init(wrong(12)), 'ARGUMENT', 'inputs'],
  ['a memory of no width', () => decoder.init({ inputs: 2, memory: 0 }), 'ARGUMENT', 'memory'],
  ['inputs of half a feature', () => cell.init(1.5), 'ARGUMENT', 'inputs'],
  ['a state without h', () => noH.init({ inputs: 2, memory: 6 }, { backend }), 'ARGUMENT', 'query'],
  ['a query that is no matrix', () => badQuery.init({ inputs: 2, memory: 6 }, { backend }), 'SHAPE', 'matrix'],
  ['a memory that is no tensor', () => decoder.with(wrong([1])), 'NOT_A_TENSOR', 'memory'],
  ['a memory of rank 2', () => decoder.with(f(4, 6)), 'RANK', 'batch, time, features'],
  ['an empty memory', () => decoder.with(f(2, 0, 6)), 'EMPTY', 'memory'],
  [
    'a memory of integers',
    () => decoder.with(wrong(full([2, 4, 6], 1, { dtype: 'int32', backend }))),
    'DTYPE',
    'memory',
  ],
  ['a mask of floats', () => decoder.with(memory, wrong(f(2, 4))), 'DTYPE', 'bool'],
  ['a mask of another length', () => decoder.with(memory, bools(2, 5)), 'SHAPE', '2, 5'],
  ['another batch', () => rnn(cell, params, f(3, 3, 2)), 'SHAPE', 'tileBatch'],
  ['other features of x', () => rnn(cell, params, f(2, 3, 7)), 'SHAPE', '7 features', 'take 2'],
  ['a memory of other features', () => rnn(decoder.with(f(2, 4, 5)), params, x), 'SHAPE', 'kernel'],
  ['params without a score', () => rnn(cell, wrong(withoutScore), x), 'ARGUMENT', 'score'],
  ['no params', () => rnn(cell, wrong(undefined), x), 'ARGUMENT', 'cell, score, attention, alignment'],
  [
    'an attention kernel of another shape',
    () => rnn(cell, { ...params, attention: { kernel: f(9, 4) } }, x),
    'SHAPE',
    '9, 5',
  ],
  ['no score bias', () => rnn(monotonic.with(memory), wrong(params), x), 'NOT_A_TENSOR', 'scoreBias'],
  [
    'a state without that of the cell',
    () => teacherForced(cell, params, x, { initialState: wrong({ ...state, cell: undefined }) }),
    'ARGUMENT',
    'initialState.cell',
  ],
  ['the state of no params', () => cell.initialState(wrong(null), 2), 'ARGUMENT', 'cell, score, attention, alignment'],
  ['a state that is no object', () => rnn(cell, params, x, { initialState: wrong(3) }), 'ARGUMENT', 'initialState'],
  [
    'alignments of another memory',
    () => rnn(cell, params, x, { initialState: { ...state, alignments: f(2, 5) } }),
    'SHAPE',
    'alignments',
  ],
  [
    'an attention of another width',
    () => rnn(cell, params, x, { initialState: { ...state, attention: f(2, 4) } }),
    'SHAPE',
    'attention',
  ],
  [
    'a cell state of another width',
    () => rnn(cell, params, x, { initialState: { ...state, cell: { h: f(2, 3), c: f(2, 4) } } }),
    'SHAPE',
    'c',
  ],
  ['a dot of unequal widths', () => unequal.init({ inputs: 2, memory: 6 }, { backend }), 'SHAPE', 'equally wide'],
  ['luong without units', () => luong(wrong({})), 'ARGUMENT', 'units'],
  ['luong with a yes', () => luong({ units: 2, inputFeeding: wrong('yes') }), 'ARGUMENT', 'inputFeeding'],
  [
    'an initializer that is not there',
    () => luong({ units: 2, kernelInitializer: wrong('glorot') }),
    'UNKNOWN_NAME',
    'glorot',
  ],
  ['an attention layer of no width', () => addonsWrapper({ attentionLayerSize: 0 }), 'ARGUMENT', 'attentionLayerSize'],
  [
    'a wrapper option that is not there',
    () => addonsWrapper(wrong({ attentionLayer: 3 })),
    'UNKNOWN_NAME',
    'attentionLayerSize',
  ],
  ['a mode that is not there', () => monotonicAlignment({ mode: wrong('soft') }), 'UNKNOWN_NAME', 'mode'],
  ['a bias of NaN', () => monotonicAlignment({ scoreBiasInit: NaN }), 'ARGUMENT', 'scoreBiasInit'],
  ['a mechanism without units', () => luongMechanism(wrong({})), 'ARGUMENT', 'units'],
  ['a mechanism of no units', () => bahdanauMechanism({ units: -1 }), 'ARGUMENT', 'units'],
  [
    'a query that is not as wide as units',
    () => luongMechanism({ units: 4 }).init({ query: 3, keys: 2 }, { backend }),
    'SHAPE',
    'bahdanauMechanism',
  ],
  [
    'a g that the options do not ask for',
    () => luongMechanism({ units: 3 })({ memoryKernel: f(6, 3), g: f() }, f(2, 1, 3), memory),
    'ARGUMENT',
    'g',
  ],
  ['teacher forcing a cell without a memory', () => teacherForced(wrong(decoder), params, x), 'ARGUMENT', 'with'],
  [
    'teacher forcing backwards',
    () => teacherForced(cell, params, x, wrong({ reverse: true })),
    'UNKNOWN_NAME',
    'reverse',
  ],
  ['a step without a readout', () => decoderStep(cell, params, wrong({ embed: ends.embed })), 'ARGUMENT', 'readout'],
  ['a step of a cell without a memory', () => decoderStep(wrong(decoder), params, ends), 'ARGUMENT', 'with'],
  ['a step of other params', () => decoderStep(cell, wrong({}), ends), 'ARGUMENT', 'params'],
  ['no times', () => tileBatch(memory, 0), 'ARGUMENT', 'n'],
  ['nothing to tile', () => tileBatch({}, 2), 'ARGUMENT', 'tensor'],
  ['a scalar to tile', () => tileBatch(f(), 2), 'SHAPE', 'rows'],
  ['rows that differ', () => tileBatch([f(2), f(3)], 2), 'SHAPE', 'rows'],
];

const named = (all: readonly Row[]) => all.map(([what, run, code, ...says]) => [what, { run, code, says }] as const);

describe('what is refused at once', () => {
  it.each(named(rows))('%s', (_, { run, code, says }) => {
    let error: unknown;
    try {
      run();
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(RecurraError);
    const { code: got, message } = error as RecurraError;
    expect(got).toBe(code);
    for (const part of says) expect(message).toContain(part);
    expect(message).toContain('hint:');
  });
});

const how = { start: [1, 1], stop: 0, maxLength: 3 };
const good = (t: Tensor<'int32'>, s: null) => ({ logits: f(t.shape[0]!, 4), state: s });
const nan = (t: Tensor<'int32'>, s: { a: Tensor }) => ({ logits: full([t.shape[0]!, 4], NaN, { backend }), state: s });
const two = { a: f(2, 1) };
const later: readonly Row[] = [
  ['no step', () => greedyDecode(wrong(null), null, how), 'ARGUMENT', 'step'],
  ['no start', () => greedyDecode(good, null, { ...how, start: [] }), 'ARGUMENT', 'start'],
  ['one start that is no list', () => greedyDecode(good, null, { ...how, start: wrong(1) }), 'ARGUMENT', 'start'],
  ['half a start', () => greedyDecode(good, null, { ...how, start: [0.5] }), 'ARGUMENT', 'start'],
  ['a negative stop', () => greedyDecode(good, null, { ...how, stop: -1 }), 'ARGUMENT', 'stop'],
  ['no length', () => greedyDecode(good, null, { ...how, maxLength: 0 }), 'ARGUMENT', 'maxLength'],
  ['an option that is not there', () => greedyDecode(good, null, wrong({ ...how, beams: 3 })), 'UNKNOWN_NAME', 'beams'],
  ['a stop that cannot be said', () => greedyDecode(nanFree, two, { ...how, stop: 4 }), 'ARGUMENT', 'vocabulary'],
  ['logits of NaN', () => greedyDecode(nan, two, how), 'NOT_A_NUMBER', 'NaN'],
  ['logits of NaN for beams', () => beamSearch(nan, two, { ...how, beams: 2 }), 'NOT_A_NUMBER', 'NaN'],
  [
    'no logits',
    () =>
      greedyDecode(
        wrong(() => ({ state: two })),
        two,
        how,
      ),
    'NOT_A_TENSOR',
    'logits',
  ],
  [
    'a step that gives nothing',
    () =>
      greedyDecode(
        wrong(() => undefined),
        two,
        how,
      ),
    'ARGUMENT',
    'state',
  ],
  [
    'a step that waits',
    () =>
      greedyDecode(
        wrong(async () => undefined),
        two,
        how,
      ),
    'ARGUMENT',
    'state',
  ],
  ['logits of another row', () => greedyDecode((_, s) => ({ logits: f(3, 4), state: s }), two, how), 'SHAPE', '3, 4'],
  [
    'alignments of another row',
    () => greedyDecode((_, s) => ({ logits: f(2, 4), alignments: f(4), state: s }), two, how),
    'SHAPE',
    'alignments',
  ],
  ['no beams', () => beamSearch(nanFree, two, { ...how, beams: 0 }), 'ARGUMENT', 'beams'],
  [
    'a negative normalisation',
    () => beamSearch(nanFree, two, { ...how, beams: 2, lengthNormalization: -1 }),
    'ARGUMENT',
    'lengthNormalization',
  ],
  [
    'a normalisation of NaN',
    () => beamSearch(nanFree, two, { ...how, beams: 2, lengthNormalization: NaN }),
    'ARGUMENT',
    'lengthNormalization',
  ],
  ['a state of other rows', () => beamSearch(nanFree, { a: f(3, 1) }, { ...how, beams: 2 }), 'SHAPE', 'rows'],
  [
    'a state whose rows differ',
    () => beamSearch(nanFree, wrong({ a: f(2, 1), b: f(3, 1) }), { ...how, beams: 2 }),
    'SHAPE',
    'rows',
  ],
  [
    'beams that share a memory',
    async () => {
      const step = decoderStep(cell, params, ends);
      await beamSearch(step, step.initialState(), { ...how, beams: 3 });
    },
    'SHAPE',
    'tileBatch',
  ],
];
function nanFree<S>(t: Tensor<'int32'>, s: S) {
  return { logits: f(t.shape[0]!, 4), state: s };
}

describe('what is refused while decoding', () => {
  it.each(named(later))('%s', async (_, { run, code, says }) => {
    const error: unknown = await Promise.resolve(run()).then(
      () => 'nothing was thrown',
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(RecurraError);
    expect((error as RecurraError).code).toBe(code);
    for (const part of says) expect((error as RecurraError).message).toContain(part);
    expect((error as RecurraError).message).toContain('hint:');
  });
});

describe('nothing is left behind', () => {
  const failing: readonly [what: string, run: () => unknown][] = [
    ['a state without h', () => noH.init({ inputs: 2, memory: 6 }, { backend })],
    [
      'a memory of other features',
      () =>
        rnn(decoder.with(memory), attentionCell(simpleRNNCell({ units: 3 }), score, luong({ units: 5 })) as never, x),
    ],
    ['no score bias', () => rnn(monotonic.with(memory), wrong(params), x)],
    [
      'keys that do not fit',
      () => rnn(cell, { ...params, score: { ...params.score, keyKernel: params.score.queryKernel } }, x),
    ],
    [
      'prepared keys that do not fit',
      () => cell.prepare({ ...params, score: { ...params.score, keyKernel: params.score.queryKernel } }),
    ],
    [
      'a query that does not fit',
      () => rnn(cell, { ...params, score: { ...params.score, queryKernel: params.score.keyKernel } }, x),
    ],
  ];
  it.each(failing)('%s', (_, run) => {
    const before = backend.live!();
    expect(run).toThrow(RecurraError);
    expect(backend.live!()).toBe(before);
  });

  it('logits of NaN', async () => {
    const before = backend.live!();
    const fresh = (t: Tensor<'int32'>) => ({ logits: full([t.shape[0]!, 4], NaN, { backend }), state: { a: f(2, 1) } });
    await expect(greedyDecode(fresh, two, how)).rejects.toThrow(RecurraError);
    expect(backend.live!()).toBe(before);
    expect(tensor([1], [1], { backend }).shape).toEqual([1]);
  });
});
