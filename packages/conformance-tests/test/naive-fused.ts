/**
 * The reference with an LSTM, a softmax and the kernels without recurrence in one call: without it no fused case would run
 * here. The switches break it, for the mutants.
 */
import { decorated, referenceBackend, type ReferenceBuffer } from '@recurra/conformance-tests';
import type { Backend, FusedKernels, LSTMInputs, LSTMSpec, Operand, SoftmaxSpec } from '@recurra/core';
import { composedGradients } from './composed-gradients.js';
import { attention, layerNorm, linear } from './naive-layers.js';
import { naiveSession, type SessionDefects } from './naive-session.js';

type Reference = Backend<ReferenceBuffer>;
type X = Operand<ReferenceBuffer>;

export interface Defects {
  readonly swapIO?: boolean;
  readonly acceptsAll?: boolean;
  readonly ignoresInitialState?: boolean;
  readonly unshiftedSoftmax?: boolean;
  readonly wrongGradient?: boolean;
  readonly leaks?: boolean;
}

export function withNaiveFused(
  backend: Reference = referenceBackend(),
  defects: Defects = {},
  ofSessions: SessionDefects = {},
): Reference {
  return decorated(backend, {
    fused: {
      lstm: lstm(backend, defects, ofSessions),
      softmax: softmax(backend, defects),
      layerNorm: layerNorm(backend),
      linear: linear(backend),
      attention: attention(backend),
    },
  });
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

function lstm(
  backend: Reference,
  defects: Defects,
  ofSessions: SessionDefects,
): NonNullable<FusedKernels<ReferenceBuffer>['lstm']> {
  const loops: NonNullable<FusedKernels<ReferenceBuffer>['lstm']> = {
    accepts(spec) {
      if (defects.acceptsAll) return true;
      return (spec.activation === 'tanh' && spec.recurrentActivation === 'sigmoid') || `no loop for ${spec.activation}`;
    },
    run(spec: LSTMSpec, [x, kernel, recurrentKernel, bias, h0, c0, mask]: LSTMInputs<ReferenceBuffer>) {
      const { batch: B, time: T, inputs: F, units: u } = spec.dims;
      const start = (s: X | null): Float64Array =>
        s === null || defects.ignoresInitialState ? new Float64Array(B * u) : Float64Array.from(s.handle.data);
      const [h, c] = [start(h0), start(c0)];
      const y = new Float64Array(B * T * u);
      const last = new Float64Array(B * u);
      for (let b = 0; b < B; b++) {
        const repeated = new Float64Array(u);
        for (let n = 0; n < T; n++) {
          const t = spec.reverse ? T - 1 - n : n;
          const valid = mask === null || mask.handle.data[b * T + t] === 1;
          if (valid) {
            const z = Array.from({ length: 4 * u }, (_, j) => {
              let sum = bias === null ? 0 : bias.handle.data[j]!;
              for (let f = 0; f < F; f++)
                sum += x.handle.data[(b * T + t) * F + f]! * kernel.handle.data[f * 4 * u + j]!;
              for (let k = 0; k < u; k++) sum += h[b * u + k]! * recurrentKernel.handle.data[k * 4 * u + j]!;
              return sum;
            });
            const [I, O] = defects.swapIO ? [3, 0] : [0, 3];
            for (let k = 0; k < u; k++) {
              const at = b * u + k;
              c[at] = sigmoid(z[u + k]!) * c[at]! + sigmoid(z[I * u + k]!) * Math.tanh(z[2 * u + k]!);
              h[at] = repeated[k] = sigmoid(z[O * u + k]!) * Math.tanh(c[at]!);
            }
          }
          const out = valid || !spec.zeroOutputForMask ? repeated : new Float64Array(u);
          y.set(out, (b * T + t) * u);
          last.set(out, b * u);
        }
      }
      const give = (data: Float64Array, shape: readonly number[]): X => {
        const out = { shape, dtype: 'float32' } as const;
        return { ...out, handle: backend.upload(data, out) };
      };
      return [spec.returnSequences ? give(y, [B, T, u]) : give(last, [B, u]), give(h, [B, u]), give(c, [B, u])];
    },
    runForGradient: (spec, inputs) => ({ outputs: loops.run(spec, inputs), residuals: [] }),
    vjp: (spec, inputs, _outputs, _residuals, grads) => composedGradients(backend, spec, inputs, grads),
    open: (spec, params) => naiveSession(backend, loops.run, spec, params, ofSessions),
  };
  return loops;
}

function softmax(backend: Reference, defects: Defects): NonNullable<FusedKernels<ReferenceBuffer>['softmax']> {
  const forward = (x: X): X => {
    const n = x.shape.at(-1)!;
    const data = Float64Array.from(x.handle.data);
    for (let row = 0; row < data.length; row += n) {
      const own = data.subarray(row, row + n);
      const most = defects.unshiftedSoftmax ? 0 : Math.max(...own);
      own.forEach((v, i) => (own[i] = Math.exp(v - most)));
      const total = own.reduce((a, b) => a + b, 0);
      own.forEach((v, i) => (own[i] = v / total));
    }
    if (defects.leaks) backend.fill(0, x);
    return { ...x, handle: backend.upload(data, x) };
  };
  return {
    accepts: (spec: SoftmaxSpec) => spec.shape.length > 0 || 'a scalar has no last axis',
    run: (_, [x]) => [forward(x)],
    runForGradient: (_, [x]) => ({ outputs: [forward(x)], residuals: [] }),
    /** ∂x = y·(g − Σ g·y) */
    vjp(_spec, _inputs, [y], _residuals, [g]) {
      const n = y!.shape.at(-1)!;
      const [p, q] = [y!.handle.data, g!.handle.data];
      const data = Float64Array.from(p, (v, i) => {
        const row = i - (i % n);
        let dot = 0;
        if (!defects.wrongGradient) for (let j = row; j < row + n; j++) dot += p[j]! * q[j]!;
        return v * (q[i]! - dot);
      });
      return [{ ...y!, handle: backend.upload(data, y!) }];
    },
  };
}
