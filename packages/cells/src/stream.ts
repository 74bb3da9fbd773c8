/**
 * One frame at a time: a cell that keeps its state between calls, for audio, keystrokes, sensors.
 *
 * Where the backend's fused kernel can be opened a step allocates nothing and takes microseconds; elsewhere it is `rnn`
 * over one step. The outputs are those of `rnn` over the whole sequence, on our own backends to the bit.
 */
import {
  ArgumentError,
  BackendError,
  checkedCount,
  checkedFloats,
  checkOptions,
  DisposedError,
  keep,
  leaves,
  mapTree,
  openFused,
  reshape,
  sameShape,
  scope,
  ShapeError,
  tensor,
} from '@recurra/core';
import type { Backend, Shape, Tensor, Tree } from '@recurra/core';
import type { Cell, CellSession } from './cell.js';
import { checkCell } from './checks.js';
import { rnn } from './rnn.js';

/** Options of `stream`. */
export interface StreamOptions<S> {
  /** How many sequences run side by side: rows of a frame. Default 1. */
  readonly batch?: number;
  /** Default: the cell's initial state, zeros. */
  readonly initialState?: S;
}

/** A cell that runs step by step, keeping its state. */
export interface Stream<S> {
  /**
   * One time step.
   *
   * @param frame [B, F], row after row
   * @param out where the output [B, units] goes; without it each step makes a new array
   * @returns out
   * @throws ShapeError when a length does not fit, DisposedError after `dispose`
   */
  step(frame: Float32Array, out?: Float32Array): Float32Array;
  /** The state now, in tensors of the caller's own: for `rnn`, for another stream, to come back to. */
  state(): S;
  /** Starts over: from zeros, or from a state. */
  reset(state?: S): void;
  /** Frees what the stream holds. The parameters stay the caller's. */
  dispose(): void;
  [Symbol.dispose](): void;
}

// As in core: some engines do not have it yet.
const dispose: typeof Symbol.dispose = Symbol.dispose ?? (Symbol.for('Symbol.dispose') as never);

/**
 *     using live = stream(cell, params);
 *     for await (const frame of microphone) live.step(frame, out);
 *
 * The parameters may be freed while it runs.
 *
 * @throws ArgumentError, ShapeError, DTypeError as `rnn`; BackendError on a device that cannot be read at once: there
 * call `rnn` with the state of the call before, and await the outputs
 */
export function stream<P extends Tree, S extends Tree>(
  cell: Cell<P, S>,
  params: NoInfer<P>,
  options: StreamOptions<NoInfer<S>> = {},
): Stream<S> {
  const name = 'stream';
  checkCell(name, cell);
  checkOptions(name, options, ['batch', 'initialState']);
  const batch = checkedCount(name, 'batch', options.batch ?? 1);
  const { units } = cell;
  const inputs = cell.inputs(params);
  cell.check(params, { batch, inputs }, options.initialState);
  // First, as zeros that are too many say so.
  const like = scope(() => mapTree(cell.initialState(params, batch), ({ shape }) => ({ shape })));
  const { backend } = leaves(params)[0]!;
  let session: CellSession<S> | null = cell.open?.(params, batch, openFused) ?? composed(cell, params, batch, inputs);
  const alive = (): CellSession<S> => {
    if (session === null)
      throw new DisposedError(name, 'the stream was disposed', {}, 'stream(cell, params) makes another');
    return session;
  };
  const stop = (): void => {
    session?.close();
    session = null;
  };
  try {
    if (options.initialState !== undefined) {
      checkLike(name, 'initialState', options.initialState, like, backend);
      session.setState(options.initialState);
    }
  } catch (error) {
    stop(); // a state of another backend
    throw error;
  }
  return {
    step(frame, out = new Float32Array(batch * units)) {
      checkArray(name, 'frame', frame, batch * inputs);
      checkArray(name, 'out', out, batch * units);
      alive().step(frame, out);
      return out;
    },
    state: () => alive().state(),
    reset(state) {
      const now = alive();
      if (state !== undefined) checkLike(name, 'state', state, like, backend);
      now.setState(state);
    },
    dispose: stop,
    [dispose]: stop,
  };
}

