/**
 * Protocol Buffers on the wire: a field is its number and wire type, then a varint, four bytes, or bytes with their length.
 *
 * https://protobuf.dev/programming-guides/encoding
 */

export type Bytes = Uint8Array;

const varintType = 0;
const bytesType = 2;
const float32Type = 5;

/** Seven bits a byte, the lowest first; the top bit says that more follow. Negative numbers fill 64 bits. */
export function varint(value: number | bigint): Bytes {
  let rest = BigInt.asUintN(64, BigInt(value));
  const sevens: number[] = [];
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    sevens.push(rest > 0n ? low | 128 : low);
  } while (rest > 0n);
  return Uint8Array.from(sevens);
}

const tag = (field: number, type: number): Bytes => varint(field * 8 + type);

export function integer(field: number, value: number | bigint): Bytes {
  return message([tag(field, varintType), varint(value)]);
}

export function float(field: number, value: number): Bytes {
  const four = new Uint8Array(4);
  new DataView(four.buffer).setFloat32(0, value, true);
  return message([tag(field, float32Type), four]);
}

/** Bytes, or another message. */
export function bytes(field: number, value: Bytes): Bytes {
  return message([tag(field, bytesType), varint(value.length), value]);
}

export function text(field: number, value: string): Bytes {
  return bytes(field, new TextEncoder().encode(value));
}

/** Fields one after the other: that is a message. */
export function message(fields: readonly Bytes[]): Bytes {
  const whole = new Uint8Array(fields.reduce((length, field) => length + field.length, 0));
  let at = 0;
  for (const field of fields) {
    whole.set(field, at);
    at += field.length;
  }
  return whole;
}
