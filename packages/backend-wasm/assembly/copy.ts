// Moving elements as they are: planes of m rows of n elements, with steps in elements that may be negative.

export function copy32(m: i32, n: i32, x: usize, dx: i32, ex: i32, z: usize, dz: i32): void {
  for (let i = 0; i < m; i++, x += <usize>(dx << 2), z += <usize>(dz << 2)) {
    if (ex == 1) memory.copy(z, x, (<usize>n) << 2);
    else {
      let p = x;
      const end = z + ((<usize>n) << 2);
      for (let q = z; q < end; q += 4, p += <usize>(ex << 2)) store<i32>(q, load<i32>(p));
    }
  }
}

export function copy8(m: i32, n: i32, x: usize, dx: i32, ex: i32, z: usize, dz: i32): void {
  for (let i = 0; i < m; i++, x += <usize>dx, z += <usize>dz) {
    if (ex == 1) memory.copy(z, x, n);
    else {
      let p = x;
      for (let j = 0; j < n; j++, p += <usize>ex) store<u8>(z + j, load<u8>(p));
    }
  }
}

// Slices of `inner` bytes, picked by index from `length` of them; an index out of range gives zeros.
export function gather(outer: i32, x: usize, length: i32, inner: i32, index: usize, count: i32, z: usize): void {
  for (let o = 0; o < outer; o++, x += <usize>length * <usize>inner) {
    for (let i = 0; i < count; i++, z += inner) {
      const k = load<i32>(index + ((<usize>i) << 2));
      if (<u32>k < <u32>length) memory.copy(z, x + <usize>k * <usize>inner, inner);
      else memory.fill(z, 0, inner);
    }
  }
}

// float32 toward zero, as ECMAScript does it: NaN and ±∞ give 0, the rest is taken modulo 2³².
function toInt(v: f32): i32 {
  if (abs(v) < 2147483648) return <i32>v;
  if (!(abs(v) < Infinity)) return 0;
  // A float32 beyond 2³¹ is whole: its 24 digits, shifted.
  const bits = reinterpret<i32>(v);
  const shift = ((bits >> 23) & 255) - 150;
  const digits = (bits & 0x7fffff) | 0x800000;
  const size = shift > 31 ? 0 : digits << shift;
  return bits < 0 ? -size : size;
}

// From one dtype (0 float32, 1 int32, 2 bool) to another.
export function cast(from: i32, to: i32, x: usize, z: usize, n: i32): void {
  for (let i = 0; i < n; i++) {
    const word = (<usize>i) << 2;
    if (to == 2) store<u8>(z + i, from == 0 ? u8(load<f32>(x + word) != 0) : u8(load<i32>(x + word) != 0));
    else if (to == 1) store<i32>(z + word, from == 0 ? toInt(load<f32>(x + word)) : <i32>load<u8>(x + i));
    else store<f32>(z + word, from == 1 ? <f32>load<i32>(x + word) : <f32>load<u8>(x + i));
  }
}
