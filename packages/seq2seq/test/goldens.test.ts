/** Decoders step by step, and the gradients of all that goes in, against float64 numbers of make-goldens.py. */
import { additiveScore, concatScore, dotScore, generalScore, type Score } from '@recurra/attention';
import { cpu, gradients } from '@recurra/backend-cpu';
import { gruCell, lstmCell, rnn, simpleRNNCell, type Cell, type Floats } from '@recurra/cells';
import { referenceBackend, withoutFused } from '@recurra/conformance-tests';
import { add, leaves, mul, sum, tensor, valueAndGrad, type Backend, type Tree } from '@recurra/core';
import { describe, expect, it } from 'vitest';
import {
  addonsWrapper,
  attentionCell,
  bahdanau,
  bahdanauMechanism,
  hardmaxAlignment,
  luong,
  luongMechanism,
  monotonicAlignment,
  softmaxAlignment,
  teacherForced,
  type Alignment,
  type AttentionCell,
  type Form,
  type MonotonicMode,
} from '../src/index.js';
import goldens from './goldens.json' with { type: 'json' };

type Golden = (typeof goldens.cases)[number];
type Numbers = { readonly shape: readonly number[]; readonly data: readonly number[] };
type Parts = { readonly cell: Tree; readonly score: Tree; readonly attention: Tree; readonly alignment: Tree };

// Each part has its own type of parameters; the tests take them all from one file.
const any = <T>(part: unknown): T => part as T;

function decoderOf({ cell, units, score, scoreUnits, form, attentionUnits, alignment, ...golden }: Golden) {
  const options = golden.options as { inputFeeding?: boolean; outputAttention?: boolean };
  const cells = { simpleRNN: simpleRNNCell, lstm: lstmCell, gru: gruCell };
  const scores: Record<string, () => unknown> = {
    additive: () => additiveScore({ units: scoreUnits }),
    concat: () => concatScore({ units: scoreUnits }),
    dot: dotScore,
    general: generalScore,
    luongMechanism: () => luongMechanism({ units: scoreUnits }),
    'luongMechanism scaled': () => luongMechanism({ units: scoreUnits, scale: true }),
    bahdanauMechanism: () => bahdanauMechanism({ units: scoreUnits }),
    'bahdanauMechanism normalized': () => bahdanauMechanism({ units: scoreUnits, normalize: true }),
  };
  const attentionLayerSize = 'kernel' in golden.params.attention ? attentionUnits : null;
  const forms: Record<string, () => unknown> = {
    bahdanau,
    luong: () => luong({ units: attentionUnits, ...options }),
    addonsWrapper: () => addonsWrapper({ attentionLayerSize, ...options }),
  };
  const alignments: Record<string, () => unknown> = { softmax: softmaxAlignment, hardmax: hardmaxAlignment };
  const align = alignments[alignment] ?? ((): unknown => monotonicAlignment({ mode: alignment as MonotonicMode }));
  return any<AttentionCell<Parts, Tree>>(
    attentionCell(
      any<Cell>(cells[cell as keyof typeof cells]({ units })),
      any<Score>(scores[score]!()),
      any<Form>(forms[form]!()),
      { alignment: any<Alignment>(align()) },
    ),
  );
}

interface Given {
  readonly params: Parts;
  readonly memory: Floats;
  readonly x: Floats;
}

function given(golden: Golden, backend: Backend) {
  const on = ({ shape, data }: Numbers): Floats =>
    tensor(Float64Array.from(data), shape, { dtype: 'float32', backend });
  const tree = (parts: object): Tree =>
    Object.fromEntries(Object.entries(parts).map(([key, part]) => [key, 'data' in part ? on(part) : tree(part)]));
  return {
    params: tree(golden.params) as Parts,
    memory: on(golden.memory),
    x: on(golden.x),
    mask:
      golden.mask &&
      tensor(
        golden.mask.map((row) => row.map(Boolean)),
        undefined,
        { dtype: 'bool', backend },
      ),
    weights: [on(golden.lossOutputs), on(golden.lossAlignments)] as const,
  };
}

