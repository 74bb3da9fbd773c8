/** Telling typed arrays apart, of whichever realm: another frame or a `vm` context has classes of its own. */

/** 'Float32Array' and so on, 'DataView'; '' for what is none, such as a proxy of one. */
export function kindOfArray(x: unknown): string {
  return ArrayBuffer.isView(x) ? String((x as unknown as { [Symbol.toStringTag]: unknown })[Symbol.toStringTag]) : '';
}
