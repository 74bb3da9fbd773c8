/** What Recurra wants to reach. Every other row is measured without a promise. */
import type { Case } from './cases.js';

export interface Target {
  /** At least so many times as fast. */
  readonly atLeast: number;
}

export function targetOf(task: Case, ours: string, peer: string): Target | undefined {
  const atLeast = of[ours]?.(task, peer);
  return atLeast === undefined ? undefined : { atLeast };
}

/** By the name of ours. */
const of: Readonly<Record<string, (task: Case, peer: string) => number | undefined>> = {
  'recurra wasm': ofWasm,
  'recurra wasm 2 threads': ofTwoThreads,
  'recurra cpu': ofCpu,
};

/** A step of a stream whose weights fit the nearest caches. */
const isStep = (task: Case): boolean => task.kind === 'stream' && task.units <= 128;
const isSmall = (task: Case): boolean =>
  isStep(task) || (task.kind === 'recurrent' && (task.units === 8 || task.time === 1));

function ofWasm(task: Case, peer: string): number | undefined {
  if (peer === 'tfjs wasm') {
    if (task.kind === 'training') return 15;
    if (task.kind === 'gate') return undefined;
    return isSmall(task) ? 10 : 1.6;
  }
  const [web, native] = againstOnnx(task);
  return peer === 'onnxruntime-web' ? web : peer === 'onnxruntime-node' ? native : undefined;
}

/** Of onnxruntime-web, and of onnxruntime-node, whose instructions are four times as wide. */
function againstOnnx(task: Case): readonly [web?: number, native?: number] {
  if (isStep(task)) return [2.5, 1.5];
  if (task.kind !== 'recurrent' || task.time === 1) return [];
  if (task.units === 8) return [2, 1.2];
  // Weights beyond the caches: both wait for memory.
  return task.units === 1024 ? [1.05] : [1.2, 0.25];
}

/** Of one, where a step is long enough that to meet in it costs little. */
function ofTwoThreads(task: Case, peer: string): number | undefined {
  return peer === 'recurra wasm' && task.kind === 'recurrent' && task.units >= 256 ? 1.7 : undefined;
}

function ofCpu(task: Case, peer: string): number | undefined {
  if (peer !== 'tfjs cpu') return undefined;
  if (task.kind === 'training') return 5;
  if (task.kind !== 'recurrent' || task.cell !== 'LSTM') return undefined;
  return task.batch === 32 && task.units === 8 ? 20 : 4;
}
