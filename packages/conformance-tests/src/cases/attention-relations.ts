/**
 * What must hold of scores, masks and layers whatever the numbers are: options that come together, sizes that fit by
 * accident, numbers as large as those that hide.
 */
import { add, matmul, mul, reshape, sum, transpose, type Tensor } from '@recurra/core';
import type { CaseEntry, Testing } from '../case.js';
import type { AttentionLibrary } from './attention-library.js';
import { equal } from './cells.js';
import { on, type Floats } from './on.js';
import { random } from './random.js';

type Skip = NonNullable<Exclude<CaseEntry, (t: Testing) => void>['skip']>;
const coarse: Skip = ({ name, precision }) =>
  precision === 16 ? `${name} holds 16 bits: these scores are out of its range` : undefined;

export function attentionRelations(library: AttentionLibrary): Record<string, CaseEntry> {
  return { ...ofScores(library), ...ofMasks(library), ...ofKeras(library), ...ofHeads(library) };
}

const ofScores = ({ generalScore, scaledDotScore }: AttentionLibrary): Record<string, CaseEntry> => ({
  // Square, W fits either way round; q·W·kᵀ is right.
  'score/general-square': ({ backend, close }) => {
    const { floats } = on(backend);
    const [q, k] = [floats([[[1, 2]]]), floats([[[3, 5], [-1, 4]]])]; // prettier-ignore
    const kernel = floats([[1, 10], [100, 1000]]); // prettier-ignore
    // q·W = [201, 2010]
    void close(generalScore()({ kernel }, q, k), [[[201 * 3 + 2010 * 5, -201 + 2010 * 4]]]);
  },
  'score/scale-of-zero': ({ backend, close }) => {
    const [q, k] = [on(backend).floats(random(84, [1, 2, 3])), on(backend).floats(random(85, [1, 4, 3]))];
    void close(scaledDotScore({ scale: 0 })({}, q, k), { shape: [1, 2, 4], data: new Float64Array(8) });
    void close(scaledDotScore({ scale: 2 })({}, on(backend).floats([[[3]]]), on(backend).floats([[[5]]])), [[[30]]]);
  },
});

const ofMasks = (library: AttentionLibrary): Record<string, CaseEntry> => ({
  'mask/causal-of-more-queries': ({ backend, close }) => {
    void close(library.causalMask(4, 2, { backend }), [[1, 0], [1, 1], [1, 1], [1, 1]]); // prettier-ignore
    void close(library.causalMask(2, 4, { backend }), [[1, 0, 0, 0], [1, 1, 0, 0]]); // prettier-ignore
  },
  // The one that is given may be freed, and so may the result.
  'mask/lone-one-is-a-copy': {
    async wait({ backend, close }) {
      const mask = on(backend).bools([[1, 0, 1]]);
      const lone = library.combineMasks(null, mask)!;
      lone.dispose();
      const other = library.combineMasks(mask)!;
      await close(mask, [[1, 0, 1]]);
      mask.dispose();
      await close(other, [[1, 0, 1]]);
      other.dispose();
    },
  },
  // Each option hides what its mask hides, alone and beside the others.
  'attention/options-together': ({ backend, close }) => {
    const { floats, bools } = on(backend);
    const [q, k, v] = [random(86, [1, 4, 3]), random(87, [1, 4, 3]), random(88, [1, 4, 2])].map((x) => floats(x));
    const padding = [1, 1, 1, 0];
    const rows = [0, 1, 2, 3];
    for (const [masked, causal, window] of [
      [true, true, null],
      [false, true, 2],
      [true, false, 2],
      [true, true, 3],
      [false, false, 1],
    ] as const) {
      const { weights } = library.attention(library.dotScore(), {}, q!, k!, v!, {
        mask: masked ? bools([[padding]]) : null,
        causal,
        slidingWindow: window,
      });
      const visible = rows.map(
        (i) =>
        rows.map((j) => (!masked || padding[j] === 1) && (!causal || j <= i) && (window === null || Math.abs(i - j) < window)), // prettier-ignore
      );
      const some = visible.map((row) => row.includes(true));
      // What is visible adds up to 1; where nothing is, weights are uniform.
      const seen = floats([visible.map((row, i) => row.map((v_) => Number(v_ || !some[i])))]);
      void close(sum(mul(weights, seen), { axis: -1 }), [[1, 1, 1, 1]]);
      const hidden = floats([visible.map((row, i) => row.map((v_) => Number(!v_ && some[i])))]);
      void close(sum(mul(weights, hidden), { axis: -1 }), [[0, 0, 0, 0]]);
    }
  },
});