async function expectClose(actual: Floats, expected: Numbers, tolerance: number, role: string): Promise<void> {
  expect([role, actual.shape]).toEqual([role, expected.shape]);
  const numbers = Array.from(await actual.raw());
  const off = numbers.map((a, i) => Math.abs(a - expected.data[i]!) / (1 + Math.abs(expected.data[i]!)));
  const worst = Math.max(0, ...off.map((o) => (o === o ? o : Infinity)));
  if (!(worst <= tolerance)) expect.fail(`${role}: ${worst} apart, ${tolerance} allowed`);
}

const engines: readonly [name: string, make: () => Backend, tolerance: number][] = [
  ['reference, float64', referenceBackend, 1e-10],
  ['cpu', () => cpu(), 2e-6],
  ['cpu, composed', () => withoutFused(cpu()), 2e-6],
  ['cpu, fused gradients', () => cpu({ gradients }), 2e-6],
];

describe.each(engines)('%s', (_, make, tolerance) => {
  describe.each(goldens.cases.map((golden) => [golden.id, golden] as const))('%s', (__, golden) => {
    it('gives the outputs and alignments of every step', async () => {
      const backend = make();
      const { params, memory, x, mask } = given(golden, backend);
      const before = backend.live!();
      const { outputs, alignments, state } = teacherForced(decoderOf(golden).with(memory, mask), params, x);
      await expectClose(outputs, golden.outputs, tolerance, 'outputs');
      await expectClose(alignments, golden.alignments, tolerance, 'alignments');
      for (const made of [outputs, alignments, ...leaves(state)]) made.dispose();
      expect(backend.live!()).toBe(before);
    });

    it('gives the gradients of parameters, memory and inputs', async () => {
      const backend = make();
      const { params, memory, x, mask, weights } = given(golden, backend);
      const before = backend.live!();
      const decoder = decoderOf(golden);
      const loss = (all: Given): Floats => {
        const { outputs, alignments } = teacherForced(decoder.with(all.memory, mask), all.params, all.x);
        return add(sum(mul(outputs, weights[0])), sum(mul(alignments, weights[1])));
      };
      const [value, grads] = valueAndGrad(loss)({ params, memory, x });
      const dot = (w: Numbers, y: Numbers): number => w.data.reduce((total, v, i) => total + v * y.data[i]!, 0);
      const data = [dot(golden.lossOutputs, golden.outputs) + dot(golden.lossAlignments, golden.alignments)];
      const there = 2 * tolerance; // a gradient rounds on the way forth and on the way back
      await expectClose(value, { shape: [], data }, tolerance, 'loss');
      await expectClose(grads.memory, golden.gradMemory, there, 'memory');
      await expectClose(grads.x, golden.gradX, there, 'x');
      const expected = golden.grads as unknown as Record<string, Record<string, Numbers>>;
      for (const [part, tree] of Object.entries(grads.params)) {
        expect(Object.keys(tree as object).sort()).toEqual(Object.keys(expected[part]!).sort());
        for (const [name, grad] of Object.entries(tree as Record<string, Floats>)) {
          await expectClose(grad, expected[part]![name]!, there, `${part}.${name}`);
        }
      }
      for (const made of [value, ...leaves(grads)]) made.dispose();
      expect(backend.live!()).toBe(before);
    });

    it('is rnn, and goes on from a state', async () => {
      const backend = make();
      const { params, memory, x, mask } = given(golden, backend);
      const cell = decoderOf(golden).with(memory, mask);
      const [first, ...rest] = [0, 1].map((t) =>
        tensor(rowsAt(golden.x, t), [x.shape[0]!, 1, x.shape[2]!], { backend }),
      );
      const one = rnn(cell, params, first!);
      const two = rnn(cell, params, rest[0]!, { initialState: one.state });
      await expectClose(
        two.outputs,
        { shape: [x.shape[0]!, cell.units], data: rowsAt(golden.outputs, 1) },
        tolerance,
        'y',
      );
      const expected = { shape: [x.shape[0]!, cell.memoryLength], data: rowsAt(golden.alignments, 1) };
      await expectClose(two.state.alignments, expected, tolerance, 'alignments');
    });
  });
});

/** [B, T, D] at one t. */
function rowsAt({ shape, data }: Numbers, t: number): number[] {
  const [, T, D] = shape as [number, number, number];
  return data.filter((_, i) => Math.floor(i / D) % T === t);
}
