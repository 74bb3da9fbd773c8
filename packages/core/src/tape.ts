/**
 * The tape: remembers which values came from which, and walks back. It knows no op; an entry brings its own rule.
 * Gradients are made of ops, so a tape inside a tape gives second order.
 */
import { discard, scope } from './scope.js';
import { newestId, share, type Tensor } from './tensor.js';

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
/** While a piece runs that will be replayed: the tapes that do not see its steps, and shares of what it took from them. */
let replay: { readonly from: readonly Tape[]; readonly taken: Map<number, Tensor> } | null = null;

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
  return instead([], null, f);
}

/**
 * For core alone: runs `f` unseen, and hands to `then` what it gave, and each value it used that a tape follows; those are
 * freed after that.
 */
export function taking<T>(f: () => T, then: (value: T, taken: readonly Tensor[]) => void): T {
  const from = [...tapes, ...(replay?.from ?? [])];
  if (from.length === 0) return f();
  const taken = new Map<number, Tensor>();
  try {
    const value = instead([], { from, taken }, f);
    then(value, [...taken.values()]);
    return value;
  } finally {
    for (const x of taken.values()) x.dispose();
  }
}

function instead<T>(now: typeof tapes, replayed: typeof replay, f: () => T): T {
  const [outer, around] = [tapes, replay];
  try {
    [tapes, replay] = [now, replayed];
    return f();
  } finally {
    [tapes, replay] = [outer, around];
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
  if (replay !== null) {
    const { from, taken } = replay;
    for (const x of inputs) {
      if (x !== null && !taken.has(x.id) && from.some(({ followed }) => followed.has(x.id)))
        taken.set(x.id, share(x, op));
    }
  }
  for (const tape of tapes) {
    const needs = inputs.map((x) => x !== null && tape.followed.has(x.id));
    if (!needs.includes(true)) continue;
    // An entry first, then its shares: one that fails, of what was disposed meanwhile, leaves the others where they are freed.
    const held = { inputs: [] as Maybe[], outputs: [] as Tensor[] };
    tape.entries.push({ ...held, needs, rule, residuals });
    for (const x of inputs) held.inputs.push(x && share(x, op));
    for (const y of outputs) {
      held.outputs.push(share(y, op));
      tape.followed.add(y.id);
    }
  }
}

/** Records what `f` does to `watched`, then hands the tape's walk to `then`, and frees what the tape held. */
export function withTape<T, R>(watched: readonly Tensor[], f: () => T, then: (value: T, walk: Walk) => R): R {
  const tape: Tape = { followed: new Set(watched.map((x) => x.id)), entries: [] };
  try {
    const value = instead([...tapes, tape], replay, f);
    return then(value, (ys, seeds, add) => walkBack(tape, watched, ys, seeds, add));
  } finally {
    for (const { inputs, outputs, residuals } of tape.entries) {
      for (const x of [...inputs, ...outputs, ...residuals]) x?.dispose();
    }
  }
}

/** Σ seeds·∂ys/∂watched, each null where no y depends on it. `add` is the op that sums two gradients. */
export type Walk = (
  ys: readonly Tensor[],
  seeds: readonly Maybe[],
  add: (a: Tensor, b: Tensor) => Tensor,
) => (Tensor | null)[];

function walkBack(
  tape: Tape,
  watched: readonly Tensor[],
  ys: readonly Tensor[],
  seeds: readonly Maybe[],
  add: (a: Tensor, b: Tensor) => Tensor,
): (Tensor | null)[] {
  const grads = new Map<number, Tensor>();
  // A gradient is freed when its last place here is gone. What is older than the walk belongs to somebody else.
  const newest = newestId();
  const places = new Map<Tensor, number>();
  const hold = (g: Tensor): void => void places.set(g, (places.get(g) ?? 0) + 1);
  const drop = (g: Tensor): void => {
    const left = places.get(g)! - 1;
    places.set(g, left);
    if (left > 0) return;
    places.delete(g);
    if (g.id > newest) discard(g);
  };
  const put = (id: number, g: Tensor): void => {
    const sum = grads.get(id);
    const next = sum === undefined ? g : add(sum, g);
    hold(next);
    grads.set(id, next);
    if (sum !== undefined) drop(sum);
  };
  ys.forEach((y, i) => {
    if (seeds[i]) put(y.id, seeds[i]);
  });
  for (let e = tape.entries.length - 1; e >= 0; e--) {
    const entry = tape.entries[e]!;
    const incoming = entry.outputs.map(({ id }) => grads.get(id) ?? null);
    if (incoming.every((g) => g === null)) continue;
    const outgoing = scope(() => entry.rule(incoming, entry));
    for (const g of outgoing) if (g) hold(g);
    entry.inputs.forEach((x, i) => {
      const g = outgoing[i] ?? null;
      if (g !== null && x !== null && entry.needs[i]) put(x.id, g);
    });
    for (const g of outgoing) if (g) drop(g);
    // Nothing before this step adds to the gradients of what it made; what is watched was there before any step.
    for (const { id } of entry.outputs) {
      const g = grads.get(id);
      if (g === undefined) continue;
      grads.delete(id);
      drop(g);
    }
  }
  return watched.map((x) => grads.get(x.id) ?? null);
}
