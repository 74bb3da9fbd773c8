/**
 * Scores are their equations, masks hide whatever they cover, and the presets give Keras's numbers. As with cells, the
 * cases are made for a library, so that the suite can be shown broken ones.
 */
import * as ours from '@recurra/attention';
import { type KerasAttentionCall, type KerasAttentionInputs, type Score } from '@recurra/attention';
import { mul, sum, valueAndGrad, type Backend } from '@recurra/core';
import { defineCases, type Case, type CaseEntry, type Numbers, type Testing } from '../case.js';
import { attentionVectors as vectors, maskOf, type KerasAttentionGroup, type ScoreVector } from '../vectors.js';
import { headsEntries } from './attention-heads.js';
import type { AttentionLibrary } from './attention-library.js';
import { attentionRelations } from './attention-relations.js';
import { windowEntries } from './attention-windows.js';
import { named, type Named } from './cells.js';
import { on, type Floats } from './on.js';
import { random } from './random.js';

type AnyScore = Score<Named>;

export type { AttentionLibrary };

export function attentionCases(library: AttentionLibrary = ours): Case[] {
  const entries: Record<string, CaseEntry> = {};
  for (const vector of vectors.scores) {
    entries[`score/${vector.id}`] = (t) => scoreRun(t, library, vector);
    entries[`attention/${vector.id}`] = (t) => attentionRun(t, library, vector);
  }
  vectors.layers.forEach((group, i) => {
    for (const run of group.runs)
      entries[`keras/${labelOf(group, i)}/${run.id}`] = (t) => kerasRun(t, library, group, run);
  });
  return defineCases('attention', {
    ...entries,
    ...attendEntries(library),
    ...headsEntries(library),
    ...windowEntries(library),
    ...attentionRelations(library),
  });
}

function scoreOf(library: AttentionLibrary, vector: ScoreVector): AnyScore {
  const units = vector.params['v']?.shape[0] ?? 1;
  const made = {
    additive: () => library.additiveScore({ units }),
    'additive-bias': () => library.additiveScore({ units, useBias: true }),
    dot: () => library.dotScore(),
    general: () => library.generalScore(),
    concat: () => library.concatScore({ units }),
    'scaled-dot': () => library.scaledDotScore(),
  }[vector.id]!();
  return made as unknown as AnyScore;
}

function scoreRun({ backend, close }: Testing, library: AttentionLibrary, vector: ScoreVector): void {
  const { floats } = on(backend);
  const score = scoreOf(library, vector);
  const params = named(vector.params, backend);
  const [q, k] = [floats(vectors.query), floats(vector.keys)];
  void close(score(params, q, k), vector.scores);
  void close(score.compare(params, q, score.prepare(params, k)), vector.scores);
}

function attentionRun({ backend, close }: Testing, library: AttentionLibrary, vector: ScoreVector): void {
  const { floats, bools } = on(backend);
  const score = scoreOf(library, vector);
  const params = named(vector.params, backend);
  const options = { mask: library.paddingMask(bools(maskOf(vectors.mask))) };
  const made = library.attention(
    score,
    params,
    floats(vectors.query),
    floats(vector.keys),
    floats(vectors.values),
    options,
  );
  void close(made.weights, vector.weights);
  void close(made.context, vector.context);
}

function labelOf({ layer, config }: KerasAttentionGroup, i: number): string {
  if (layer === 'AdditiveAttention') return config['useScale'] === false ? 'additive-no-scale' : 'additive';
  return ['dot', 'dot-scale', 'concat', 'concat-scale'][i]!;
}

function kerasRun(
  { backend, close }: Testing,
  library: AttentionLibrary,
  group: KerasAttentionGroup,
  run: KerasAttentionGroup['runs'][number],
): void {
  const { floats, bools } = on(backend);
  const [q, k, v] = [floats(group.query), floats(group.key), floats(group.value)];
  const inputs: KerasAttentionInputs = run.ownKey ? [q, v, k] : [q, k];
  const bool = (rows: readonly string[] | undefined): ReturnType<typeof bools> | null =>
    rows ? bools(maskOf(rows)) : null;
  const call: KerasAttentionCall = {
    useCausalMask: run.causal,
    ...(run.mask && { mask: [bool(run.mask.query), bool(run.mask.value)] }),
  };
  const params = named(group.weights, backend);
  const layer =
    group.layer === 'Attention' ? library.kerasAttention(group.config) : library.kerasAdditiveAttention(group.config);
  const made = (
    layer as (
      params: Named,
      inputs: KerasAttentionInputs,
      call: KerasAttentionCall,
    ) => { outputs: Floats; scores: Floats }
  )(params, inputs, call);
  void close(made.outputs, run.outputs);
  void close(made.scores, run.scores);
}

/** Scores of 2 batches, 2 queries, 3 keys. */
const e: Numbers = { shape: [2, 2, 3], data: [1, 2, NaN, -1, 0.5, Infinity, 3, -2, 1, 0, 1.5, -Infinity] };
const v: Numbers = random(81, [2, 3, 2]);