/** A state given later: the parameters that could tell whether it fits may be freed by then. */
function checkLike(op: string, role: string, state: unknown, like: unknown, backend: Backend): void {
  if (like == null) return;
  const { shape } = like as { shape?: Shape };
  if (Array.isArray(shape)) {
    const found = checkedFloats(op, role, state);
    if (!sameShape(found.shape, shape)) {
      const facts = { [role]: found.shape, expected: shape };
      throw new ShapeError(op, `${role} has the wrong shape`, facts, 'state() gives one');
    }
    if (found.backend !== backend) {
      const facts = { [role]: found.backend.name, params: backend.name };
      const hint = 'move it with transfer(tensor, backend)';
      throw new BackendError(op, `${role} lives on another backend than the parameters`, facts, hint, 'BACKEND_MIXED');
    }
    return;
  }
  const part = (of: unknown, key: string): unknown =>
    (of as Readonly<Record<string, unknown>> | null | undefined)?.[key];
  for (const key of new Set([...Object.keys(like), ...Object.keys(state ?? {})])) {
    if (!Object.hasOwn(like, key)) {
      const hint = 'of another cell? state() gives what fits';
      throw new ArgumentError(
        op,
        `the cell has no ${role}.${key}`,
        { [role]: Object.keys(state as object) },
        hint,
        'UNKNOWN_NAME',
      );
    }
    checkLike(op, `${role}.${key}`, part(state, key), part(like, key), backend);
  }
}

const isFloat32Array = (x: unknown): x is Float32Array =>
  ArrayBuffer.isView(x) && (x as Float32Array)[Symbol.toStringTag] === 'Float32Array';

function checkArray(op: string, role: string, array: unknown, length: number): void {
  // Not `instanceof`: a proxy of an array passes that, and has no numbers; one of another realm does not.
  if (!isFloat32Array(array)) {
    throw new ArgumentError(op, `${role} must be a Float32Array`, { [role]: array }, `new Float32Array(${length})`);
  }
  if (array.length === length) return;
  throw new ShapeError(
    op,
    `${role} has the wrong length`,
    { [role]: array.length, expected: length },
    'batch · features',
  );
}

/** The same on any backend that can be read at once: `rnn` over one step. */
function composed<P extends Tree, S extends Tree>(
  cell: Cell<P, S>,
  params: P,
  batch: number,
  inputs: number,
): CellSession<S> {
  const { backend } = leaves(params)[0]!;
  if (backend.readSync === undefined) {
    const hint = 'rnn with initialState: the state of the call before, then await outputs.data()';
    throw new BackendError('stream', `${backend.name} cannot be read at once`, {}, hint, 'BACKEND_ASYNC_ONLY');
  }
  // Shares of its own: the caller may free theirs.
  const held = mapTree(params, kept);
  const drop = (tree: unknown): void => leaves(tree).forEach((x) => x.dispose());
  let state: S | undefined;
  let closed = false;
  const next = (after: S | undefined): void => {
    drop(state);
    state = after;
  };
  const now = (): S => state ?? cell.initialState(held, batch);
  return {
    step(frame, out) {
      const after = scope(() => {
        const x = tensor(frame, [batch, 1, inputs], { backend });
        const y = rnn(cell, held, x, { initialState: now() });
        out.set(y.outputs.dataSync());
        return y.state;
      });
      // An activation of the user's own may have disposed the stream.
      if (closed) drop(after);
      else next(mapTree(after, keep));
    },
    state: () => scope(() => mapTree(now(), shared)),
    setState: (to) => next(to && mapTree(to, kept)),
    close() {
      closed = true;
      drop([held, state]);
    },
  };
}

/** The same value for another owner. */
const shared = (x: Tensor): Tensor => reshape(x, x.shape);
const kept = (x: Tensor): Tensor => keep(shared(x));
