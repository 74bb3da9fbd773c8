/** CMUdict as data: words of letters, their pronunciations without stress, and a split that never changes. */
import { dictionary } from 'cmu-pronouncing-dictionary';
import { randint } from '@recurra/core/random';

export interface Entry {
  readonly word: string;
  /** One or more, the dictionary's first one first. Phonemes of ARPAbet, such as HH AH L OW. */
  readonly pronunciations: readonly (readonly string[])[];
}

export interface Split {
  readonly train: readonly Entry[];
  readonly heldOut: readonly Entry[];
}

const WORD = /^([a-z']+)(?:\((\d+)\))?$/;

/**
 * Words of `shortest` to `longest` letters, in an order that follows from the seed; the first `heldOut` are never trained on.
 * A larger `words` adds words and moves none from one side to the other.
 */
export function split(options: {
  words: number;
  heldOut: number;
  shortest: number;
  longest: number;
  seed: number;
}): Split {
  const all = entries().filter(({ word }) => word.length >= options.shortest && word.length <= options.longest);
  const draws = randint([all.length], 0, 2147483647, { seed: options.seed });
  const order = all.map((_, i) => i).sort((i, j) => draws[i]! - draws[j]! || i - j);
  const shuffled = order.map((i) => all[i]!);
  return {
    heldOut: shuffled.slice(0, options.heldOut),
    train: shuffled.slice(options.heldOut, options.heldOut + options.words),
  };
}

/** Every word of letters and apostrophes; "read(2)" is a second pronunciation of "read". */
function entries(): Entry[] {
  const found = new Map<string, string[][]>();
  for (const [key, sounds] of Object.entries(dictionary)) {
    const word = WORD.exec(key)?.[1];
    if (word === undefined || !/[a-z]/.test(word)) continue;
    // Some end in a remark: "AO1 L B AO0 R G # place, danish".
    const phonemes = sounds
      .replace(/ #.*/, '')
      .split(' ')
      .map((sound) => sound.replace(/\d$/, ''));
    const known = found.get(word);
    if (known === undefined) found.set(word, [phonemes]);
    else if (known.every((other) => other.join(' ') !== phonemes.join(' '))) known.push(phonemes);
  }
  return Array.from(found, ([word, pronunciations]) => ({ word, pronunciations }));
}
