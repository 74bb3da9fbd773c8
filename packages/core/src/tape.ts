/**
 * The tape: remembers which values came from which, and walks back. It knows no op; an entry brings its own rule.
 * Gradients are made of ops, so a tape inside a tape gives second order.
 */
import type { Tensor } from './tensor.js';

/** What the gate hands over for one op: shares that must stay alive, and the rule. */
export interface Recording {
  readonly held: readonly Tensor[];
  vjp(grads: readonly (Tensor | null)[]): readonly (Tensor | null)[];
}
interface Entry extends Recording {
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

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

/** For core alone: the gate tells every tape that follows an input. `make` is called once for each such tape. */
export function record(
  inputs: readonly (Tensor | null)[],
  outputs: readonly Tensor[],
  make: (needs: boolean[]) => Recording | null,
): void {
  for (const tape of tapes) {
    const needs = inputs.map((x) => x !== null && tape.followed.has(x.id));
    if (!needs.includes(true)) continue;
    const made = make(needs);
    if (made === null) continue;
    for (const y of outputs) tape.followed.add(y.id);
    tape.entries.push({
      ...made,
      vjp: (grads) => made.vjp(grads),
      inputs: inputs.map((x) => (x === null ? 0 : x.id)),
      outputs: outputs.map((y) => y.id),
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
    for (const entry of tape.entries) for (const x of entry.held) x.dispose();
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
    const incoming = entry.outputs.map((id) => grads.get(id) ?? null);
    if (incoming.every((g) => g === null)) continue;
    const outgoing = entry.vjp(incoming);
    entry.inputs.forEach((id, i) => {
      const g = outgoing[i] ?? null;
      if (g === null || !tape.followed.has(id)) return;
      const sum = grads.get(id);
      grads.set(id, sum === undefined ? g : add(sum, g));
    });
  }
  return watched.map((x) => grads.get(x.id) ?? null);
}
