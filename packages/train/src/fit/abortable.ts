/** Waiting for data that may never come: an AbortSignal ends it. */

export const aborted: unique symbol = /* @__PURE__ */ Symbol('aborted');

/** What the promise gives, or `aborted` as soon as the signal says so; then `late` gets what comes after all. */
export async function abortable<T>(
  promise: Promise<T>,
  signal: AbortSignal | undefined,
  late: (value: T) => void,
): Promise<T | typeof aborted> {
  if (signal === undefined) return promise;
  let stop = (): void => undefined;
  const ending = new Promise<typeof aborted>((resolve) => {
    stop = () => resolve(aborted);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop);
  });
  try {
    const first = await Promise.race([ending, promise]);
    if (first === aborted) promise.then(late, () => undefined);
    return first;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
