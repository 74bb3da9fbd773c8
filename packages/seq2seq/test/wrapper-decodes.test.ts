/** Four decodes of tensorflow/addons' AttentionWrapper itself, every step of outputs and alignments. */
import type { Score } from '@recurra/attention';
import { cpu, gradients } from '@recurra/backend-cpu';
import { lstmCell, type Floats } from '@recurra/cells';
import { referenceBackend, withoutFused } from '@recurra/conformance-tests';
import { scope, tensor, transpose, type Backend, type Tensor, type Tree } from '@recurra/core';
import { describe, expect, it } from 'vitest';
import {
  addonsWrapper,
  attentionCell,
  bahdanauMechanism,
  luongMechanism,
  teacherForced,
  type AttentionCell,
  type Form,
} from '../src/index.js';
import decodes from './wrapper-decodes.json' with { type: 'json' };

type Decode = (typeof decodes.cases)[number];
type Nested = number | readonly Nested[];
// The parameters come from a file, untyped.
const any = <T>(x: unknown): T => x as T;

function decoderOf(c: Decode): AttentionCell<Tree, Tree> {
  const { units, scale_or_normalize: flag } = c;
  const score =
    c.kind === 'LuongAttention'
      ? luongMechanism({ units, scale: flag })
      : bahdanauMechanism({ units, normalize: flag });
  const form = addonsWrapper({ attentionLayerSize: c.attention_layer_size, outputAttention: c.output_attention });
  const cell = lstmCell({ units: c.cell.recurrent_kernel.length });
  return any(attentionCell(cell, any<Score>(score), any<Form>(form)));
}

/** Their names of weights to ours. */
const weights = {
  memory_layer_kernel: 'memoryKernel',
  query_layer_kernel: 'queryKernel',
  attention_v: 'v',
  attention_g: 'g',
  attention_b: 'b',
  scale_weight: 'g',
} as const;

const backends: [string, () => Backend][] = [
  ['cpu', () => cpu()],
  ['cpu({ gradients })', () => cpu({ gradients })],
  ['composed', () => withoutFused(cpu())],
  ['reference', referenceBackend],
];

describe.each(backends)('%s', (_, open) => {
  it.each(decodes.cases.map((c, i) => [`${c.kind} ${i}`, c] as const))('%s', (_name, c) => {
    const backend = open();
    scope(() => {
      const t = (values: Nested): Floats => tensor(any<number[]>(values), undefined, { backend });
      const score = Object.fromEntries(
        Object.entries(weights).flatMap(([theirs, ours]) => {
          const values = (c as Record<string, unknown>)[theirs];
          if (values === undefined) return [];
          return [[ours, typeof values === 'number' ? tensor([values], [], { backend }) : t(any<Nested>(values))]];
        }),
      );
      const cell = {
        kernel: t(c.cell.kernel),
        recurrentKernel: t(c.cell.recurrent_kernel),
        bias: t(c.cell.bias),
      };
      const params = { cell, score, attention: { kernel: t(c.attention_layer_kernel) }, alignment: {} };
      const steps = c.memory[0]!.length;
      const valid = c.memory_sequence_length.map((n) => Array.from({ length: steps }, (_, s) => s < n));
      const mask = tensor(valid, undefined, { backend }) as Tensor<'bool'>;
      const x = transpose(t(c.inputs_time_major), [1, 0, 2]);
      const { outputs, alignments } = teacherForced(decoderOf(c).with(t(c.memory), mask), any(params), x);
      for (const [actual, expected] of [
        [outputs, c.expected_outputs_time_major],
        [alignments, c.expected_alignment_history_time_major],
      ] as const) {
        const numbers = Array.from(transpose(actual, [1, 0, 2]).dataSync());
        const wanted = (expected as unknown[]).flat(9 as 1).map(Number);
        expect(numbers.length).toBe(wanted.length);
        // Their float32, over several steps: 2.4e-6 apart at most on float64.
        wanted.forEach((w, i) => expect(Math.abs(numbers[i]! - w)).toBeLessThanOrEqual(3e-6 * (1 + Math.abs(w))));
      }
    });
  });
});
