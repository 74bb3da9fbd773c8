/** Kernels in panels and rows of biases, as assembly/ reads them. */
import type { WasmBuffer } from '../buffer.js';
import type { Space } from '../space.js';
import { padded, type Cell } from './cells.js';

/** Multiples of 4: what k is padded to. */
export const four = (n: number): number => Math.ceil(n / 4) * 4;

/** Bytes of [k, gates · u] in panels. */
export const panelBytes = ({ gates }: Cell, k: number, u: number): number => gates.length * padded(u) * 4 * k;

/**
 * Whether [k, gates · u] goes into pairs of panels: for products with one row, of what does not stay in the second cache.
 * Pairs must not reach from one gate into the next.
 */
export const inPairs = (cell: Cell, batch: number, k: number, u: number): boolean =>
  batch === 1 && padded(u) % 16 === 0 && panelBytes(cell, k, u) >= 1048576;

/** [k, gates · u] at `source` into panels at `target`, gate by gate, rows padded with zeros to `kPadded`. */
export function packKernel(
  { kernels }: Space,
  { gates }: Cell,
  source: number,
  k: number,
  kPadded: number,
  u: number,
  target: number,
  pairs: boolean,
): void {
  const panel = kPadded * 32;
  gates.forEach((gate, i) => {
    const to = target + ((i * padded(u)) / 8) * panel;
    if (pairs) kernels.packPairs(source + gate * u * 4, gates.length * u, k, kPadded, u, to);
    else kernels.packBlock(source + gate * u * 4, gates.length * u, 1, k, kPadded, u, to, panel);
  });
}

/**
 * The transpose of [n, gates · u] in panels, for gradients times it: k runs over the units of those gates, in the order of
 * the panels, each padded with zeros to whole ones. Packed once for each buffer.
 */
export function transposed(
  { kernels, derived }: Space,
  { gates }: Cell,
  kernel: WasmBuffer,
  n: number,
  u: number,
  groups: readonly (readonly number[])[],
): number {
  const w = padded(u);
  const bytes = padded(n) * w * gates.length * 4;
  return derived(kernel, `transposed ${gates.join()} ${n} ${u} ${groups.join('|')}`, bytes, (target) => {
    let to = target;
    for (const group of groups) {
      const panel = group.length * w * 32;
      group.forEach((gate, i) =>
        kernels.packBlock(kernel.offset + gate * u * 4, 1, gates.length * u, u, w, n, to + i * w * 32, panel),
      );
      to += (padded(n) / 8) * panel;
    }
  });
}

/** Bytes of the row that sums begin with. */
export const biasBytes = ({ bias }: Cell, u: number): number => bias.length * padded(u) * 4;

/** That row: biases summed where a gate has two, zeros without a bias. */
export function packBias({ heap }: Space, { bias }: Cell, source: number | null, u: number, target: number): void {
  const { floats } = heap;
  const w = padded(u);
  floats.fill(0, target / 4, target / 4 + bias.length * w);
  if (source === null) return;
  bias.forEach((summed, column) => {
    for (const gate of summed) {
      for (let j = 0; j < u; j++) floats[target / 4 + column * w + j]! += floats[source / 4 + gate * u + j]!;
    }
  });
}

/** The panels and the row, packed once for each buffer. */
export interface Weights {
  readonly W: number;
  readonly U: number;
  readonly bias: number;
  readonly pairsU: boolean;
}

export function weightsOf(
  space: Space,
  cell: Cell,
  batch: number,
  inputs: number,
  u: number,
  kernel: WasmBuffer,
  recurrentKernel: WasmBuffer,
  bias: WasmBuffer | null,
): Weights {
  const panels = (buffer: WasmBuffer, k: number, kPadded: number, pairs: boolean): number => {
    const key = `${pairs ? 'pairs' : 'panels'} ${cell.gates.join()} ${k} ${u}`;
    return space.derived(buffer, key, panelBytes(cell, kPadded, u), (offset) =>
      packKernel(space, cell, buffer.offset, k, kPadded, u, offset, pairs),
    );
  };
  const pairsU = inPairs(cell, batch, u, u);
  return {
    W: panels(kernel, inputs, four(inputs), false),
    U: panels(recurrentKernel, u, padded(u), pairsU),
    pairsU,
    // Without a bias the row of zeros is kept with the kernel.
    bias: space.derived(bias ?? kernel, `bias ${bias !== null} ${cell.number} ${u}`, biasBytes(cell, u), (offset) =>
      packBias(space, cell, bias && bias.offset, u, offset),
    ),
  };
}
