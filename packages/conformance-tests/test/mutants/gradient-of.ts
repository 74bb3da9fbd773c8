/** Values with gradients that are not theirs: how mutants of gradients are made. */
import { add, broadcastTo, mul, stopGradient, sub, tensor, type Shape, type Tensor } from '@recurra/core';

export type Floats = Tensor<'float32'>;

/** The value of y, but the gradient of `wrong`, which has the shape of y. */
export function gradientOf(y: Floats, wrong: Floats): Floats {
  // Whatever is added is 0, and so is what is not chosen of it.
  return add(stopGradient(y), sub(wrong, stopGradient(wrong)));
}

/** x, as if only the first of its repetitions in a shape had a gradient: the sum over broadcast axes is forgotten. */
export function firstAlone(x: Floats, shape: Shape): Floats {
  const shift = shape.length - x.shape.length;
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, n) => product * n, 1));
  const first = Float64Array.from({ length: shape.reduce((product, n) => product * n, 1) }, (_, place) =>
    Number(
      shape.every((n, axis) => {
        const repeated = axis < shift || x.shape[axis - shift] !== n;
        return !repeated || Math.floor(place / strides[axis]!) % n === 0;
      }),
    ),
  );
  const wide = broadcastTo(x, shape);
  return gradientOf(wide, mul(wide, tensor(first, shape, { backend: x.backend })));
}
