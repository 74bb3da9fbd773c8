/** What the networks can read of what was typed: a to z. Accents go (é is e), and what else is left out can be said. */

/** The letter of this alphabet that a sign stands for, or null. */
export function plainLetter(sign: string): string | null {
  const [letter] = sign.normalize('NFD').toLowerCase();
  return letter !== undefined && letter >= 'a' && letter <= 'z' ? letter : null;
}

/** The letters of a word, and the signs that are none. */
export function plainWord(typed: string): { readonly word: string; readonly left: readonly string[] } {
  const signs = Array.from(typed.normalize('NFC')).filter((sign) => sign.trim() !== '');
  const letters = signs.map((sign) => plainLetter(sign));
  return {
    word: letters.join(''),
    left: [...new Set(signs.filter((_, i) => letters[i] === null))],
  };
}
