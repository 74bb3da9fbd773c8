/** CMUdict as data: words of plain letters with their first pronunciation, in an order that follows from a seed. */
import { randint } from '@recurra/core/random';
import type { Entry } from '../page/attention/alphabet.js';

/** Held out of every training: the first of the order. */
export const heldOut = 300;

/** All words of 2 to `longest` letters. The first `heldOut` are never trained on. */
export async function words(longest = 9, seed = 42): Promise<Entry[]> {
  // A development dependency of the repository, which no part of the page imports.
  const name = 'cmu-pronouncing-dictionary';
  const { dictionary } = (await import(name)) as { dictionary: Readonly<Record<string, string>> };
  const all = Object.entries(dictionary)
    .filter(([word]) => /^[a-z]+$/.test(word) && word.length >= 2 && word.length <= longest)
    .map(([word, sounds]) => {
      // Some end in a remark: "AO1 L B AO0 R G # place, danish". Digits are stress.
      const phonemes = sounds.replace(/ #.*/, '').split(' ');
      return { word, phonemes: phonemes.map((sound) => sound.replace(/\d$/, '')) };
    });
  const draws = randint([all.length], 0, 2147483647, { seed });
  const order = all.map((_, i) => i).sort((i, j) => draws[i]! - draws[j]! || i - j);
  return order.map((i) => all[i]!);
}
