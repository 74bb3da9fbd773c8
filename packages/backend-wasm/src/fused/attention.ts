/**
 *     e = q·kᵀ, or v · tanh(q_i + k_j)      a = softmax(scale · e)      c = a · values
 *
 * and the gradients: dS = scale · a ⊙ (dA − Σ a ⊙ dA) with dA = dC·valuesᵀ, from which those of q and k follow.
 */
import type { AttentionInputs, AttentionSpec, FusedTable, Operand } from '@recurra/core';
import type { WasmBuffer } from '../buffer.js';
import { matmul } from '../kernels/matmul.js';
import type { Space } from '../space.js';
import { four } from './weights.js';

type X = Operand<WasmBuffer>;
type Inputs = AttentionInputs<WasmBuffer>;

const plain = { transposeA: false, transposeB: false };

export function attention(space: Space): FusedTable<WasmBuffer>['attention'] {
  const { kernels, operand } = space;
  const product = (a: X, b: X, shape: readonly number[], how: Partial<typeof plain> = {}): X => ({
    handle: matmul(space, a, b, { ...plain, ...how }, { shape, dtype: 'float32' }),
    shape,
    dtype: 'float32',
  });
  /** The call for each member of the batch, with the mask of its rows. */
  const eachRows = (
    { dims: { batch, queries, keys } }: AttentionSpec,
    mask: Inputs[4],
    rows: (scores: number, mask: number) => void,
  ): void => {
    for (let b = 0; b < batch; b++) {
      const at = b * queries * keys;
      rows(at * 4, mask ? mask.handle.offset + at : 0);
    }
  };
  const run = (spec: AttentionSpec, [q, k, values, v, mask]: Inputs): X[] => {
    const { batch, queries, keys, values: width } = spec.dims;
    const shape = [batch, queries, keys];
    const weights =
      spec.score === 'additive' ? additive(space, spec, q, k, v!) : product(q, k, shape, { transposeB: true });
    try {
      const e = space.scratch(keys * 8);
      eachRows(spec, mask, (at, hidden) =>
        kernels.attendRows(weights.handle.offset + at, queries, keys, spec.scale, hidden, Number(spec.causal), e),
      );
      return [product(weights, values, [batch, queries, width]), weights];
    } catch (error) {
      space.free(weights.handle);
      throw error;
    }
  };
  return {
    accepts: () => true,
    run,
    runForGradient: (spec, inputs) => ({ outputs: run(spec, inputs), residuals: [] }),
    vjp(spec, [q, k, values, v, mask], [, a], _, [dContext, dWeights], needs) {
      const { batch, queries, keys, width, values: out } = spec.dims;
      const made: X[] = [];
      const own = (x: X): X => {
        made.push(x);
        return x;
      };
      let temporary: X | null = null;
      try {
        const shape = [batch, queries, keys];
        const g = dContext ? product(dContext, values, shape, { transposeB: true }) : operand(shape);
        temporary = g;
        const { offset, size } = g.handle;
        if (!dContext) kernels.fill32(0, offset, size);
        if (dWeights) kernels.binary(0, 1, size, offset, 0, 1, dWeights.handle.offset, 0, 1, offset);
        eachRows(spec, mask, (at, hidden) =>
          kernels.attendRowsBack(
            offset + at,
            a!.handle.offset + at,
            queries,
            keys,
            spec.scale,
            hidden,
            Number(spec.causal),
          ),
        );
        const dValues =
          needs[2] && dContext ? own(product(a!, dContext, [batch, keys, out], { transposeA: true })) : null;
        if (spec.score === 'additive') {
          const [dq, dk, dv] = additiveBack(space, spec, q, k, v!, g).map(own) as [X, X, X];
          return [dq, dk, dValues, dv, null];
        }
        const dq = needs[0] ? own(product(g, k, [batch, queries, width])) : null;
        const dk = needs[1] ? own(product(g, q, [batch, keys, width], { transposeA: true })) : null;
        return [dq, dk, dValues, null, null];
      } catch (error) {
        for (const x of made) space.free(x.handle);
        throw error;
      } finally {
        if (temporary) space.free(temporary.handle);
      }
    },
  };
}

/** Where rows of whole lanes lie: q, k and v padded, what they meet in, and as many gradients. */
function room(space: Space, { dims: { queries, keys, width } }: AttentionSpec, gradients: boolean) {
  const row = four(width) * 4;
  const sizes = [queries, keys, 1, keys, ...(gradients ? [queries, keys, 1] : [])].map((rows) => rows * row);
  const at = space.scratch(sizes.reduce((sum, n) => sum + n, 0));
  const starts = sizes.map((_, i) => sizes.slice(0, i).reduce((sum, n) => sum + n, at));
  const [q, k, v, t, dq = 0, dk = 0, dv = 0] = starts as [number, number, number, number, ...number[]];
  return { row, q, k, v, t, dq, dk, dv };
}

type Room = ReturnType<typeof room>;

function lay({ kernels }: Space, { row, q, k }: Room, spec: AttentionSpec, b: number, from: X, keys: X): void {
  const { queries, keys: n, width } = spec.dims;
  kernels.padRows(from.handle.offset + b * queries * width * 4, width * 4, q, row, queries, width, row / 4);
  kernels.padRows(keys.handle.offset + b * n * width * 4, width * 4, k, row, n, width, row / 4);
}

function additive(space: Space, spec: AttentionSpec, query: X, keys: X, v: X): X {
  const { batch, queries, keys: n, width } = spec.dims;
  const { kernels } = space;
  const at = room(space, spec, false);
  const scores = space.operand([batch, queries, n]);
  kernels.padRows(v.handle.offset, width * 4, at.v, at.row, 1, width, at.row / 4);
  for (let b = 0; b < batch; b++) {
    lay(space, at, spec, b, query, keys);
    const to = scores.handle.offset + b * queries * n * 4;
    kernels.additiveScores(at.q, at.k, at.v, queries, n, at.row / 4, to, at.t);
  }
  return scores;
}

function additiveBack(space: Space, spec: AttentionSpec, query: X, keys: X, v: X, g: X): X[] {
  const { batch, queries, keys: n, width } = spec.dims;
  const { kernels, heap, operand, free } = space;
  const at = room(space, spec, true);
  const made: X[] = [];
  try {
    for (const shape of [[batch, queries, width], [batch, n, width], [width]]) made.push(operand(shape));
  } catch (error) {
    for (const x of made) free(x.handle);
    throw error;
  }
  const [dq, dk, dv] = made as [X, X, X];
  kernels.padRows(v.handle.offset, width * 4, at.v, at.row, 1, width, at.row / 4);
  heap.bytes.fill(0, at.dv, at.dv + at.row);
  for (let b = 0; b < batch; b++) {
    lay(space, at, spec, b, query, keys);
    heap.bytes.fill(0, at.dq, at.dk + n * at.row);
    const from = g.handle.offset + b * queries * n * 4;
    kernels.additiveScoresBack(at.q, at.k, at.v, queries, n, at.row / 4, from, at.dq, at.dk, at.dv, at.t);
    kernels.padRows(at.dq, at.row, dq.handle.offset + b * queries * width * 4, width * 4, queries, width, width);
    kernels.padRows(at.dk, at.row, dk.handle.offset + b * n * width * 4, width * 4, n, width, width);
  }
  kernels.padRows(at.dv, at.row, dv.handle.offset, width * 4, 1, width, width);
  return made;
}
