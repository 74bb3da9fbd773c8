/**
 * Threads that run the same call over the same memory, each its share of every product's panels and of every batch's
 * rows. A number depends on its row and its column alone, never on who computes it: the bits are those of one thread.
 */

// The host's: returns when all of the team have called it.
// @ts-ignore: decorator
@external('env', 'barrier')
declare function wait(): void;

let me: i32 = 0;
let team: i32 = 1;

/** From now on this instance is thread `index` of `count`. */
export function join(index: i32, count: i32): void {
  me = index;
  team = count;
}

/** What others have written before it may be read after it. */
export function barrier(): void {
  if (team > 1) wait();
}

/** This thread's share of n things: those from `ownFrom(n)` and before `ownEnd(n)`. */
export function ownFrom(n: i32): i32 {
  return team == 1 ? 0 : (n * me) / team;
}

export function ownEnd(n: i32): i32 {
  return team == 1 ? n : (n * (me + 1)) / team;
}
