/**
 * A graph as ONNX writes it: nodes, constants, and the shapes of what goes in and comes out.
 *
 * The numbers are those of the fields in onnx.proto: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
import { bytes, float, integer, message, text, type Bytes } from './protobuf.js';

export interface Graph {
  readonly nodes: readonly Node[];
  readonly constants: Readonly<Record<string, Constant>>;
  /** Shapes of float32 inputs and outputs. */
  readonly inputs: Shapes;
  readonly outputs: Shapes;
}

export interface Node {
  readonly op: string;
  /** Names of values; '' leaves an optional one out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

/** An integer, integers, a text; a float has to be told from an integer. */
export type Attribute = number | readonly number[] | string | { readonly float: number };
export type Shapes = Readonly<Record<string, readonly number[]>>;

/** Float32 or int64 numbers, row-major. */
export interface Constant {
  readonly shape: readonly number[];
  readonly data: Float32Array | BigInt64Array;
}

const irVersion = 8;
const opsetVersion = 17;

/** The bytes of a model file. */
export function modelOf(graph: Graph): Bytes {
  return message([
    integer(1, irVersion),
    text(2, 'recurra'),
    bytes(7, graphOf(graph)),
    bytes(8, message([text(1, ''), integer(2, opsetVersion)])),
  ]);
}

function graphOf({ nodes, constants, inputs, outputs }: Graph): Bytes {
  return message([
    ...nodes.map((node) => bytes(1, nodeOf(node))),
    text(2, 'graph'),
    ...Object.entries(constants).map(([name, constant]) => bytes(5, tensorOf(name, constant))),
    ...Object.entries(inputs).map(([name, shape]) => bytes(11, valueOf(name, shape))),
    ...Object.entries(outputs).map(([name, shape]) => bytes(12, valueOf(name, shape))),
  ]);
}

function nodeOf({ op, inputs, outputs, attributes = {} }: Node): Bytes {
  return message([
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(4, op),
    ...Object.entries(attributes).map(([name, value]) => bytes(5, attributeOf(name, value))),
  ]);
}

/** Field 20 says which of the other fields holds the value. */
function attributeOf(name: string, value: Attribute): Bytes {
  const fields =
    typeof value === 'number'
      ? [integer(3, value), integer(20, 2)]
      : typeof value === 'string'
        ? [text(4, value), integer(20, 3)]
        : 'float' in value
          ? [float(2, value.float), integer(20, 1)]
          : [...value.map((v) => integer(8, v)), integer(20, 7)];
  return message([text(1, name), ...fields]);
}

const float32 = 1;
const int64 = 7;

function tensorOf(name: string, { shape, data }: Constant): Bytes {
  return message([
    ...shape.map((length) => integer(1, length)),
    integer(2, data instanceof Float32Array ? float32 : int64),
    text(8, name),
    bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  ]);
}

function valueOf(name: string, shape: readonly number[]): Bytes {
  const dims = shape.map((length) => bytes(1, integer(1, length)));
  const tensorType = message([integer(1, float32), bytes(2, message(dims))]);
  return message([text(1, name), bytes(2, bytes(1, tensorType))]);
}
