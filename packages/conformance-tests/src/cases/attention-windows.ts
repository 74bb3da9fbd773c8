/**
 * Luong's local attention sees its window and nothing else: the softmax runs inside it, the Gaussian comes after it, and
 * through the Gaussian the predicted centres learn. How the numbers were made: vectors/make-attention.py.
 */
import type { PredictiveCentresParams } from '@recurra/attention';
import { mul, sum, tensor, valueAndGrad, type Backend } from '@recurra/core';
import type { CaseEntry, Numbers, Testing } from '../case.js';
import windowsJson from '../vectors/attention-windows.json';
import { closeTrees } from './attention-heads.js';
import type { AttentionLibrary } from './attention-library.js';
import { on, type Floats } from './on.js';

interface WindowVector {
  readonly id: string;
  readonly radius: number;
  readonly first: number;
  /** Of the general score. */
  readonly kernel: Numbers;
  readonly query: Numbers;
  readonly keys: Numbers;
  readonly values: Numbers;
  /** Of the predicted centres; null for monotonic ones. */
  readonly where: { readonly kernel: Numbers; readonly v: Numbers } | null;
  readonly lengths: readonly number[] | null;
  readonly mask: Numbers | null;
  readonly centres?: Numbers;
  readonly weights: Numbers;
  readonly context: Numbers;
  readonly cotangent: Numbers;
  readonly gradients: object;
}
const vectors = windowsJson.cases as unknown as readonly WindowVector[];

type Asked = {
  readonly kernel: Floats;
  readonly query: Floats;
  readonly keys: Floats;
  readonly values: Floats;
  readonly where?: PredictiveCentresParams;
};

function askedOf(vector: WindowVector, backend: Backend): Asked {
  const { floats } = on(backend);
  const { kernel, query, keys, values, where } = vector;
  return {
    kernel: floats(kernel),
    query: floats(query),
    keys: floats(keys),
    values: floats(values),
    ...(where && { where: { kernel: floats(where.kernel), v: floats(where.v) } }),
  };
}

function centresOf(library: AttentionLibrary, vector: WindowVector, { query, where }: Asked): Floats {
  const { backend } = query;
  if (where === undefined) return library.monotonicCentres(query.shape[1]!, { first: vector.first, backend });
  const units = vector.where!.v.shape[0]!;
  const lengths = vector.lengths && tensor([...vector.lengths], undefined, { backend });
  return library.predictiveCentres({ units })(where, query, lengths ?? vector.keys.shape[1]!);
}

function attended(library: AttentionLibrary, vector: WindowVector, asked: Asked): { context: Floats; weights: Floats } {
  const { kernel, query, keys, values, where } = asked;
  const mask = vector.mask && library.paddingMask(on(query.backend).bools(vector.mask));
  return library.localAttention(library.generalScore(), { kernel }, query, keys, values, {
    radius: vector.radius,
    mask,
    // The defaults are those of local-m: centres from 0 on, no Gaussian.
    ...(vector.first > 0 && { centres: centresOf(library, vector, asked), gaussian: false }),
    ...(where && { centres: centresOf(library, vector, asked) }),
  });
}

function windowRun({ backend, close }: Testing, library: AttentionLibrary, vector: WindowVector): void {
  const asked = askedOf(vector, backend);
  if (vector.centres) void close(centresOf(library, vector, asked), vector.centres);
  const { weights, context } = attended(library, vector, asked);
  void close(weights, vector.weights);
  void close(context, vector.context);
}

function gradientsRun({ backend, close }: Testing, library: AttentionLibrary, vector: WindowVector): void {
  const cotangent = on(backend).floats(vector.cotangent);
  const loss = (asked: Asked): Floats => sum(mul(attended(library, vector, asked).context, cotangent));
  const [, grads] = valueAndGrad(loss)(askedOf(vector, backend));
  closeTrees(close, grads, vector.gradients);
}

export function windowEntries(library: AttentionLibrary): Record<string, CaseEntry> {
  const entries: Record<string, CaseEntry> = {
    // A whole centre sees D keys to each side, both ends included; positions that are not there are not seen.
    'window/mask': ({ backend, close }) => {
      const centres = on(backend).floats([
        [1, 2.5],
        [-0.5, 5],
      ]);
      void close(library.windowMask(centres, 5, 2), [
        [
          [1, 1, 1, 1, 0],
          [0, 1, 1, 1, 1],
        ],
        [
          [1, 1, 0, 0, 0],
          [0, 0, 0, 1, 1],
        ],
      ]);
    },
    'window/gaussian': ({ backend, close }) => {
      const g = library.gaussianWindow(on(backend).floats([[0.5, 3]]), 4, 3);
      const at = (p: number): number[] => [0, 1, 2, 3].map((j) => Math.exp(-((j - p) * (j - p)) / 4.5));
      void close(g, [[at(0.5), at(3)]]);
    },
    'window/sliding': ({ backend, close }) => {
      void close(library.slidingWindowMask(3, 5, 2, { backend }), [
        [1, 1, 0, 0, 0],
        [1, 1, 1, 0, 0],
        [0, 1, 1, 1, 0],
      ]);
    },
  };
  for (const vector of vectors) {
    entries[`window/${vector.id}`] = (t) => windowRun(t, library, vector);
    entries[`window/${vector.id}-gradients`] = (t) => gradientsRun(t, library, vector);
  }
  return entries;
}
