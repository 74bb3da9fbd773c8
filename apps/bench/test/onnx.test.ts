import { expect, it } from 'vitest';
import { swapped } from '../src/engines/onnxruntime.js';
import { dotGraph } from '../src/onnx/attention.js';
import { modelOf } from '../src/onnx/model.js';
import { float, integer, text, varint } from '../src/onnx/protobuf.js';
import { recurrenceGraph, rowsByGate } from '../src/onnx/recurrence.js';

/** What stands on the wire: field numbers with their values, lengths as bytes. An independent reader. */
function fields(bytes: Uint8Array): [field: number, value: bigint | Uint8Array][] {
  const out: [number, bigint | Uint8Array][] = [];
  let at = 0;
  const next = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++]!;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const key = Number(next());
    const type = key & 7;
    if (type === 0) out.push([key >> 3, next()]);
    else {
      const length = type === 5 ? 4 : Number(next());
      out.push([key >> 3, bytes.slice(at, at + length)]);
      at += length;
    }
  }
  expect(at).toBe(bytes.length);
  return out;
}

const all = (bytes: Uint8Array, field: number): Uint8Array[] =>
  fields(bytes).flatMap(([number, value]) => (number === field && typeof value !== 'bigint' ? [value] : []));
const words = (bytes: Uint8Array, field: number): string[] => all(bytes, field).map((b) => new TextDecoder().decode(b));
const numbersIn = (bytes: Uint8Array, field: number): number[] =>
  fields(bytes).flatMap(([number, value]) => (number === field && typeof value === 'bigint' ? [Number(value)] : []));
const graphIn = (model: Uint8Array): Uint8Array => all(model, 7)[0]!;
const tensorIn = (graph: Uint8Array, name: string) => {
  const tensor = all(graph, 5).find((one) => words(one, 8)[0] === name)!;
  const [raw] = all(tensor, 9) as [Uint8Array];
  expect(numbersIn(tensor, 2)).toEqual([1]);
  return { shape: numbersIn(tensor, 1), values: [...new Float32Array(raw.buffer, raw.byteOffset, raw.length / 4)] };
};

it('writes varints, texts and floats as the specification has them', () => {
  expect([...varint(150)]).toEqual([0x96, 1]);
  expect([...varint(0)]).toEqual([0]);
  expect([...varint(-1)]).toEqual([...new Array<number>(9).fill(255), 1]);
  expect([...integer(1, 150)]).toEqual([8, 0x96, 1]);
  expect([...text(2, 'testing')]).toEqual([0x12, 7, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67]);
  expect([...float(3, 1)]).toEqual([0x1d, 0, 0, 0x80, 0x3f]);
});

it('lays gates out as rows, in the order asked for', () => {
  // Two rows of inputs; gates i f c o of one unit.
  const kernel = Float32Array.of(1, 2, 3, 4, 10, 20, 30, 40);
  expect([...rowsByGate(kernel, 1, [0, 3, 1, 2])]).toEqual([1, 10, 4, 40, 2, 20, 3, 30]);
  // One row, two gates of two units.
  expect([...rowsByGate(Float32Array.of(1, 2, 3, 4), 2, [1, 0])]).toEqual([3, 4, 1, 2]);
});

const sizes = { batch: 3, time: 5, inputs: 2, units: 1 };
const counted = (length: number, from = 1): Float32Array => Float32Array.from({ length }, (_, i) => from + i);

it('writes an LSTM with its states', () => {
  const weights = { kernel: counted(8), recurrentKernel: counted(4, 11), bias: counted(4, 21) };
  const model = modelOf(recurrenceGraph({ cell: 'LSTM', ...sizes }, weights, true));
  expect(numbersIn(model, 1)).toEqual([8]);
  expect(all(model, 8).map((opset) => numbersIn(opset, 2))).toEqual([[17]]);
  const graph = graphIn(model);
  const [node] = all(graph, 1) as [Uint8Array];
  expect(words(node, 4)).toEqual(['LSTM']);
  expect(words(node, 1)).toEqual(['X', 'W', 'R', 'B', '', 'initial_h', 'initial_c']);
  expect(words(node, 2)).toEqual(['Y', 'Y_h', 'Y_c']);
  expect(all(node, 5).map((a) => [words(a, 1), numbersIn(a, 3), numbersIn(a, 20)])).toEqual([
    [['hidden_size'], [1], [2]],
  ]);
  expect(tensorIn(graph, 'W')).toEqual({ shape: [1, 4, 2], values: [1, 5, 4, 8, 2, 6, 3, 7] });
  expect(tensorIn(graph, 'R')).toEqual({ shape: [1, 4, 1], values: [11, 14, 12, 13] });
  expect(tensorIn(graph, 'B')).toEqual({ shape: [1, 8], values: [21, 24, 22, 23, 0, 0, 0, 0] });
  expect(all(graph, 11).map((value) => words(value, 1)[0])).toEqual(['X', 'initial_h', 'initial_c']);
  // type → tensor type → shape → dimensions of X: time, batch, inputs
  const dims = all(all(all(all(all(graph, 11)[0]!, 2)[0]!, 1)[0]!, 2)[0]!, 1);
  expect(dims.map((dim) => numbersIn(dim, 1))).toEqual([[5], [3], [2]]);
});

it('writes both forms of a GRU: the one that resets after has two biases', () => {
  const shared = { kernel: counted(6), recurrentKernel: counted(3) };
  const after = recurrenceGraph({ cell: 'GRU', ...sizes }, { ...shared, bias: counted(6) }, false);
  expect(after.nodes[0]!.attributes).toEqual({ hidden_size: 1, linear_before_reset: 1 });
  expect(tensorIn(graphIn(modelOf(after)), 'B')).toEqual({ shape: [1, 6], values: [1, 2, 3, 4, 5, 6] });
  const before = recurrenceGraph({ cell: 'GRU reset before', ...sizes }, { ...shared, bias: counted(3) }, false);
  expect(before.nodes[0]!.attributes).toEqual({ hidden_size: 1, linear_before_reset: 0 });
  expect(tensorIn(graphIn(modelOf(before)), 'B')).toEqual({ shape: [1, 6], values: [1, 2, 3, 0, 0, 0] });
});

it('writes negative and listed attributes', () => {
  const nodes = all(graphIn(modelOf(dotGraph(2, 3, 4))), 1);
  expect(nodes.map((node) => words(node, 4)[0])).toEqual(['Transpose', 'MatMul', 'Softmax', 'MatMul']);
  const [perm] = all(nodes[0]!, 5) as [Uint8Array];
  expect([numbersIn(perm, 8), numbersIn(perm, 20)]).toEqual([[0, 2, 1], [7]]);
  const [axis] = all(nodes[2]!, 5) as [Uint8Array];
  expect(BigInt.asIntN(64, fields(axis).find(([field]) => field === 3)![1] as bigint)).toBe(-1n);
});

it('swaps batch and time', () => {
  // [2, 3, 2] → [3, 2, 2]
  expect([...swapped(counted(12), 2, 3, 2)]).toEqual([1, 2, 7, 8, 3, 4, 9, 10, 5, 6, 11, 12]);
});
