/**
 * A fused kernel that is opened gives step by step what it gives for the whole sequence, and what ops give. A session's
 * weights and state are its own: nothing that is done to tensors or to other sessions reaches it.
 */
import {
  applyFused,
  full,
  grad,
  leaves,
  mul,
  openFused,
  scope,
  sum,
  type Backend,
  type Tensor,
  type TensorSession,
} from '@recurra/core';
import { defineCases, type CaseEntry, type Numbers, type Testing } from '../../case.js';
import { withoutFused } from '../../decorate.js';
import type { CellName } from '../../vectors.js';
import { ourCells } from '../cells.js';
import { on, type Floats } from '../on.js';
import { random } from '../random.js';
import { missing } from './both.js';
import { calm, knownActivations } from './activations.js';
import { inputsOf, kernels, specOf, type Kernel, type Sequence } from './sequences.js';

type HostFloats = Float32Array | Float64Array;

/** Sizes beside the blocks of kernels, batches of one and of odd numbers. */
const variants: Readonly<Record<string, Sequence>> = {
  'one-row': { sizes: [1, 7, 3, 5] },
  'three-rows': { sizes: [3, 6, 4, 5], state: true },
  'nine-rows': { sizes: [9, 3, 1, 3] },
  'no-bias': { sizes: [2, 4, 3, 5], bias: false, state: true },
  'one-unit': { sizes: [1, 5, 1, 1] },
  'seventeen-units': { sizes: [1, 6, 5, 17], state: true },
  'sixty-five-units': { sizes: [2, 3, 33, 65] },
  'seventy-steps': { sizes: [1, 70, 3, 5], scale: 0.5, state: true },
};
const small: Sequence = { sizes: [2, 6, 3, 5], state: true };

const twice = { factor: 2, because: 'either path may be a tolerance away from the exact value' } as const;

function cannotOpen(backend: Backend, fused: Kernel, how: Sequence): string | undefined {
  const [name] = fused;
  const why = missing(backend, name, specOf(fused, oneStep(how)));
  if (why !== undefined || backend.fused?.[name]?.open !== undefined) return why;
  return `the fused ${name} of ${backend.name} opens no sessions: streams compose`;
}

const oneStep = ({ sizes: [batch, , features, units] }: Sequence): Sequence => ({ sizes: [batch, 1, features, units] });

interface Stream {
  readonly session: TensorSession;
  readonly inputs: ReturnType<typeof inputsOf>;
}

/** A session at the case's initial state, or at zeros. */
function opened(
  backend: Backend,
  fused: Kernel,
  how: Sequence,
  names?: readonly [string, string],
  upload: (numbers: Numbers) => Floats = on(backend).floats,
): Stream {
  const inputs = inputsOf(fused, how, upload);
  const session = openFused(fused[0], specOf(fused, oneStep(how), names), kernelInputs(fused, how, inputs, null));
  if (session === null) throw new Error('the backend accepts the spec and has open, but no session was opened');
  return { session, inputs };
}

function kernelInputs(
  [, , cell]: Kernel,
  how: Sequence,
  { params, state }: Stream['inputs'],
  x: Floats | null,
): (Tensor | null)[] {
  const initial = how.state ? [state['h']!, state['c'] ?? null] : [null, null];
  return [
    x,
    params['kernel']!,
    params['recurrentKernel']!,
    params['bias'] ?? null,
    ...initial.slice(0, cell === 'lstm' ? 2 : 1),
    null,
  ];
}

/** What the backend's own numbers travel in. */
const hostFloats = ({ precision }: Backend, n: number): HostFloats =>
  precision === 64 ? new Float64Array(n) : new Float32Array(n);

/** Steps over x [B, T, F] from one time to another; the outputs by time. */
function steps(
  { session }: Stream,
  backend: Backend,
  { sizes: [batch, time, features, units] }: Sequence,
  x: ArrayLike<number>,
  from = 0,
  to = time,
): HostFloats[] {
  const frame = hostFloats(backend, batch * features);
  // The caller's, and the same for all steps: what it holds between them is nobody's business.
  const out = hostFloats(backend, batch * units);
  return Array.from({ length: to - from }, (_, i) => {
    frame.forEach((_, p) => {
      frame[p] = x[(Math.floor(p / features) * time + from + i) * features + (p % features)]!;
    });
    session.step(frame, out.fill(NaN));
    return out.slice();
  });
}

