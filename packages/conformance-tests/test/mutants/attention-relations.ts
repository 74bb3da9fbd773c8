/** Libraries of attention that go wrong where options meet, where sizes fit by accident, and where numbers are large. */
import * as ours from '@recurra/attention';
import { matmul, reshape, scope, softmax, tensor, transpose } from '@recurra/core';
import type { AttentionLibrary } from '../../src/cases/attention-library.js';
import type { Floats } from '../../src/cases/on.js';
import { broken } from './attention-heads.js';
import type { Mutant } from './mutant.js';

/** `attention` with other options than it was given. */
const options = (change: (options: ours.AttentionOptions) => ours.AttentionOptions): Partial<AttentionLibrary> => ({
  attention: (score, params, q, k, v, given = {}) => ours.attention(score, params, q, k, v, change(given)),
});

/** Keras's layer, with something else made of its scores. */
function keras(
  change: (made: ours.KerasAttended, inputs: readonly Floats[], training: boolean) => ours.KerasAttended,
): Partial<AttentionLibrary> {
  return {
    kerasAttention: (how) => {
      const layer = ours.kerasAttention(how);
      const f: typeof layer = Object.assign(
        (...[params, inputs, call]: Parameters<typeof layer>) =>
          scope(() => change(layer(params, inputs, call), inputs as readonly Floats[], call?.training ?? false)),
        { init: layer.init },
      );
      return f;
    },
  };
}

export const brokenAttentionRelations: readonly Mutant<() => AttentionLibrary>[] = [
  broken('general turns W around where it is square', 'attention/score/general-square', {
    generalScore: (...given) => {
      const score = ours.generalScore(...given);
      const turned = ({ kernel: W }: { kernel: Floats }) => ({
        kernel: W.shape[0] === W.shape[1] ? transpose(W) : W,
      });
      return Object.assign(
        (params: { kernel: Floats }, q: Floats, k: Floats) => scope(() => score(turned(params), q, k)),
        score,
      ) as typeof score;
    },
  }),
  broken('scaledDot takes a scale of 0 for none', 'attention/score/scale-of-zero', {
    scaledDotScore: (how = {}) => ours.scaledDotScore(how.scale ? how : {}),
  }),
  broken('the causal mask ends where the keys end', 'attention/mask/causal-of-more-queries', {
    causalMask(Tq, Tk, how) {
      if (Tq <= Tk) return ours.causalMask(Tq, Tk, how);
      const sees = Uint8Array.from({ length: Tq * Tk }, (_, at) => Number((at % Tk) + Tq - Tk <= Math.floor(at / Tk)));
      return tensor(sees, [Tq, Tk], { dtype: 'bool', ...how });
    },
  }),
  broken('a lone mask is handed back as it is', 'attention/mask/lone-one-is-a-copy', {
    combineMasks: (...masks) => {
      const given = masks.filter((mask) => mask != null);
      return given.length === 1 ? given[0]! : ours.combineMasks(...masks);
    },
  }),
  broken(
    'causal is forgotten where there is a mask',
    'attention/attention/options-together',
    options((given) => (given.mask ? { ...given, causal: false } : given)),
  ),
  broken(
    'the window is forgotten where it is causal',
    'attention/attention/options-together',
    options((given) => (given.causal ? { ...given, slidingWindow: null } : given)),
  ),
  broken(
    "Keras's scores are those before dropout",
    'attention/keras/scores-after-dropout',
    keras((made, [q, v], training) =>
      training ? { ...made, scores: softmax(matmul(q!, v!, { transposeB: true }), -1) } : made,
    ),
  ),
  broken('masks do not follow the attended axes', 'attention/multi-head/attended-axes', {
    multiHeadAttention: (how) => {
      const layer = ours.multiHeadAttention(how);
      const f = (params: ours.HeadsParams, inputs: ours.KerasAttentionInputs, call: ours.HeadsCall = {}): unknown =>
        scope(() => {
          const { valueMask: m } = call;
          if (!m || m.rank !== 3 || how.attentionAxes == null || [how.attentionAxes].flat().length !== 1)
            return layer(params, inputs, call);
          const [B, T, S] = m.shape as [number, number, number];
          return layer(params, inputs, { ...call, valueMask: transpose(reshape(m, [B, S, T]), [0, 2, 1]) });
        });
      return Object.assign(f, { init: layer.init }) as never;
    },
  }),
];
