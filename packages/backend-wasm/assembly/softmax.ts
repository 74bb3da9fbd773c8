// yᵢ = e^(xᵢ − max) / Σ e^(xⱼ − max) over rows of n, in float64 and rounded once: the bits of @recurra/backend-cpu.
import { exp } from './math';

/** `e` is room for n doubles. */
export function softmax(x: usize, y: usize, rows: i32, n: i32, e: usize): void {
  for (let i = 0; i < rows; i++, x += (<usize>n) << 2, y += (<usize>n) << 2) {
    let top: f64 = -Infinity;
    for (let j = 0; j < n; j++) top = max(top, <f64>load<f32>(x + ((<usize>j) << 2)));
    let sum: f64 = 0;
    for (let j = 0; j < n; j++) {
      const v = exp(<f64>load<f32>(x + ((<usize>j) << 2)) - top);
      store<f64>(e + ((<usize>j) << 3), v);
      sum += v;
    }
    for (let j = 0; j < n; j++) store<f32>(y + ((<usize>j) << 2), <f32>(load<f64>(e + ((<usize>j) << 3)) / sum));
  }
}
