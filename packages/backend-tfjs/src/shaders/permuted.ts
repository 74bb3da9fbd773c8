/** int32 and bool in another order of axes, on WebGPU: tfjs's shader for it takes floats alone. */
import type { Shader } from './shader.js';

const coordinates = ['x', 'y', 'z', 'w', 'u', 'v'];

export function permuted(perm: readonly number[]): Shader {
  const rank = perm.length;
  const type = rank <= 4 ? `vec${rank}<i32>` : `vec${rank}`;
  // Axis i of the operand is axis perm⁻¹[i] of the result.
  const from = perm.map((_, axis) => `out.${coordinates[perm.indexOf(axis)]}`).join(', ');
  return {
    name: `permuted ${perm.join(' ')}`,
    operands: 'places',
    body: `let out = getCoordsFromIndex(index);
  return A[getIndexFromCoords${rank}D(${type}(${from}), uniforms.aShape)];`,
  };
}
