/**
 * A barrier of `count` threads: the function returns when all have called it. It spins for a while, which costs less than
 * waking up, and then sleeps where this thread may; a page's own thread may not.
 *
 * A worker is given this function as text (see ./worker.ts): it uses nothing but what the language has.
 *
 * @param words shared by the team; 0: how many have arrived; 16: how often all had; 32: how many sleep; 48: not 0 when one
 * of them has failed. They lie apart, so that writing one does not take the others out of anybody's cache.
 */
export function makeBarrier(words: Int32Array, count: number, maySleep: boolean): () => void {
  return () => {
    const round = Atomics.load(words, 16);
    if (Atomics.add(words, 0, 1) === count - 1) {
      Atomics.store(words, 0, 0);
      Atomics.add(words, 16, 1);
      if (Atomics.load(words, 32) > 0) Atomics.notify(words, 16);
      return;
    }
    for (let spins = 0; Atomics.load(words, 16) === round; spins++) {
      if (spins < 20000) continue;
      if (Atomics.load(words, 48) !== 0) throw new Error('a thread of the team has failed');
      if (!maySleep) continue;
      Atomics.add(words, 32, 1);
      Atomics.wait(words, 16, round, 1000);
      Atomics.sub(words, 32, 1);
    }
  };
}
