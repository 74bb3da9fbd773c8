/** C = A·B over the last two axes; leading axes broadcast.   ∂A = G·Bᵀ   ∂B = Aᵀ·G */
import type { MatmulOptions } from '../backend.js';
import { checkedFlag, checkOptions } from '../checks.js';
import { defineOp } from '../define-op.js';
import { ShapeError } from '../errors.js';
import { broadcastShapes, sizeOf } from '../shape.js';
import type { Tensor } from '../tensor.js';
import type { Shape } from '../types.js';
import { floats, requireDType } from './elementwise.js';
import { reshape } from './reshape.js';
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
  backward({ grad: G, inputs, attrs: { transposeA, transposeB }, needs }) {
    const [A, B] = inputs as readonly [Tensor<'float32'>, Tensor<'float32'>];
    const dA = (): Tensor<'float32'> =>
      transposeA
        ? matmul(B, G, { transposeA: transposeB, transposeB: true })
        : matmul(G, B, { transposeB: !transposeB });
    const dB = (): Tensor<'float32'> => {
      // With one B for all leading axes of A, those are rows: one product sums over them at once.
      const [a, g] = B.rank === 2 && !transposeA ? [asRows(A), asRows(G)] : [A, G];
      return transposeB
        ? matmul(g, a, { transposeA: true, transposeB: transposeA })
        : matmul(a, g, { transposeA: !transposeA });
    };
    return [needs[0] ? unbroadcast(dA(), A.shape) : null, needs[1] ? unbroadcast(dB(), B.shape) : null];
  },
});

/**
 * Matrix product of a […, m, k] and b […, k, n] → […, m, n].
 *
 * @throws ShapeError when the inner axes differ, a rank is below 2 or leading axes do not broadcast; DTypeError unless
 * both are float32
 */
export function matmul(
  a: Tensor<'float32'>,
  b: Tensor<'float32'>,
  options: Partial<MatmulOptions> = {},
): Tensor<'float32'> {
  checkOptions('matmul', options, ['transposeA', 'transposeB']);
  const transposeA = checkedFlag('matmul', 'transposeA', options.transposeA ?? false);
  const transposeB = checkedFlag('matmul', 'transposeB', options.transposeB ?? false);
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

/** […, m, n] as [rows, n]. */
function asRows(x: Tensor<'float32'>): Tensor<'float32'> {
  return x.rank === 2 ? x : reshape(x, [sizeOf(x.shape.slice(0, -1)), x.shape[x.rank - 1]!]);
}
