/** CRC-32 (ISO 3309, polynomial 0xEDB88320): tells a file that was torn or changed from the one that was written. */

/** The checksum of bytes from `from` up to `to`, as an unsigned number of 32 bits. */
export function crc32(bytes: Uint8Array, from: number, to: number): number {
  const table = new Uint32Array(256);
  for (let n = 0; n < 256; n++) {
    let c = n;
    for (let k = 0; k < 8; k++) c = (c & 1) === 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
    table[n] = c;
  }
  let crc = 0xffffffff;
  for (let i = from; i < to; i++) crc = (crc >>> 8) ^ table[(crc ^ bytes[i]!) & 255]!;
  return (crc ^ 0xffffffff) >>> 0;
}
