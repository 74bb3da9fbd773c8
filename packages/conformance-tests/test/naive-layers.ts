/** Layer norm, a dense layer and attention as fused kernels: plain loops over rows. */
import type { ReferenceBuffer } from '@recurra/conformance-tests';
import type { Backend, FusedKernels, Operand, Shape } from '@recurra/core';

type Reference = Backend<ReferenceBuffer>;
type Fused = FusedKernels<ReferenceBuffer>;

const given = (backend: Reference, data: readonly number[], shape: Shape): Operand<ReferenceBuffer> => {
  const out = { shape, dtype: 'float32' } as const;
  return { ...out, handle: backend.upload(Float64Array.from(data), out) };
};

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** The numbers of an operand, row by row. */
function rows({ handle, shape }: Operand<ReferenceBuffer>): number[][] {
  const width = shape.at(-1)!;
  const all = Array.from(handle.data);
  return Array.from({ length: all.length / width }, (_, i) => all.slice(i * width, (i + 1) * width));
}

export function layerNorm(backend: Reference): NonNullable<Fused['layerNorm']> {
  return {
    accepts: () => true,
    run({ epsilon }, [x, scale, offset]) {
      const y = rows(x).flatMap((row) => {
        const mean = sum(row) / row.length;
        const variance = sum(row.map((v) => (v - mean) * (v - mean))) / row.length;
        return row.map(
          (v, i) =>
            ((v - mean) / Math.sqrt(variance + epsilon)) * (scale?.handle.data[i] ?? 1) + (offset?.handle.data[i] ?? 0),
        );
      });
      return [given(backend, y, x.shape)];
    },
  };
}

export function linear(backend: Reference): NonNullable<Fused['linear']> {
  const activations: Readonly<Record<string, (v: number) => number>> = { linear: (v) => v, tanh: Math.tanh };
  return {
    accepts: ({ activation }) => activation in activations || `no loop for ${activation}`,
    run({ activation, units }, [x, kernel, bias]) {
      const W = rows(kernel);
      const y = rows(x).flatMap((row) =>
        Array.from({ length: units }, (_, j) =>
          activations[activation]!(sum(row.map((v, f) => v * W[f]![j]!)) + (bias?.handle.data[j] ?? 0)),
        ),
      );
      return [given(backend, y, [...x.shape.slice(0, -1), units])];
    },
  };
}

export function attention(backend: Reference): NonNullable<Fused['attention']> {
  return {
    accepts: ({ score }) => score === 'scaledDot' || 'the additive score composes',
    run({ scale, causal, dims }, [query, keys, values, , mask]) {
      const { batch, queries: Tq, keys: Tk, width, values: Dv } = dims;
      const [q, k, v] = [rows(query), rows(keys), rows(values)];
      const weights: number[] = [];
      const context: number[] = [];
      for (let b = 0; b < batch; b++) {
        for (let i = 0; i < Tq; i++) {
          const row = b * Tq + i;
          const seen = Array.from(
            { length: Tk },
            (_, j) => (!causal || j <= i) && mask?.handle.data[row * Tk + j] !== 0,
          );
          const e = seen.map((yes, j) => {
            if (!yes) return seen.includes(true) ? -Infinity : 0;
            return scale * sum(Array.from({ length: width }, (_, d) => q[row]![d]! * k[b * Tk + j]![d]!));
          });
          const most = Math.max(...e);
          const total = sum(e.map((s) => Math.exp(s - most)));
          const a = e.map((s) => Math.exp(s - most) / total);
          weights.push(...a);
          for (let d = 0; d < Dv; d++) context.push(sum(a.map((w, j) => w * v[b * Tk + j]![d]!)));
        }
      }
      return [given(backend, context, [batch, Tq, Dv]), given(backend, weights, [batch, Tq, Tk])];
    },
  };
}
