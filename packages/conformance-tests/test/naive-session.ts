/** A session out of a kernel that runs sequences: one step a time, state in between. The switches break it, for the mutants. */
import type { ReferenceBuffer } from '@recurra/conformance-tests';
import type { Backend, FusedSession, LSTMInputs, LSTMSpec, Maybe, Operand, SessionInputs } from '@recurra/core';

type X = Operand<ReferenceBuffer>;

export interface SessionDefects {
  readonly forgetsState?: boolean;
  readonly keepsOut?: boolean;
  readonly writesFirstOut?: boolean;
  readonly ignoresSetState?: boolean;
  readonly sharesState?: boolean;
  readonly handsOutItsState?: boolean;
  readonly keepsGivenState?: boolean;
  readonly keepsParameters?: boolean;
  readonly leavesZeros?: boolean;
  readonly leaksState?: boolean;
}

/** The state of every session of a kernel that shares it. */
const common: { states: X[] } = { states: [] };

export function naiveSession(
  backend: Backend<ReferenceBuffer>,
  run: (spec: LSTMSpec, inputs: LSTMInputs<ReferenceBuffer>) => X[],
  spec: LSTMSpec,
  [, kernel, recurrentKernel, bias, h0, c0]: SessionInputs<LSTMInputs<ReferenceBuffer>>,
  defects: SessionDefects = {},
): FusedSession<ReferenceBuffer> {
  const { batch, inputs, units } = spec.dims;
  const floats = (data: ArrayLike<number>, shape: readonly number[]): X => ({
    handle: { data: Float64Array.from(data) },
    shape,
    dtype: 'float32',
  });
  const copy = (x: Maybe<ReferenceBuffer>): X =>
    x === null ? floats(new Float64Array(batch * units), [batch, units]) : floats(x.handle.data, x.shape);
  const own = (x: X): X => (defects.keepsParameters ? x : copy(x));
  const parameters = [own(kernel), own(recurrentKernel), bias && own(bias)] as const;
  const memory = defects.sharesState ? common : { states: [] as X[] };
  memory.states = [copy(h0), copy(c0)];
  let first: Float32Array | Float64Array | undefined;
  return {
    step(frame, out) {
      const x = floats(frame, [batch, 1, inputs]);
      const [y, ...states] = run(spec, [x, ...parameters, memory.states[0]!, memory.states[1]!, null]) as [X, X, X];
      (defects.writesFirstOut ? (first ??= out) : out).set(y.handle.data);
      if (!defects.forgetsState) {
        states.forEach(({ handle: { data } }, i) => (memory.states[i]!.handle.data as Float64Array).set(data));
        if (defects.keepsOut) memory.states[0] = { ...y, handle: { data: out as Float64Array } };
      }
      for (const made of [y, ...states]) backend.free(made.handle);
    },
    state: () =>
      memory.states.map(({ handle: { data }, ...x }) => {
        const handle = backend.upload(data, x);
        if (defects.leaksState) backend.upload(data, x);
        return { ...x, handle: defects.handsOutItsState ? Object.assign(handle, { data }) : handle };
      }),
    setState(states) {
      if (defects.ignoresSetState || (defects.leavesZeros && states.includes(null))) return;
      memory.states = states.map((s) => (defects.keepsGivenState && s !== null ? s : copy(s)));
    },
    close() {},
  };
}
