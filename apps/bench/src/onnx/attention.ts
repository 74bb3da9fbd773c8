/** Attention by matrix products in ONNX: of one query for each sequence by dot products, and of a sequence to itself by many heads. */
import type { Graph, Node } from './model.js';

/** softmax(q·kᵀ)·k for q [B, 1, width] and k [B, memory, width]. */
export function dotGraph(batch: number, memory: number, width: number): Graph {
  return {
    nodes: [
      { op: 'Transpose', inputs: ['keys'], outputs: ['columns'], attributes: { perm: [0, 2, 1] } },
      { op: 'MatMul', inputs: ['query', 'columns'], outputs: ['scores'] },
      { op: 'Softmax', inputs: ['scores'], outputs: ['weights'], attributes: { axis: -1 } },
      { op: 'MatMul', inputs: ['weights', 'keys'], outputs: ['Y'] },
    ],
    constants: {},
    inputs: { query: [batch, 1, width], keys: [batch, memory, width] },
    outputs: { Y: [batch, 1, width] },
  };
}

export interface HeadWeights {
  /** [width, heads · head]; that of the output [heads · head, width] */
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
}

export interface HeadsSizes {
  readonly batch: number;
  readonly memory: number;
  readonly width: number;
  readonly heads: number;
}

/** Multi-head self-attention of x [B, memory, width]; a head is width / heads wide. */
export function headsGraph(
  { batch, memory, width, heads }: HeadsSizes,
  weights: Readonly<Record<'query' | 'key' | 'value' | 'output', HeadWeights>>,
): Graph {
  const head = width / heads;
  const linear = (x: string, name: keyof typeof weights, y: string): Node[] => [
    { op: 'MatMul', inputs: [x, `${name} kernel`], outputs: [`${name} product`] },
    { op: 'Add', inputs: [`${name} product`, `${name} bias`], outputs: [y] },
  ];
  const intoHeads = (name: 'query' | 'key' | 'value', perm: readonly number[]): Node[] => [
    ...linear('x', name, name),
    { op: 'Reshape', inputs: [name, 'split'], outputs: [`${name} split`] },
    { op: 'Transpose', inputs: [`${name} split`], outputs: [`${name} heads`], attributes: { perm } },
  ];
  return {
    nodes: [
      ...intoHeads('query', [0, 2, 1, 3]),
      ...intoHeads('key', [0, 2, 3, 1]),
      ...intoHeads('value', [0, 2, 1, 3]),
      { op: 'Mul', inputs: ['query heads', 'scale'], outputs: ['scaled'] },
      { op: 'MatMul', inputs: ['scaled', 'key heads'], outputs: ['scores'] },
      { op: 'Softmax', inputs: ['scores'], outputs: ['weights'], attributes: { axis: -1 } },
      { op: 'MatMul', inputs: ['weights', 'value heads'], outputs: ['mixed'] },
      { op: 'Transpose', inputs: ['mixed'], outputs: ['side by side'], attributes: { perm: [0, 2, 1, 3] } },
      { op: 'Reshape', inputs: ['side by side', 'joined'], outputs: ['contexts'] },
      ...linear('contexts', 'output', 'Y'),
    ],
    constants: {
      ...Object.fromEntries(
        Object.entries(weights).flatMap(([name, { kernel, bias }]) => [
          [`${name} kernel`, { shape: [width, width], data: kernel }],
          [`${name} bias`, { shape: [width], data: bias }],
        ]),
      ),
      scale: { shape: [], data: Float32Array.of(1 / Math.sqrt(head)) },
      split: { shape: [4], data: BigInt64Array.from([batch, memory, heads, head].map(BigInt)) },
      joined: { shape: [3], data: BigInt64Array.from([batch, memory, width].map(BigInt)) },
    },
    inputs: { x: [batch, memory, width] },
    outputs: { Y: [batch, memory, width] },
  };
}
