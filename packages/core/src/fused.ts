/**
 * Asking for a fused kernel. A kernel is asked by its `accepts`, never tried and caught; while a tape records it also
 * needs a gradient of its own, and under two tapes ops compose.
 */
import type { Backend } from './backend.js';
import type { FusedKernel, FusedName, FusedSpecOf } from './fused-table.js';
import { backendOf, create, guarded } from './gate.js';
import { checkedBackend } from './registry.js';
import { record, recording, type Rule } from './tape.js';
import { operand, Tensor } from './tensor.js';
import type { Operand } from './types.js';

type AnyKernel = FusedKernel<unknown, readonly (Operand | null)[], object>;

/** Why `backend` will not run its fused kernel `name` on `spec`, in words; null when it will. */
export function whyNot<N extends FusedName>(backend: Backend, name: N, spec: FusedSpecOf<N>): string | null {
  const kernel = checkedBackend('whyNot', backend).fused?.[name] as AnyKernel | undefined;
  if (kernel === undefined) return `${backend.name} has no fused ${name}`;
  const answer = guarded('whyNot', backend, () => kernel.accepts(spec));
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
  const backend = backendOf(name, (Array.isArray(inputs) ? inputs.filter((x) => x !== null) : inputs) as Tensor[]);
  if (whyNot(backend, name, spec) !== null) return null;
  const kernel = backend.fused![name] as AnyKernel;
  const tapes = recording(inputs);
  if (tapes > 1 || (tapes === 1 && (kernel.vjp === undefined || kernel.runForGradient === undefined))) return null;

  const of = (x: Tensor | null): Operand | null => x && operand(x, name);
  const operands = inputs.map(of);
  const run = guarded(name, backend, () =>
    tapes === 0 ? { outputs: kernel.run(spec, operands), residuals: [] } : kernel.runForGradient!(spec, operands),
  );
  const owned = (y: Operand): Tensor => create(name, backend, y, () => y.handle);
  const outputs = run.outputs.map(owned);
  const rule: Rule = (grads, held) => {
    const ys = held.outputs.map((y) => operand(y, name));
    const answers = guarded(name, backend, () =>
      kernel.vjp!(spec, held.inputs.map(of), ys, run.residuals, grads.map(of), held.needs),
    );
    return answers.map((g) => g && owned(g));
  };
  // The tape's own: no scope frees them.
  const residuals = run.residuals.map((y) => new Tensor({ backend, handle: y.handle, shares: 1 }, y.shape, y.dtype));
  record(name, inputs, outputs, rule, residuals);
  return outputs;
}
