/** DEFLATE undone (RFC 1951): the two builds have most of their bytes in common, so compressed they are half as large. */

/**
 * A canonical Huffman code: how many of its words have each length, and the symbols in the order of the words. `short` has
 * for the next nine bits the symbol of the word that they begin with, times 16, plus its length; 0 for longer words.
 */
interface Code {
  readonly counts: Uint16Array;
  readonly symbols: readonly number[];
  readonly short: Uint16Array;
}

const SHORT = 9;

function codeOf(lengths: readonly number[]): Code {
  const counts = new Uint16Array(16);
  for (const length of lengths) if (length > 0) counts[length]!++;
  const symbols = lengths.map((_, symbol) => symbol).filter((symbol) => lengths[symbol]! > 0);
  symbols.sort((a, b) => lengths[a]! - lengths[b]! || a - b);
  const short = new Uint16Array(1 << SHORT);
  let word = 0;
  let before = 0;
  for (const symbol of symbols) {
    const length = lengths[symbol]!;
    if (length > SHORT) break;
    word <<= length - before;
    before = length;
    // Words come with their first bit lowest.
    let reversed = 0;
    for (let i = 0; i < length; i++) reversed |= ((word >> i) & 1) << (length - 1 - i);
    for (let i = reversed; i < short.length; i += 1 << length) short[i] = symbol * 16 + length;
    word++;
  }
  return { counts, symbols, short };
}

/** The first value of each symbol, where symbol i has so many bits after it. */
function starts(first: number, count: number, extra: (i: number) => number): number[] {
  const all = [first];
  for (let i = 0; i + 1 < count; i++) all.push(all[i]! + (1 << extra(i)));
  return all;
}

const lengthBits = (i: number): number => (i < 4 || i === 28 ? 0 : (i >> 2) - 1);
const distanceBits = (i: number): number => (i < 2 ? 0 : (i >> 1) - 1);
const fill = (n: number, value: number): number[] => Array.from({ length: n }, () => value);

/** The first `length` bytes of what was compressed. */
export function inflate(bytes: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(length);
  // The last length has a symbol of its own.
  const lengths = [...starts(3, 28, lengthBits), 258];
  const distances = starts(1, 30, distanceBits);
  let at = 0;
  let bit = 0;
  /** The next n bits, at most 16; past the end they are 0. */
  const peek = (n: number): number => {
    const from = bit >> 3;
    return ((bytes[from]! | (bytes[from + 1]! << 8) | (bytes[from + 2]! << 16)) >>> (bit & 7)) & ((1 << n) - 1);
  };
  const take = (n: number): number => {
    const value = peek(n);
    bit += n;
    return value;
  };
  const next = ({ counts, symbols, short }: Code): number => {
    const known = short[peek(SHORT)]!;
    if (known !== 0) {
      bit += known & 15;
      return known >> 4;
    }
    let word = 0;
    for (let n = 1, first = 0, index = 0; ; n++) {
      word |= take(1);
      const count = counts[n]!;
      if (word < first + count) return symbols[index + word - first]!;
      index += count;
      first = (first + count) << 1;
      word <<= 1;
    }
  };
  /** The two codes of a block, themselves in code. */
  const codes = (): [Code, Code] => {
    const [literals, pairs, count] = [take(5) + 257, take(5) + 1, take(4) + 4];
    const own = fill(19, 0);
    for (let i = 0; i < count; i++)
      own[[16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15][i]!] = take(3);
    const code = codeOf(own);
    const all: number[] = [];
    while (all.length < literals + pairs) {
      const symbol = next(code);
      if (symbol < 16) all.push(symbol);
      else if (symbol === 16) all.push(...fill(take(2) + 3, all.at(-1)!));
      else all.push(...fill(symbol === 17 ? take(3) + 3 : take(7) + 11, 0));
    }
    return [codeOf(all.slice(0, literals)), codeOf(all.slice(literals))];
  };
  const fixed = (): [Code, Code] => [
    codeOf([...fill(144, 8), ...fill(112, 9), ...fill(24, 7), ...fill(8, 8)]),
    codeOf(fill(30, 5)),
  ];
  while (at < length) {
    take(1);
    const kind = take(2);
    if (kind === 0) {
      bit = (bit + 7) & ~7;
      const count = take(16);
      take(16);
      for (let i = 0; i < count; i++) out[at++] = take(8);
      continue;
    }
    const [literal, distance] = kind === 1 ? fixed() : codes();
    for (let symbol = next(literal); symbol !== 256 && at < length; symbol = next(literal)) {
      if (symbol < 256) out[at++] = symbol;
      else {
        const count = lengths[symbol - 257]! + take(lengthBits(symbol - 257));
        const pair = next(distance);
        const back = distances[pair]! + take(distanceBits(pair));
        for (let i = 0; i < count; i++, at++) out[at] = out[at - back]!;
      }
    }
  }
  return out;
}