/** Outputs by time as [B, T, units]. */
function stacked(outs: readonly HostFloats[], batch: number, units: number): Numbers {
  const data = new Float64Array(batch * outs.length * units);
  outs.forEach((out, t) =>
    out.forEach((v, p) => {
      data[(Math.floor(p / units) * outs.length + t) * units + (p % units)] = v;
    }),
  );
  return { shape: [batch, outs.length, units], data };
}

const frames = (how: Sequence, seed = 7): Float64Array => random(seed, [how.sizes[0], how.sizes[1], how.sizes[2]]).data;

/** Compares a stream with the fused kernel over the whole sequence, and with ops. */
async function follows(t: Testing, fused: Kernel, how: Sequence, names?: readonly [string, string]): Promise<void> {
  const [batch, , , units] = how.sizes;
  const whole = { ...how, returnSequences: true };
  const made = scope(() => {
    const stream = opened(t.backend, fused, how, names);
    const outs = steps(stream, t.backend, how, frames(how));
    const streamed = [on(t.backend).floats(stacked(outs, batch, units)), ...stream.session.state()];
    stream.session.close();
    const inputs = kernelInputs(fused, how, stream.inputs, stream.inputs.x);
    return {
      streamed,
      fused: applyFused(fused[0], specOf(fused, whole, names), inputs)!,
      composed: composed(withoutFused(t.backend), fused, whole, names),
    };
  });
  for (const expected of [made.fused, made.composed]) {
    for (const [i, e] of expected.entries()) {
      const numbers = { shape: e.shape, data: Array.from(await e.raw()) };
      await t.close(made.streamed[i]!, numbers, twice);
    }
  }
  for (const x of leaves(made)) x.dispose();
}

function composed(backend: Backend, fused: Kernel, how: Sequence, names?: readonly [string, string]): Tensor[] {
  const { params, x, state } = inputsOf(fused, how, on(backend).floats);
  const cell = ourCells.cell(fused[2] as CellName, {
    units: how.sizes[3],
    useBias: how.bias ?? true,
    ...fused[4],
    ...(names && { activation: names[0], ...(fused[2] !== 'simpleRnn' && { recurrentActivation: names[1] }) }),
  });
  const result = ourCells.rnn(cell, params, x, { returnSequences: true, ...(how.state && { initialState: state }) });
  return [result.outputs, ...Object.values(result.state)];
}

