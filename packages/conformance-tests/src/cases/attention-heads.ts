/**
 * Multi-head and grouped-query attention give Keras's numbers on both of its paths, masks and dropout included, and
 * PyTorch's with their gradients. How the numbers were made: vectors/make-attention.py.
 */
import type { HeadsCall, HeadsLayer, HeadsParams, KerasAttentionInputs } from '@recurra/attention';
import { isTensor, mul, sum, valueAndGrad, type Backend } from '@recurra/core';
import type { CaseEntry, Numbers, Testing } from '../case.js';
import headsJson from '../vectors/attention-heads.json';
import type { AttentionLibrary } from './attention-library.js';
import { on, type Floats } from './on.js';

/** Tensors by projection and name, as the parameters are. */
type Numbered = Readonly<Record<string, Readonly<Record<string, Numbers>>>>;
interface HeadsVector {
  readonly id: string;
  readonly layer: 'multiHeadAttention' | 'groupedQueryAttention';
  readonly options: never;
  readonly params: Numbered;
  readonly query: Numbers;
  readonly value: Numbers;
  readonly key?: Numbers;
  readonly masks: Readonly<Record<string, Numbers>>;
  readonly call: HeadsCall;
  readonly outputs: Numbers;
  readonly scores?: Numbers;
  /** ∂L/∂outputs, where gradients are asked for. */
  readonly cotangent?: Numbers;
  readonly gradients?: { readonly params: Numbered; readonly [input: string]: Numbered | Numbers };
}
const vectors = headsJson.cases as unknown as readonly HeadsVector[];

export function headsEntries(library: AttentionLibrary): Record<string, CaseEntry> {
  const entries: Record<string, CaseEntry> = {};
  for (const vector of vectors) {
    entries[vector.id] = (t) => headsRun(t, library, vector);
    if (vector.gradients) entries[`${vector.id}-gradients`] = (t) => gradientsRun(t, library, vector);
  }
  return entries;
}

const paramsOf = (params: Numbered, backend: Backend): HeadsParams =>
  Object.fromEntries(
    Object.entries(params).map(([projection, weights]) => [
      projection,
      Object.fromEntries(Object.entries(weights).map(([name, numbers]) => [name, on(backend).floats(numbers)])),
    ]),
  ) as unknown as HeadsParams;

function callOf({ masks, call }: HeadsVector, backend: Backend): HeadsCall {
  const bools = Object.entries(masks).map(([name, numbers]) => [name, on(backend).bools(numbers)]);
  return { ...call, ...Object.fromEntries(bools) } as HeadsCall;
}

const layerOf = (library: AttentionLibrary, { layer, options }: HeadsVector): HeadsLayer => library[layer](options);

function headsRun({ backend, close }: Testing, library: AttentionLibrary, vector: HeadsVector): void {
  const { floats } = on(backend);
  const [query, value] = [floats(vector.query), floats(vector.value)];
  const inputs: KerasAttentionInputs = vector.key ? [query, value, floats(vector.key)] : [query, value];
  const made = layerOf(library, vector)(paramsOf(vector.params, backend), inputs, callOf(vector, backend));
  void close(made.outputs, vector.outputs);
  if (vector.scores) void close(made.scores!, vector.scores);
}

function gradientsRun({ backend, close }: Testing, library: AttentionLibrary, vector: HeadsVector): void {
  const { floats } = on(backend);
  const layer = layerOf(library, vector);
  const [call, cotangent] = [callOf(vector, backend), floats(vector.cotangent!)];
  const loss = ({ params, query, value, key }: Asked): Floats => {
    const inputs: KerasAttentionInputs = key ? [query, value, key] : [query, value];
    return sum(mul(layer(params, inputs, call).outputs, cotangent));
  };
  const [, grads] = valueAndGrad(loss)({
    params: paramsOf(vector.params, backend),
    query: floats(vector.query),
    value: floats(vector.value),
    ...(vector.key && { key: floats(vector.key) }),
  });
  closeTrees(close, grads, vector.gradients!);
}

type Asked = {
  readonly params: HeadsParams;
  readonly query: Floats;
  readonly value: Floats;
  readonly key?: Floats;
};

/** Every tensor of a tree with the numbers that are expected in its place. */
export function closeTrees(close: Testing['close'], actual: unknown, expected: object): void {
  for (const [name, wanted] of Object.entries(expected) as [string, object][]) {
    const found = (actual as Readonly<Record<string, unknown>>)[name];
    if (isTensor(found)) void close(found, wanted as Numbers);
    else closeTrees(close, found, wanted);
  }
}