/** Softmax over the valid of a row, in float64; uniform when there is none. */
function weightsOf(row: readonly number[], valid: readonly boolean[]): number[] {
  if (!valid.includes(true)) return row.map(() => 1 / row.length);
  const most = Math.max(...row.filter((_, i) => valid[i]));
  const exps = row.map((x, i) => (valid[i] ? Math.exp(x - most) : 0));
  const total = exps.reduce((a, b) => a + b, 0);
  return exps.map((x) => x / total);
}

function expected(visible: readonly (readonly boolean[])[]): { weights: Numbers; context: Numbers } {
  const rows = visible.map((valid, i) => weightsOf(Array.from(e.data).slice(i * 3, i * 3 + 3), valid));
  const context = rows.flatMap((row, i) =>
    [0, 1].map((d) => row.reduce((total, w, j) => total + w * v.data[(Math.floor(i / 2) * 3 + j) * 2 + d]!, 0)),
  );
  return { weights: { shape: [2, 2, 3], data: rows.flat() }, context: { shape: [2, 2, 2], data: context } };
}

const scoresAndValues = (backend: Backend): [Floats, Floats] => [on(backend).floats(e), on(backend).floats(v)];

const attendEntries = ({ attend, causalMask, paddingMask }: AttentionLibrary): Record<string, CaseEntry> => ({
  // What is hidden may be NaN or infinite: it is chosen away, not multiplied.
  'attend/padding': ({ backend, close }) => {
    const [scores, values] = scoresAndValues(backend);
    const made = attend(
      scores,
      values,
      paddingMask(
        on(backend).bools([
          [1, 1, 0],
          [1, 0, 0],
        ]),
      ),
    );
    const wanted = expected([
      [true, true, false],
      [true, true, false],
      [true, false, false],
      [true, false, false],
    ]);
    void close(made.weights, wanted.weights);
    void close(made.context, wanted.context);
  },
  'attend/causal': ({ backend, close }) => {
    const [scores, values] = scoresAndValues(backend);
    const made = attend(scores, values, causalMask(2, 3, { backend }));
    const wanted = expected([
      [true, false, false],
      [true, true, false],
      [true, false, false],
      [true, true, false],
    ]);
    void close(made.weights, wanted.weights);
    void close(made.context, wanted.context);
  },
  'attend/nothing-valid': ({ backend, close }) => {
    const [scores, values] = scoresAndValues(backend);
    const made = attend(
      scores,
      values,
      on(backend).bools([
        [
          [0, 0, 0],
          [1, 1, 0],
        ],
        [
          [1, 1, 1],
          [0, 0, 0],
        ],
      ]),
    );
    const wanted = expected([
      [false, false, false],
      [true, true, false],
      [true, true, true],
      [false, false, false],
    ]);
    void close(made.weights, wanted.weights);
    void close(made.context, wanted.context);
  },
  'attend/rows-sum-to-one': ({ backend, close }) => {
    const { floats } = on(backend);
    const made = attend(floats(random(82, [2, 3, 17], 3)), floats(random(83, [2, 17, 2])));
    void close(sum(made.weights, { axis: -1 }), [
      [1, 1, 1],
      [1, 1, 1],
    ]);
  },
  'attend/large-scores': ({ backend, close }) => {
    const { floats } = on(backend);
    const made = attend(floats([[[1000, 999, -1000]]]), floats([[[1], [2], [4]]]));
    const [a, b] = [1 / (1 + Math.exp(-1)), 1 / (1 + Math.exp(1))];
    void close(made.weights, [[[a, b, 0]]]);
    void close(made.context, [[[a + 2 * b]]]);
  },
  // A row with nothing valid passes nothing to its scores; the values get their share.
  'attend/gradient-of-nothing-valid': ({ backend, close }) => {
    const { floats, bools } = on(backend);
    const hidden = bools([
      [
        [0, 0],
        [1, 1],
      ],
    ]);
    const g = floats([[[1], [2]]]);
    const [, grads] = valueAndGrad(({ s, u }: { s: Floats; u: Floats }) => sum(mul(attend(s, u, hidden).context, g)))({
      s: floats([
        [
          [0.5, -1],
          [0, 0],
        ],
      ]),
      u: floats([[[3], [5]]]),
    });
    void close(grads.s, [
      [
        [0, 0],
        [-1, 1],
      ],
    ]);
    void close(grads.u, [[[1.5], [1.5]]]);
  },
  'attend/gradient-behind-a-mask': ({ backend, close }) => {
    const { floats, bools } = on(backend);
    const [, grads] = valueAndGrad((s: Floats) => {
      const { context } = attend(s, floats([[[3], [5], [100]]]), bools([[[1, 1, 0]]]));
      return sum(context);
    })(floats([[[0, 0, NaN]]]));
    void close(grads, [[[-0.5, 0.5, 0]]]);
  },
});
