/** C = A·B over the last two axes; leading axes broadcast.   ∂A = G·Bᵀ   ∂B = Aᵀ·G */
import type { MatmulOptions } from '../backend.js';
import { defineOp } from '../define-op.js';
import { ShapeError } from '../errors.js';
import { broadcastShapes } from '../shape.js';
import type { Tensor } from '../tensor.js';
import type { Shape } from '../types.js';
import { floats, requireDType } from './elementwise.js';
import { unbroadcast } from './unbroadcast.js';

const op = /* @__PURE__ */ defineOp<MatmulOptions>({
  name: 'matmul',
  infer([a, b], { transposeA, transposeB }) {
    requireDType('matmul', 'a', a!, floats);
    requireDType('matmul', 'b', b!, floats);
    const [m, inner] = lastTwo('a', a!.shape, transposeA);
    const [innerB, n] = lastTwo('b', b!.shape, transposeB);
    if (inner !== innerB) {
      throw new ShapeError(
        'matmul',
        `inner axes must agree, ${inner} ≠ ${innerB}`,
        { a: a!.shape, b: b!.shape },
        'transposeA / transposeB read an operand with its last two axes swapped',
      );
    }
    const lead = broadcastShapes('matmul', { a: a!.shape.slice(0, -2), b: b!.shape.slice(0, -2) });
    return { shape: [...lead, m, n], dtype: 'float32' };
  },
  forward: (kernels, [a, b], options, out) => kernels.matmul(a!, b!, options, out),
  backward({ grad, inputs: [a, b], attrs: { transposeA, transposeB }, needs }) {
    const g = grad as Tensor<'float32'>;
    const A = a as Tensor<'float32'>;
    const B = b as Tensor<'float32'>;
    const dA = (): Tensor =>
      transposeA
        ? matmul(B, g, { transposeA: transposeB, transposeB: true })
        : matmul(g, B, { transposeB: !transposeB });
    const dB = (): Tensor =>
      transposeB ? matmul(g, A, { transposeA: true, transposeB: transposeA }) : matmul(A, g, { transposeA: !transposeA });
    return [needs[0] ? unbroadcast(dA(), A.shape) : null, needs[1] ? unbroadcast(dB(), B.shape) : null];
  },
});

/**
 * Matrix product of a […, m, k] and b […, k, n] → […, m, n].
 *
 * @throws ShapeError when the inner axes differ, a rank is below 2 or leading axes do not broadcast
 */
export function matmul(
  a: Tensor<'float32'>,
  b: Tensor<'float32'>,
  options: Partial<MatmulOptions> = {},
): Tensor<'float32'> {
  const { transposeA = false, transposeB = false } = options;
  return op([a, b], { transposeA, transposeB }) as Tensor<'float32'>;
}

function lastTwo(role: string, shape: Shape, swapped: boolean): readonly [number, number] {
  if (shape.length < 2) {
    throw new ShapeError('matmul', `${role} needs at least two axes`, { [role]: shape }, 'expandDims adds one', 'RANK');
  }
  const rows = shape[shape.length - 2]!;
  const columns = shape[shape.length - 1]!;
  return swapped ? [columns, rows] : [rows, columns];
}
