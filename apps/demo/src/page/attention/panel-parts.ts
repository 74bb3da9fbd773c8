/** Small parts of the training panel: time in words, a file for the visitor, a curve that a screen can show. */

export function duration(milliseconds: number): string {
  const s = Math.round(milliseconds / 1000);
  return s < 60 ? `${s} s` : `${Math.floor(s / 60)} min ${s % 60} s`;
}

export function download(name: string, bytes: Uint8Array): void {
  const url = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>]));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** At most about 400 points: the mean loss of every few steps, and the errors in per cent at the points nearest to theirs. */
export function thinned(
  losses: readonly number[],
  errors: readonly (readonly [step: number, error: number])[],
): { readonly steps: number[]; readonly values: [loss: (number | null)[], errors: (number | null)[]] } {
  const group = Math.max(1, Math.ceil(losses.length / 400), losses.length > 60 ? 4 : 1);
  const steps: number[] = [];
  const means: number[] = [];
  for (let at = 0; at < losses.length; at += group) {
    const some = losses.slice(at, at + group);
    steps.push(at + some.length);
    means.push(some.reduce((a, b) => a + b, 0) / some.length);
  }
  const wrong = steps.map((): number | null => null);
  for (const [step, error] of errors) {
    const i = steps.findIndex((s) => s >= step);
    if (i >= 0) wrong[i] = 100 * error;
  }
  return { steps, values: [means, wrong] };
}
