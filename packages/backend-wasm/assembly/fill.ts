// Every element the same value, given as the bits of a word or a byte; and where the module's own tables end.

/** The first byte that the host may use: below it lie the tables. */
export function heapBase(): usize {
  return __heap_base;
}

export function fill32(bits: u32, z: usize, n: i32): void {
  const word = i32x4.splat(bits);
  const end = z + ((<usize>n) << 2);
  for (; z + 16 <= end; z += 16) v128.store(z, word);
  for (; z < end; z += 4) store<u32>(z, bits);
}

export function fill8(byte: u32, z: usize, n: i32): void {
  memory.fill(z, <u8>byte, n);
}
