/** The golden vectors, typed. How they were made: vectors/make-vectors.py. */
import type { Numbers } from './case.js';
import attentionJson from './vectors/attention.json';
import cellsJson from './vectors/cells.json';
import functionsJson from './vectors/functions.json';
import gradientsJson from './vectors/gradients.json';
import layersJson from './vectors/layers.json';
import torchJson from './vectors/torch.json';

export type ByName = Readonly<Record<string, Numbers>>;

/** Functions of one number. */
export interface Sampled {
  readonly x: readonly number[];
  readonly y: readonly number[];
}
export const functions = functionsJson as unknown as {
  readonly ops: Readonly<Record<string, Sampled>>;
  readonly activations: Readonly<Record<string, Sampled>>;
};

export interface OpGradient {
  readonly inputs: readonly Numbers[];
  readonly output: Numbers;
  readonly cotangent: Numbers;
  readonly gradients: readonly Numbers[];
}
export interface SecondOrder {
  readonly inputs: readonly Numbers[];
  readonly first: Numbers;
  readonly cotangent: Numbers;
  readonly second: readonly Numbers[];
}
export const gradients = gradientsJson as unknown as {
  readonly ops: Readonly<Record<string, OpGradient>>;
  readonly second: Readonly<Record<string, SecondOrder>>;
};

export interface CellGroup {
  readonly id: string;
  readonly cell: CellName;
  readonly options: CellOptions;
  readonly params: ByName;
  readonly x: Numbers;
  readonly initialState: ByName;
  readonly runs: readonly CellRun[];
}
export type CellName = 'simpleRnn' | 'lstm' | 'gru';
export interface CellOptions {
  readonly units: number;
  readonly [option: string]: unknown;
}
export interface CellRun {
  readonly id: string;
  readonly reverse: boolean;
  readonly returnSequences: boolean;
  readonly zeroOutputForMask: boolean;
  readonly withInitialState: boolean;
  readonly mask?: readonly string[];
  readonly outputs?: Numbers;
  readonly state?: ByName;
  /** Of a run whose gradients are asked for: ∂L/∂outputs and ∂L/∂state. */
  readonly cotangents?: ByName;
  readonly gradients?: ByName;
}
export const kerasCells = cellsJson.cells as unknown as Readonly<Record<string, readonly CellGroup[]>>;

export interface TorchGroup {
  readonly cell: CellName;
  readonly options: CellOptions;
  readonly x: Numbers;
  readonly gradientOfX: Numbers;
  readonly runs: readonly {
    readonly id: string;
    readonly reverse: boolean;
    readonly params: ByName;
    readonly initialState: ByName;
    readonly outputs: Numbers;
    readonly state: ByName;
    readonly cotangent: Numbers;
    readonly gradients: ByName;
  }[];
}
export const torchCells = torchJson.cells as unknown as Readonly<Record<string, TorchGroup>>;

/** Dropout, stacks and both directions; made by vectors/make-layers.py. */
export interface LayerVector {
  readonly id: string;
  /** For each direction its cells: a stack where there are several. */
  readonly layers: readonly (readonly {
    readonly cell: CellName;
    readonly options: CellOptions;
    readonly params: ByName;
    readonly initialState?: ByName;
  }[])[];
  readonly x: Numbers;
  readonly mask: readonly string[] | null;
  readonly options: {
    readonly returnSequences: boolean;
    readonly reverse?: boolean;
    readonly mergeMode?: 'concat' | 'sum' | 'mul' | 'ave' | null;
    readonly training?: boolean;
    readonly dropoutCounter?: number;
  };
  /** Two where nothing is merged. */
  readonly outputs: readonly Numbers[];
  readonly state: readonly (readonly ByName[])[];
}
export const layerVectors = layersJson.cases as unknown as readonly LayerVector[];

export interface KerasAttentionGroup {
  readonly layer: 'Attention' | 'AdditiveAttention';
  readonly config: Readonly<Record<string, unknown>>;
  readonly weights: ByName;
  readonly query: Numbers;
  readonly key: Numbers;
  readonly value: Numbers;
  readonly runs: readonly {
    readonly id: string;
    readonly ownKey: boolean;
    readonly causal: boolean;
    readonly mask?: { readonly query?: readonly string[]; readonly value?: readonly string[] };
    readonly outputs: Numbers;
    readonly scores: Numbers;
  }[];
}
export interface ScoreVector {
  readonly id: string;
  readonly params: ByName;
  readonly keys: Numbers;
  readonly scores: Numbers;
  readonly weights: Numbers;
  readonly context: Numbers;
}
export const attentionVectors = attentionJson as unknown as {
  readonly layers: readonly KerasAttentionGroup[];
  readonly query: Numbers;
  readonly values: Numbers;
  readonly mask: readonly string[];
  readonly scores: readonly ScoreVector[];
};

/** '0110' → 0, 1, 1, 0: rows of a mask as bools. */
export function maskOf(rows: readonly string[]): Numbers {
  return { shape: [rows.length, rows[0]!.length], data: rows.flatMap((row) => [...row].map(Number)) };
}
