/**
 * The tape: remembers which values came from which, and walks back. It knows no op; an entry brings its own rule.
 * Gradients are made of ops, so a tape inside a tape gives second order.
 */
import { share, type Tensor } from './tensor.js';

type Maybe = Tensor | null;

/** One step as the tape holds it: shares of its own, so that the values outlive the step's tensors. */
interface Held {
  readonly inputs: readonly Maybe[];
  readonly outputs: readonly Tensor[];
  /** Which inputs lead to a parameter: the gradient of the others will not be used. */
  readonly needs: readonly boolean[];
}
interface Entry extends Held {
  readonly rule: Rule;
  readonly residuals: readonly Tensor[];
}

/** One gradient for each input, null where there is none, from those of the outputs, null where nothing depends on one. */
export type Rule = (grads: readonly Maybe[], of: Held) => readonly Maybe[];

interface Tape {
  readonly followed: Set<number>;
  readonly entries: Entry[];
}

let tapes: readonly Tape[] = [];

/**
 * For core alone: how many tapes are running when at least one of them follows one of these values, else 0. A second
 * tape counts although it follows none of them: what it follows may come back to them as a gradient.
 */
export function recording(inputs: readonly (Tensor | null)[]): number {
  const followed = (tape: Tape): boolean => inputs.some((x) => x !== null && tape.followed.has(x.id));
  return tapes.some(followed) ? tapes.length : 0;
}

/** For core alone: runs `f` unseen by every tape. */
export function unrecorded<T>(f: () => T): T {
  const outer = tapes;
  tapes = [];
  try {
    return f();
  } finally {
    tapes = outer;
  }
}

/** For core alone: tells every tape that follows an input. The residuals, of one tape at most, become the tape's own. */
export function record(
  op: string,
  inputs: readonly Maybe[],
  outputs: readonly Tensor[],
  rule: Rule,
  residuals: readonly Tensor[] = [],
): void {
  for (const tape of tapes) {
    const needs = inputs.map((x) => x !== null && tape.followed.has(x.id));
    if (!needs.includes(true)) continue;
    for (const y of outputs) tape.followed.add(y.id);
    tape.entries.push({
      inputs: inputs.map((x) => x && share(x, op)),
      outputs: outputs.map((y) => share(y, op)),
      needs,
      rule,
      residuals,
    });
  }
}

/** Records what `f` does to `watched`, then hands the tape's walk to `then`, and frees what the tape held. */
export function withTape<T, R>(watched: readonly Tensor[], f: () => T, then: (value: T, walk: Walk) => R): R {
  const tape: Tape = { followed: new Set(watched.map((x) => x.id)), entries: [] };
  const outer = tapes;
  try {
    tapes = [...outer, tape];
    let value: T;
    try {
      value = f();
    } finally {
      tapes = outer;
    }
    return then(value, (y, seed, add) => walkBack(tape, watched, y, seed, add));
  } finally {
    for (const { inputs, outputs, residuals } of tape.entries) {
      for (const x of [...inputs, ...outputs, ...residuals]) x?.dispose();
    }
  }
}

/** ∂y/∂watched, each null where y does not depend on it. `add` is the op that sums two gradients. */
export type Walk = (y: Tensor, seed: Tensor, add: (a: Tensor, b: Tensor) => Tensor) => (Tensor | null)[];

function walkBack(
  tape: Tape,
  watched: readonly Tensor[],
  y: Tensor,
  seed: Tensor,
  add: (a: Tensor, b: Tensor) => Tensor,
): (Tensor | null)[] {
  const grads = new Map<number, Tensor>([[y.id, seed]]);
  for (let e = tape.entries.length - 1; e >= 0; e--) {
    const entry = tape.entries[e]!;
    const incoming = entry.outputs.map(({ id }) => grads.get(id) ?? null);
    if (incoming.every((g) => g === null)) continue;
    const outgoing = entry.rule(incoming, entry);
    entry.inputs.forEach((x, i) => {
      const g = outgoing[i] ?? null;
      if (g === null || x === null || !tape.followed.has(x.id)) return;
      const sum = grads.get(x.id);
      grads.set(x.id, sum === undefined ? g : add(sum, g));
    });
  }
  return watched.map((x) => grads.get(x.id) ?? null);
}
