// y = (x − μ) / √(σ² + ε) · scale + offset over rows of n, in float64 and rounded once.

/** `scale` and `offset` are rows of n, or 0 where there is none. */
export function layerNorm(x: usize, y: usize, rows: i32, n: i32, epsilon: f64, scale: usize, offset: usize): void {
  const row = (<usize>n) << 2;
  for (let i = 0; i < rows; i++, x += row, y += row) {
    let sum: f64 = 0;
    for (let p: usize = 0; p < row; p += 4) sum += <f64>load<f32>(x + p);
    const mean = sum / n;
    let squares: f64 = 0;
    for (let p: usize = 0; p < row; p += 4) {
      const v = <f64>load<f32>(x + p) - mean;
      squares += v * v;
    }
    const deviation = sqrt(squares / n + epsilon);
    for (let p: usize = 0; p < row; p += 4) {
      let v = (<f64>load<f32>(x + p) - mean) / deviation;
      if (scale != 0) v *= <f64>load<f32>(scale + p);
      if (offset != 0) v += <f64>load<f32>(offset + p);
      store<f32>(y + p, <f32>v);
    }
  }
}
