/** CPython's `random`: the Mersenne Twister MT19937 (Matsumoto, Nishimura 1998), seeded and drawn from as Python does. */

export interface Twister {
  readonly words: Uint32Array;
  next: number;
}

const N = 624;
const M = 397;
const TWO_32 = 4294967296;

/** `random.Random(seed)`: the key is the words of |seed|, lowest first; 0 has one word. */
export function pythonTwister(seed: number): Twister {
  const magnitude = Math.abs(seed);
  const high = Math.floor(magnitude / TWO_32);
  return twisterFromKey(high === 0 ? [magnitude] : [magnitude % TWO_32, high]);
}

/** The reference implementation's `init_by_array`. */
function twisterFromKey(key: ArrayLike<number>): Twister {
  const words = new Uint32Array(N);
  words[0] = 19650218;
  for (let i = 1; i < N; i++) words[i] = Math.imul(1812433253, shifted(words, i)) + i;
  let i = 1;
  // Word 0 follows word N − 1 in a ring of the words 1 … N − 1.
  const step = (): void => {
    if (++i < N) return;
    words[0] = words[N - 1]!;
    i = 1;
  };
  for (let n = 0, j = 0; n < Math.max(N, key.length); n++, j = (j + 1) % key.length) {
    words[i] = (words[i]! ^ Math.imul(shifted(words, i), 1664525)) + key[j]! + j;
    step();
  }
  for (let n = 1; n < N; n++) {
    words[i] = (words[i]! ^ Math.imul(shifted(words, i), 1566083941)) - i;
    step();
  }
  words[0] = 0x80000000;
  return { words, next: N };
}

/** `randint(low, high)`, both ends included, for fewer than 2³² values: top bits, drawn again until they fit. */
export function pythonRandint(twister: Twister, low: number, high: number): number {
  const count = high - low + 1;
  const drop = Math.clz32(count);
  for (;;) {
    const value = nextWord(twister) >>> drop;
    if (value < count) return low + value;
  }
}

function nextWord(twister: Twister): number {
  if (twister.next === N) twist(twister);
  let y = twister.words[twister.next++]!;
  y ^= y >>> 11;
  y ^= (y << 7) & 0x9d2c5680;
  y ^= (y << 15) & 0xefc60000;
  y ^= y >>> 18;
  return y >>> 0;
}

/** All words move on at once. */
function twist(twister: Twister): void {
  const { words } = twister;
  for (let i = 0; i < N; i++) {
    const y = (words[i]! & 0x80000000) | (words[(i + 1) % N]! & 0x7fffffff);
    words[i] = words[(i + M) % N]! ^ (y >>> 1) ^ ((y & 1) === 0 ? 0 : 0x9908b0df);
  }
  twister.next = 0;
}

function shifted(words: Uint32Array, i: number): number {
  return words[i - 1]! ^ (words[i - 1]! >>> 30);
}
