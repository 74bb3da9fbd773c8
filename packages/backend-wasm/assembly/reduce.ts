// Sums, maxima and minima. Each result has a double (an i32 for integers) of its own; elements are taken in row-major
// order, so that a sum does not depend on how the rest of the array is shaped. NaN wins.

// A plane of m rows of n elements, into acc with steps da from row to row and ea inside a row.
export function reduceFloat(op: i32, m: i32, n: i32, x: usize, acc: usize, da: i32, ea: i32): void {
  for (let i = 0; i < m; i++, acc += <usize>(da << 3)) {
    const end = x + ((<usize>n) << 2);
    if (ea == 0) {
      let s = load<f64>(acc);
      if (op == 0) for (; x < end; x += 4) s += <f64>load<f32>(x);
      else if (op == 1) for (; x < end; x += 4) s = max(s, <f64>load<f32>(x));
      else for (; x < end; x += 4) s = min(s, <f64>load<f32>(x));
      store<f64>(acc, s);
    } else {
      for (let p = acc; x < end; x += 4, p += <usize>(ea << 3)) {
        const v = <f64>load<f32>(x);
        const s = load<f64>(p);
        store<f64>(p, op == 0 ? s + v : op == 1 ? max(s, v) : min(s, v));
      }
    }
  }
}

export function reduceInt(op: i32, m: i32, n: i32, x: usize, acc: usize, da: i32, ea: i32): void {
  for (let i = 0; i < m; i++, acc += <usize>(da << 2)) {
    let p = acc;
    const end = x + ((<usize>n) << 2);
    for (; x < end; x += 4, p += <usize>(ea << 2)) {
      const v = load<i32>(x);
      const s = load<i32>(p);
      store<i32>(p, op == 0 ? s + v : op == 1 ? (v > s ? v : s) : v < s ? v : s);
    }
  }
}

export function fill64(value: f64, z: usize, n: i32): void {
  for (let i = 0; i < n; i++) store<f64>(z + ((<usize>i) << 3), value);
}

// Doubles rounded to float32.
export function demote(x: usize, z: usize, n: i32): void {
  for (let i = 0; i < n; i++) store<f32>(z + ((<usize>i) << 2), <f32>load<f64>(x + ((<usize>i) << 3)));
}

// The index of the extreme: the lowest among equals, the first NaN if there is one.
export function argFloat(largest: i32, outer: i32, n: i32, inner: i32, x: usize, z: usize): void {
  const step = (<usize>inner) << 2;
  for (let o = 0; o < outer; o++, x += step * n) {
    for (let j = 0; j < inner; j++, z += 4) {
      let p = x + ((<usize>j) << 2);
      let best = load<f32>(p);
      let at = 0;
      for (let i = 1; i < n && best == best; i++) {
        p += step;
        const v = load<f32>(p);
        if (v != v || (largest ? v > best : v < best)) {
          best = v;
          at = i;
        }
      }
      store<i32>(z, at);
    }
  }
}

export function argInt(largest: i32, outer: i32, n: i32, inner: i32, x: usize, z: usize): void {
  const step = (<usize>inner) << 2;
  for (let o = 0; o < outer; o++, x += step * n) {
    for (let j = 0; j < inner; j++, z += 4) {
      let p = x + ((<usize>j) << 2);
      let best = load<i32>(p);
      let at = 0;
      for (let i = 1; i < n; i++) {
        p += step;
        const v = load<i32>(p);
        if (largest ? v > best : v < best) {
          best = v;
          at = i;
        }
      }
      store<i32>(z, at);
    }
  }
}

// The transpose of gather: slices of `inner` elements added in the order of their indices; out of range, dropped.
export function scatterFloat(
  outer: i32,
  x: usize,
  length: i32,
  inner: i32,
  index: usize,
  count: i32,
  acc: usize,
): void {
  const slice = (<usize>inner) << 2;
  for (let o = 0; o < outer; o++, acc += <usize>length * (slice << 1)) {
    for (let i = 0; i < count; i++, x += slice) {
      const k = load<i32>(index + ((<usize>i) << 2));
      if (<u32>k >= <u32>length) continue;
      let p = acc + <usize>k * (slice << 1);
      for (let q = x; q < x + slice; q += 4, p += 8) store<f64>(p, load<f64>(p) + <f64>load<f32>(q));
    }
  }
}

export function scatterInt(outer: i32, x: usize, length: i32, inner: i32, index: usize, count: i32, z: usize): void {
  const slice = (<usize>inner) << 2;
  for (let o = 0; o < outer; o++, z += <usize>length * slice) {
    for (let i = 0; i < count; i++, x += slice) {
      const k = load<i32>(index + ((<usize>i) << 2));
      if (<u32>k >= <u32>length) continue;
      let p = z + <usize>k * slice;
      for (let q = x; q < x + slice; q += 4, p += 4) store<i32>(p, load<i32>(p) + load<i32>(q));
    }
  }
}