function sessionsOf(fused: Kernel): Record<string, CaseEntry> {
  const [, label] = fused;
  const entries: Record<string, CaseEntry> = {};
  const skip = (backend: Backend): string | undefined => cannotOpen(backend, fused, small);
  const [batch, time, features, units] = small.sizes;
  const x = frames(small);
  const other = frames(small, 8);

  for (const [variant, how] of Object.entries(variants)) {
    entries[`${label}/${variant}`] = {
      skip: (backend) => cannotOpen(backend, fused, how),
      wait: (t) => follows(t, fused, how),
    };
  }
  entries[`${label}/every-activation`] = {
    skip,
    async wait(t) {
      for (const pair of knownActivations(t.backend, fused, ['sigmoid', 'hardSigmoid', 'tanh']))
        await follows(t, fused, calm(pair[0]), pair);
    },
  };
  // float32 in either array, and the frame's own memory for the output.
  entries[`${label}/arrays`] = {
    skip: (backend) => cannotOpen(backend, fused, { sizes: [2, 3, 4, 4] }),
    run({ backend, same }) {
      const how: Sequence = { sizes: [2, 3, 4, 4], state: true };
      const numbers = random(9, [2, 4]).data;
      const frame = Float64Array.from(numbers);
      const double = opened(backend, fused, how).session;
      const out64 = new Float64Array(8);
      double.step(frame, out64);
      void same(frame, numbers);
      // What was written is the caller's: the next step leaves it alone.
      const kept = out64.slice();
      double.step(frame, new Float64Array(8));
      void same(out64, kept);
      const out32 = new Float32Array(8);
      opened(backend, fused, how).session.step(Float32Array.from(numbers), out32);
      void same(out32, Float32Array.from(kept));
      opened(backend, fused, how).session.step(frame, frame);
      void same(frame, kept);
    },
  };
  entries[`${label}/two-sessions`] = {
    skip,
    run({ backend, same }) {
      const open = (): Stream => opened(backend, fused, small);
      const [expected, expectedOther] = [x, other].map((numbers) => steps(open(), backend, small, numbers));
      const [one, two] = [open(), open()];
      const [outs, otherOuts]: HostFloats[][] = [[], []];
      for (let at = 0; at < time; at++) {
        outs!.push(...steps(one, backend, small, x, at, at + 1));
        otherOuts!.push(...steps(two, backend, small, other, at, at + 1));
        if (at === 2) open().session.close();
      }
      void same(outs!, expected!);
      void same(otherOuts!, expectedOther!);
      // Two on the same parameters: the end of one is not the end of the other.
      const inputs = kernelInputs(fused, small, one.inputs, null);
      const sharing = [0, 1].map(() => openFused(fused[0], specOf(fused, oneStep(small)), inputs)!);
      sharing[0]!.step(hostFloats(backend, batch * features), hostFloats(backend, batch * units));
      sharing[0]!.close();
      void same(steps({ ...one, session: sharing[1]! }, backend, small, x), expected!);
    },
  };
  // What was handed out can be put back: into the same session, and into another one.
  entries[`${label}/state-round-trip`] = {
    skip,
    run({ backend, same }) {
      const [one, two] = [opened(backend, fused, small), opened(backend, fused, { ...small, state: false })];
      steps(one, backend, small, x, 0, 2);
      const state = one.session.state();
      const expected = steps(one, backend, small, x, 2);
      steps(two, backend, small, other, 0, 3);
      for (const stream of [one, two]) {
        stream.session.setState(state);
        void same(steps(stream, backend, small, x, 2), expected);
        stream.session.close();
      }
    },
  };
  entries[`${label}/state-changes-what-follows`] = {
    skip,
    run({ backend, same, close }) {
      const stream = opened(backend, fused, { ...small, state: false });
      const expected = steps(opened(backend, fused, small), backend, small, x);
      steps(stream, backend, small, other, 0, 3);
      const given = kernelInputs(fused, small, stream.inputs, null).slice(4, -1) as Floats[];
      stream.session.setState(given);
      for (const [i, part] of stream.session.state().entries()) void same(part, given[i]!);
      void same(steps(stream, backend, small, x), expected);
      stream.session.setState(given.map(() => null));
      for (const part of stream.session.state()) void close(part, zeros(batch, units));
      const fresh = opened(backend, fused, { ...small, state: false });
      void same(steps(stream, backend, small, x), steps(fresh, backend, small, x));
    },
  };
  // Neither later steps nor the end of what was put in change a state; and none is changed by the session.
  entries[`${label}/state-is-a-copy`] = {
    skip,
    async wait(t) {
      const stream = scope(() => opened(t.backend, fused, { ...small, state: false }));
      const { floats } = on(t.backend);
      const numbers = random(12, [batch, units]);
      const given = stream.session.state().map((part) => {
        part.dispose();
        return floats(numbers);
      });
      stream.session.setState(given);
      const before = stream.session.state();
      steps(stream, t.backend, small, x, 0, 3);
      await Promise.all([...given, ...before].map((part) => t.close(part, numbers)));
      for (const part of [...given, ...before]) part.dispose();
      const after = stream.session.state();
      const kept = await Promise.all(after.map((part) => part.raw()));
      steps(stream, t.backend, small, x, 3);
      await Promise.all(after.map(async (part, i) => t.same(await part.raw(), kept[i]!)));
      for (const tensor of [...after, ...leaves(stream.inputs)]) tensor.dispose();
      stream.session.close();
    },
  };
  // A session and whole sequences share a backend, and perhaps memory; neither disturbs the other.
  entries[`${label}/between-sequences`] = {
    skip,
    run({ backend, same }) {
      const expected = steps(opened(backend, fused, small), backend, small, x);
      const stream = opened(backend, fused, small);
      const outs: HostFloats[] = [];
      for (let at = 0; at < time; at++) {
        outs.push(...steps(stream, backend, small, x, at, at + 1));
        const spec = specOf(fused, small);
        applyFused(fused[0], spec, kernelInputs(fused, small, stream.inputs, stream.inputs.x));
      }
      void same(outs, expected);
    },
  };
  entries[`${label}/outlives-its-tensors`] = {
    skip,
    run({ backend, same }) {
      const expected = steps(opened(backend, fused, small), backend, small, x);
      // What a kernel made is freed when it is disposed; memory that is used again is full of NaN then.
      const made = (numbers: Numbers): Floats => mul(on(backend).floats(numbers), 1);
      const spoil = (tensors: readonly Tensor[]): void => {
        for (const tensor of tensors) tensor.dispose();
        for (const { shape } of tensors) full(shape, NaN, { backend });
      };
      const stream = opened(backend, fused, small, undefined, made);
      spoil(leaves(stream.inputs));
      void same(steps(stream, backend, small, x), expected);
      const initial = kernelInputs(fused, small, inputsOf(fused, small, made), null).slice(4, -1) as Floats[];
      stream.session.setState(initial);
      spoil(initial);
      void same(steps(stream, backend, small, x), expected);
    },
  };
  // Where there can be no session, the caller hears it and composes.
  entries[`${label}/or-null`] = {
    skip,
    run({ backend, same }) {
      const open = (inputs: Stream['inputs'], names?: readonly [string, string]): boolean =>
        openFused(fused[0], specOf(fused, oneStep(small), names), kernelInputs(fused, small, inputs, null)) !== null;
      const inputs = inputsOf(fused, small, on(backend).floats);
      void same(open(inputs), true);
      void same(open(inputs, ['noSuchActivation', 'sigmoid']), false);
      const without = withoutFused(backend);
      void same(open(inputsOf(fused, small, on(without).floats)), false);
      // Nothing flows back through numbers on the host.
      grad((params: Stream['inputs']['params']) => {
        void same(open({ ...inputs, params }), false);
        return sum(params['kernel']!);
      })(inputs.params);
    },
  };
  entries[`${label}/refuses`] = {
    skip,
    run({ backend, throws, same }) {
      const { session, inputs } = opened(backend, fused, small);
      const [frame, out] = [hostFloats(backend, batch * features), hostFloats(backend, batch * units)];
      void throws('SHAPE', () => session.step(frame.subarray(1), out));
      void throws('SHAPE', () => session.step(frame, hostFloats(backend, batch * units + 1)));
      void throws('ARGUMENT', () => session.step(Array.from(frame) as never, out));
      const state = session.state();
      const { floats, ints } = on(backend);
      const wrong = (part: Tensor): Tensor[] => [...state.slice(1), part];
      void throws('SHAPE', () => session.setState([...state, null]));
      void throws('SHAPE', () => session.setState(wrong(floats(zeros(batch, units + 1)))));
      void throws('DTYPE', () => session.setState(wrong(ints(zeros(batch, units)))));
      void throws('BACKEND_MIXED', () =>
        session.setState(wrong(on(withoutFused(backend)).floats(zeros(batch, units)))),
      );
      const gone = floats(zeros(batch, units));
      gone.dispose();
      void throws('DISPOSED', () => session.setState(wrong(gone)));
      // All of that has changed nothing.
      const fresh = opened(backend, fused, small);
      void same(steps({ session, inputs }, backend, small, x), steps(fresh, backend, small, x));
      session.close();
      session.close();
      void throws('DISPOSED', () => session.step(frame, out));
      void throws('DISPOSED', () => session.state());
      void throws('DISPOSED', () => session.setState(state));
    },
  };
  return entries;
}

const zeros = (...shape: number[]): Numbers => ({ shape, data: new Float64Array(shape.reduce((n, d) => n * d, 1)) });

export const sessionCases = defineCases(
  'streams',
  Object.fromEntries(
    kernels.flatMap((fused) => Object.entries(sessionsOf(fused))).map(([id, entry]) => [`open/${id}`, entry]),
  ),
);
