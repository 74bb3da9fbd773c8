/**
 * A fused kernel that goes one step at a time, for streams: numbers in, numbers out, and no new object in between.
 * Steps are not differentiated.
 */
import type { Backend } from './backend.js';
import { checkShapes } from './checks.js';
import { ArgumentError, backendFailed, BackendError, DisposedError, ShapeError } from './errors.js';
import { whyNot } from './fused.js';
import type { FusedSession, FusedSpecOf, RecurrentDims } from './fused-table.js';
import { backendOf, create, guarded } from './gate.js';
import { kindOfArray } from './kind-of-array.js';
import { recording } from './tape.js';
import { dispose, operand, type Tensor } from './tensor.js';
import type { Operand } from './types.js';

/** The parts of the state, in the kernel's order. */
const parts = { simpleRNN: ['h'], lstm: ['h', 'c'], gru: ['h'] } as const;

/** The fused kernels that may open sessions. */
export type SessionName = keyof typeof parts;

type Numbers = Float32Array | Float64Array;

/** One stream in a fused kernel: its weights and its state, until `close`. */
export interface TensorSession {
  /**
   * One time step. `out` may be `frame`.
   *
   * @param frame [B, F], row after row
   * @param out [B, units], overwritten
   * @throws ShapeError for another length, DisposedError after `close`
   */
  step(frame: Numbers, out: Numbers): void;
  /** Copies of h, or h and c, as they are now, [B, units] each; the caller's. */
  state(): Tensor<'float32'>[];
  /**
   * Copies these; null is zeros.
   *
   * @throws ShapeError, DTypeError, BackendError or DisposedError for what does not fit
   */
  setState(state: readonly (Tensor | null)[]): void;
  /** Frees what the session holds. Doing it twice does no harm. */
  close(): void;
  [Symbol.dispose](): void;
}

/**
 * A session of the backend's fused kernel; null where it can open none, does not accept the spec, or a tape records an
 * input: then the caller composes. The session has copies of all it needs, so the inputs may be disposed.
 *
 * @param spec that of one step: time is 1, the switches are false
 * @param inputs those of the kernel, x and mask null
 */
export function openFused<N extends SessionName>(
  name: N,
  spec: FusedSpecOf<N>,
  inputs: readonly (Tensor | null)[],
): TensorSession | null {
  const given = (Array.isArray(inputs) ? inputs.filter((x) => x !== null) : inputs) as Tensor[];
  const backend = backendOf(name, given);
  const kernel = backend.fused?.[name] as { open?(spec: unknown, params: unknown): FusedSession<object> } | undefined;
  if (kernel?.open === undefined || whyNot(backend, name, spec) !== null || recording(given) > 0) return null;
  const operands = inputs.map((x) => x && operand(x, name));
  return session(
    name,
    backend,
    spec.dims,
    guarded(name, backend, () => kernel.open!(spec, operands)),
  );
}

// A function of its own: closures made in `openFused` would keep its inputs in memory.
function session(
  name: SessionName,
  backend: Backend,
  { batch, inputs, units }: RecurrentDims,
  opened: FusedSession<object>,
): TensorSession {
  const shape = [batch, units];
  let inner: FusedSession<object> | null = opened;
  const open = (): FusedSession<object> => {
    if (inner === null) throw new DisposedError(name, 'a session was used after it was closed', {}, 'open another one');
    return inner;
  };
  const close = (): void => {
    const closing = inner;
    inner = null;
    if (closing !== null) guarded(name, backend, () => closing.close());
  };
  return {
    step(frame, out) {
      const now = open();
      checkNumbers(name, 'frame', frame, batch, inputs);
      checkNumbers(name, 'out', out, batch, units);
      try {
        now.step(frame, out);
      } catch (error) {
        throw backendFailed(name, backend.name, error);
      }
    },
    state() {
      const now = open();
      return guarded(name, backend, () => now.state()).map(({ handle }) =>
        create(name, backend, { shape, dtype: 'float32' }, () => handle),
      );
    },
    setState(state) {
      const now = open();
      const roles = parts[name];
      if (!Array.isArray(state) || state.length !== roles.length) {
        throw new ShapeError(name, 'the state has other parts', { state, expected: roles }, 'as state() gives them');
      }
      const operands = roles.map((role, i) => {
        const x = state[i]!;
        return x && stateOperand(name, backend, role, x, shape);
      });
      guarded(name, backend, () => now.setState(operands));
    },
    close,
    [dispose]: close,
  };
}

function stateOperand(name: string, backend: Backend, role: string, x: Tensor, shape: readonly number[]): Operand {
  checkShapes(name, 'state', { [role]: x }, { [role]: shape });
  if (x.backend !== backend) {
    throw new BackendError(
      name,
      `${role} lives on another backend than the session`,
      { [role]: x.backend.name, session: backend.name },
      'move it with transfer(tensor, backend)',
      'BACKEND_MIXED',
    );
  }
  return operand(x, name);
}

function checkNumbers(name: string, role: string, x: Numbers, rows: number, columns: number): void {
  // Not `instanceof`: a proxy of an array passes that, and has no numbers.
  const kind = kindOfArray(x);
  if (kind !== 'Float32Array' && kind !== 'Float64Array') {
    throw new ArgumentError(
      name,
      `${role} must be a Float32Array`,
      { [role]: x },
      `new Float32Array(${rows * columns})`,
    );
  }
  if (x.length !== rows * columns) {
    const facts = { [role]: x.length, expected: `${rows} · ${columns} = ${rows * columns}` };
    throw new ShapeError(name, `${role} has the wrong length`, facts, 'one number for each row and column');
  }
}
