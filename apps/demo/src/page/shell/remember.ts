/** A visitor's small choices, kept in the browser; where it keeps nothing, they last until the page is left. */

export function remembered(name: string): string | null {
  try {
    return localStorage.getItem(`recurra-${name}`);
  } catch {
    return null;
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(`recurra-${name}`, value);
  } catch {
    // It lasts until the page is left.
  }
}
