/** A fused LSTM whose gradient is written out as plain loops, with switches that break it. */
import { decorated, referenceBackend, type ReferenceBuffer } from '@recurra/conformance-tests';
import type { Backend, LSTMInputs, LSTMSpec, Maybe } from '@recurra/core';
import { withNaiveFused } from '../naive-fused.js';
import type { BackendMutant } from './broken.js';

type BpttDefect =
  | 'none'
  | 'forgets the term through c'
  | 'stops at each step'
  | 'ignores the gradient of the last c'
  | 'ignores the mask'
  | 'drops what a repeated output gets'
  | 'multiplies with U and not with its transpose'
  | 'takes the states after a step for the recurrent kernel'
  | 'gives the bias its last step alone'
  | 'walks in input order when reversed'
  | 'has no gradient for the initial state';

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const zeros = (n: number): Float64Array<ArrayBuffer> => new Float64Array(n);

/** Gradients of x, kernel, recurrent kernel, bias, h0, c0, as numbers, row by row of the batch. */
function bptt(
  defect: BpttDefect,
  { dims: { batch: B, time: T, inputs: F, units: u }, reverse, returnSequences, zeroOutputForMask }: LSTMSpec,
  [x, W, U, bias, h0, c0, mask]: LSTMInputs<ReferenceBuffer>,
  [gy, gh, gc]: readonly Maybe<ReferenceBuffer>[],
): Float64Array[] {
  const is = (other: BpttDefect): boolean => defect === other;
  const n = 4 * u;
  const [dx, dW, dU, db] = [zeros(B * T * F), zeros(F * n), zeros(u * n), zeros(n)];
  const [dh0, dc0] = [zeros(B * u), zeros(B * u)];
  const at = (m: Maybe<ReferenceBuffer> | undefined, i: number): number => m?.handle.data[i] ?? 0;
  for (let b = 0; b < B; b++) {
    // There: the states before each step, the gates in it, the memory after it.
    let h = Float64Array.from({ length: u }, (_, k) => at(h0, b * u + k));
    let c = Float64Array.from({ length: u }, (_, k) => at(c0, b * u + k));
    const steps = Array.from({ length: T }, (_, i) => {
      const t = reverse ? T - 1 - i : i;
      const valid = mask === null || mask.handle.data[b * T + t] === 1;
      const before = { t, valid, h, c };
      const gates = Float64Array.from({ length: n }, (__, j) => {
        let z = at(bias, j);
        // What is masked may be NaN.
        if (valid) for (let f = 0; f < F; f++) z += at(x, (b * T + t) * F + f) * at(W, f * n + j);
        for (let k = 0; k < u; k++) z += h[k]! * at(U, k * n + j);
        return j >= 2 * u && j < 3 * u ? Math.tanh(z) : sigmoid(z);
      });
      const next = c.map((v, k) => gates[u + k]! * v + gates[k]! * gates[2 * u + k]!);
      if (valid) [h, c] = [next.map((v, k) => gates[3 * u + k]! * Math.tanh(v)), next];
      return { ...before, gates, next, after: h };
    });
    // And back.
    let dh = Float64Array.from({ length: u }, (_, k) => at(gh, b * u + k));
    let dc = Float64Array.from({ length: u }, (_, k) =>
      is('ignores the gradient of the last c') ? 0 : at(gc, b * u + k),
    );
    const repeated = zeros(u);
    for (let i = T - 1; i >= 0; i--) {
      const { t, valid: marked, h: old, c: oldC, gates, next, after } = steps[i]!;
      const valid = marked || is('ignores the mask');
      const from = reverse && is('walks in input order when reversed') ? T - 1 - t : t;
      if ((returnSequences || i === T - 1) && (valid || !zeroOutputForMask)) {
        for (let k = 0; k < u; k++) repeated[k]! += at(gy, (returnSequences ? b * T + from : b) * u + k);
      }
      if (!valid && is('drops what a repeated output gets')) repeated.fill(0);
      if (!valid) continue;
      const dz = zeros(n);
      for (let k = 0; k < u; k++) {
        const [ig, f, g, o] = [gates[k]!, gates[u + k]!, gates[2 * u + k]!, gates[3 * u + k]!];
        const y = Math.tanh(next[k]!);
        const d = dh[k]! + repeated[k]!;
        const inner = (is('forgets the term through c') ? 0 : dc[k]!) + d * o * (1 - y * y);
        dz[k] = inner * g * ig * (1 - ig);
        dz[u + k] = inner * oldC[k]! * f * (1 - f);
        dz[2 * u + k] = inner * ig * (1 - g * g);
        dz[3 * u + k] = d * y * o * (1 - o);
        dc[k] = inner * f;
      }
      repeated.fill(0);
      const multiplied = is('takes the states after a step for the recurrent kernel') ? after : old;
      dh = zeros(u);
      for (let j = 0; j < n; j++) {
        if (i === T - 1 || !is('gives the bias its last step alone')) db[j]! += dz[j]!;
        for (let f = 0; f < F; f++) {
          dx[(b * T + t) * F + f]! += dz[j]! * at(W, f * n + j);
          dW[f * n + j]! += dz[j]! * at(x, (b * T + t) * F + f);
        }
        for (let k = 0; k < u; k++) {
          dU[k * n + j]! += dz[j]! * multiplied[k]!;
          const wrong = is('multiplies with U and not with its transpose');
          dh[k]! += dz[j]! * at(U, wrong ? (j % u) * n + (j - (j % u)) + k : k * n + j);
        }
      }
      if (is('stops at each step')) [dh, dc] = [zeros(u), zeros(u)];
    }
    if (is('has no gradient for the initial state')) continue;
    dh0.set(dh, b * u);
    dc0.set(dc, b * u);
  }
  return [dx, dW, dU, db, dh0, dc0];
}

/** Without a defect it passes every case of the suite. */
export function withBptt(defect: BpttDefect): Backend {
  const backend = withNaiveFused(referenceBackend());
  const lstm: NonNullable<NonNullable<typeof backend.fused>['lstm']> = {
    ...backend.fused!.lstm!,
    vjp(spec, inputs, _outputs, _residuals, grads) {
      const found = bptt(defect, spec, inputs, grads);
      return inputs.map((input, i) => {
        if (input === null || found[i] === undefined) return null;
        const out = { shape: input.shape, dtype: 'float32' } as const;
        return { ...out, handle: backend.upload(found[i], out) };
      });
    },
  };
  return decorated(backend, { fused: { ...backend.fused, lstm } }) as unknown as Backend;
}

const gradient = (defect: BpttDefect, caughtBy: string): BackendMutant => ({
  name: `the gradient of a fused lstm ${defect}`,
  caughtBy,
  make: () => withBptt(defect),
});

export const brokenBptt: readonly BackendMutant[] = [
  gradient('forgets the term through c', 'cells/lstm/gradients'),
  gradient('stops at each step', 'cells/lstm/gradients'),
  gradient('ignores the gradient of the last c', 'cells/lstm/gradients'),
  gradient('ignores the mask', 'cells/lstm/gradients-masked-reverse'),
  gradient('drops what a repeated output gets', 'cells/lstm/gradients-masked-reverse'),
  gradient('multiplies with U and not with its transpose', 'cells/lstm/gradients'),
  gradient('takes the states after a step for the recurrent kernel', 'cells/lstm/gradients'),
  gradient('gives the bias its last step alone', 'cells/lstm/gradients'),
  gradient('walks in input order when reversed', 'cells/lstm/torch-reverse-gradients'),
  gradient('has no gradient for the initial state', 'cells/lstm/gradients'),
];
