/**
 * Asking for a fused kernel. A kernel is asked by its `accepts`, never tried and caught; while a tape records it also
 * needs a gradient of its own, and under two tapes ops compose.
 */
import type { Backend } from './backend.js';
import type { FusedKernel, FusedName, FusedSpecOf } from './fused-table.js';
import { backendOf, guarded } from './gate.js';
import { own } from './scope.js';
import { record, recording } from './tape.js';
import { operand, share, Tensor } from './tensor.js';
import type { Operand } from './types.js';

type AnyKernel = FusedKernel<unknown, readonly (Operand | null)[], object>;

/** Why `backend` will not run its fused kernel `name` on `spec`, in words; null when it will. */
export function whyNot<N extends FusedName>(backend: Backend, name: N, spec: FusedSpecOf<N>): string | null {
  const kernel = backend.fused?.[name] as AnyKernel | undefined;
  if (kernel === undefined) return `${backend.name} has no fused ${name}`;
  const answer = kernel.accepts(spec);
  return answer === true ? null : answer;
}

/**
 * The outputs of the backend's fused kernel, or null where it has none, does not accept the spec, or cannot
 * differentiate while a tape records: then the caller composes.
 */
export function applyFused<N extends FusedName>(
  name: N,
  spec: FusedSpecOf<N>,
  inputs: readonly (Tensor | null)[],
): Tensor[] | null {
  const backend = backendOf(
    name,
    inputs.filter((x) => x !== null),
  );
  if (whyNot(backend, name, spec) !== null) return null;
  const kernel = backend.fused![name] as AnyKernel;
  const tapes = recording(inputs);
  if (tapes > 1 || (tapes === 1 && (kernel.vjp === undefined || kernel.runForGradient === undefined))) return null;

  const operands = inputs.map((x) => (x === null ? null : operand(x, name)));
  const wrap = (y: Operand): Tensor => new Tensor({ backend, handle: y.handle, shares: 1 }, y.shape, y.dtype);
  if (tapes === 0) {
    const outputs = guarded(name, backend, () => kernel.run(spec, operands)).map(wrap);
    outputs.forEach(own);
    return outputs;
  }
  const run = guarded(name, backend, () => kernel.runForGradient!(spec, operands));
  const outputs = run.outputs.map(wrap);
  const residuals = run.residuals.map(wrap);
  outputs.forEach(own);
  record(inputs, outputs, () => {
    const heldInputs = inputs.map((x) => (x === null ? null : share(x, name)));
    const heldOutputs = outputs.map((y) => share(y, name));
    return {
      held: [...heldInputs.filter((x) => x !== null), ...heldOutputs, ...residuals],
      vjp: (grads) => {
        const of = (x: Tensor | null): Operand | null => (x === null ? null : operand(x, name));
        const answers = guarded(name, backend, () =>
          kernel.vjp!(
            spec,
            heldInputs.map(of),
            heldOutputs.map((y) => operand(y, name)),
            run.residuals,
            grads.map(of),
          ),
        );
        return answers.map((g) => {
          if (g === null) return null;
          const tensor = wrap(g);
          own(tensor);
          return tensor;
        });
      },
    };
  });
  return outputs;
}
