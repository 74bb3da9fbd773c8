/** Letters and phonemes as numbers. */

/** Letter n is LETTERS[n]; 0 is padding. */
export const LETTERS = ' abcdefghijklmnopqrstuvwxyz';
/** Before the first phoneme, and after the last. */
export const [START, STOP] = [0, 1];
/** Phoneme n is PHONEMES[n]: ARPAbet, as CMUdict writes it, without stress. */
export const PHONEMES: readonly string[] =
  '<start> <stop> AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH'.split(
    ' ',
  );

/** A word of the dictionary with its first pronunciation. */
export interface Entry {
  readonly word: string;
  readonly phonemes: readonly string[];
}

/** Lines such as "hello HH AH L OW". */
export function entriesOf(text: string): Entry[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [word, ...phonemes] = line.split(' ') as [string, ...string[]];
      return { word, phonemes };
    });
}