const ofKeras = ({ kerasAttention }: AttentionLibrary): Record<string, CaseEntry> => ({
  // 10⁹ is taken off, not put in place: where nothing is valid, what differs by much still differs.
  'keras/nothing-valid-large-scores': {
    skip: coarse,
    run({ backend, close }) {
      const { floats, bools } = on(backend);
      const layer = kerasAttention({});
      const made = layer({}, [floats([[[1]]]), floats([[[640], [0], [640]]])], { mask: [null, bools([[0, 0, 0]])] });
      void close(made.scores, [[[0.5, 0, 0.5]]]);
      void close(made.outputs, [[[640]]]);
    },
  },
  // Keras hands out the weights that were used: after dropout.
  'keras/scores-after-dropout': (t) => {
    const { floats } = on(t.backend);
    const layer = kerasAttention({ dropout: 0.5, seed: 3 });
    const [q, v] = [floats(random(61, [2, 3, 4])), floats(random(62, [2, 5, 4]))];
    const made = layer({}, [q, v], { training: true });
    void equal(t, made.outputs, matmul(made.scores, v));
    const zeros = layer({}, [q, v]).scores;
    void t.close(sum(zeros, { axis: -1 }), [[1, 1, 1], [1, 1, 1]]); // prettier-ignore
  },
});

const ofHeads = ({ multiHeadAttention }: AttentionLibrary): Record<string, CaseEntry> => {
  // Made by the cases: it draws seeds, which nothing may do that is only imported.
  const layer = () => multiHeadAttention({ numHeads: 1, keyDim: 1, useBias: false });
  const one = (backend: Testing['backend'], v = 1): { kernel: Floats } => ({
    kernel: on(backend).floats([[[v]]]),
  });
  const params = (backend: Testing['backend'], query = 1) => ({
    query: one(backend, query),
    key: one(backend),
    value: one(backend),
    attentionOutput: one(backend),
  });
  return {
    // A query that sees nothing: the mean of the values on Keras's fused path, which takes inputs of rank 3; else nothing.
    'multi-head/nothing-valid-by-rank': ({ backend, close }) => {
      const { floats, bools } = on(backend);
      const [q, v] = [floats([[[1], [2]]]), floats([[[3], [5]]])];
      const attentionMask = bools([[[0, 0], [1, 0]]]); // prettier-ignore
      void close(layer()(params(backend), [q, v], { attentionMask }).outputs, [[[4], [3]]]);
      const wide = (x: Floats): Floats => reshape(x, [1, 1, 2, 1]);
      const deeper = multiHeadAttention({ numHeads: 1, keyDim: 1, useBias: false, attentionAxes: [2] });
      const { outputs } = deeper(params(backend), [wide(q), wide(v)], { attentionMask });
      void close(outputs, [[[[0], [3]]]]);
    },
    // Negative ones count from the end, none named are all between batch and features, and masks follow them.
    'multi-head/attended-axes': (t) => {
      const { floats, bools } = on(t.backend);
      const x = floats(random(89, [2, 3, 4, 1]));
      const valueMask = bools({ shape: [2, 3, 4], data: Array.from({ length: 24 }, (_, i) => Number(i % 5 !== 0)) });
      const made = (attentionAxes: number[] | null, y: Floats, mask: Tensor<'bool'>): Floats =>
        multiHeadAttention({ numHeads: 1, keyDim: 1, useBias: false, attentionAxes })(params(t.backend), [y, y], {
          valueMask: mask,
        }).outputs;
      const turned = (y: Floats): Floats => transpose(y, [0, 2, 1, 3]);
      const first = made([1], x, valueMask);
      void equal(t, made([-3], x, valueMask), first);
      void equal(t, turned(made([2], turned(x), transpose(valueMask, [0, 2, 1]))), first);
      void equal(t, made(null, x, valueMask), made([1, 2], x, valueMask));
      // All keys are one list then.
      const flat = made([1], reshape(x, [2, 12, 1]), reshape(valueMask, [2, 12]));
      void equal(t, reshape(made(null, x, valueMask), [2, 12, 1]), flat);
    },
    // Scores far below −10⁹ are still scores; what is hidden stays hidden beside them.
    'multi-head/scores-below-what-hides': {
      skip: coarse,
      run({ backend, close }) {
        const { floats, bools } = on(backend);
        const v = floats([[[20000], [10000], [20000]]]);
        const { outputs } = layer()(params(backend, -1e6), [floats([[[1]]]), v], {
          attentionMask: bools([[[1, 0, 1]]]),
        });
        void close(add(outputs, -20000), [[[0]]]);
      },
    },
  };
};
