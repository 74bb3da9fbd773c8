/** "Did you mean": the nearest of the names there are, for hints. */

/** A hint: the name that was probably meant, or all there are when none is near. */
export function didYouMean(given: unknown, known: readonly string[]): string {
  const word = typeof given === 'string' ? given : '';
  let nearest = '';
  let least = Infinity;
  for (const name of known) {
    const d = distance(word.toLowerCase(), name.toLowerCase());
    if (d < least) [nearest, least] = [name, d];
  }
  return least <= 3 && least < word.length ? `did you mean '${nearest}'?` : `one of ${known.join(', ')}`;
}

/** Levenshtein's distance: how many letters to insert, delete or replace. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
