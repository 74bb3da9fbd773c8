/** A fused kernel is told which gradients will be used, gives those and no others, and their numbers are the same. */
import { cpu, gradients } from '@recurra/backend-cpu';
import {
  grad,
  leaves,
  scope,
  square,
  sum,
  tensor,
  useBackend,
  type Backend,
  type Tensor,
  type Tree,
} from '@recurra/core';
import { expect, it } from 'vitest';
import { gruCell, lstmCell, rnn, simpleRNNCell, type Cell } from '../src/index.js';

type Floats = Tensor<'float32'>;
type Vjp = (...args: unknown[]) => (object | null)[];
type Kernels = Record<string, { vjp?: Vjp }>;

/** The backend, and for each call of a `vjp` its needs and which gradients it gave; `blind` kernels are not told. */
function watched(blind: boolean): { backend: Backend; calls: { needs: boolean[]; given: boolean[] }[] } {
  const backend = cpu({ gradients });
  const calls: { needs: boolean[]; given: boolean[] }[] = [];
  const fused = Object.fromEntries(
    Object.entries(backend.fused as unknown as Kernels).map(([name, kernel]) => {
      const { vjp } = kernel;
      if (vjp === undefined) return [name, kernel];
      const spied: Vjp = (...args) => {
        const needs = args[5] as boolean[];
        const all = (args[1] as (object | null)[]).map((x, i) => x !== null && i < needs.length - 1);
        const made = vjp(...args.slice(0, 5), blind ? all : needs);
        calls.push({ needs, given: made.map((g) => g !== null) });
        return made;
      };
      return [name, { ...kernel, vjp: spied }];
    }),
  );
  return { backend: { ...backend, fused } as unknown as Backend, calls };
}

const numbers = Float32Array.from({ length: 2 * 5 * 3 }, (_, i) => Math.sin(i * i + 1));

it.each(['simpleRNN', 'lstm', 'gru'] as const)('%s: x alone, parameters alone, both', async (name) => {
  const of = { simpleRNN: simpleRNNCell, lstm: lstmCell, gru: gruCell };
  const cell = of[name]({ units: 4 }) as unknown as Cell<Tree, Tree>;
  const found: number[][][] = [];
  for (const blind of [false, true]) {
    const { backend, calls } = watched(blind);
    await useBackend(backend);
    const params = cell.init(3);
    const x = tensor(numbers, [2, 5, 3]) as Floats;
    const loss = (p: Tree, z: Floats): Floats => sum(square(rnn(cell, p, z).outputs));
    const before = backend.live!();
    const results = [
      () => grad((p: Tree) => loss(p, x))(params),
      () => grad((z: Floats) => loss(params, z))(x),
      () => grad(([p, z]: readonly [Tree, Floats]) => loss(p, z))([params, x] as const),
    ].map((f) => scope(() => leaves(f()).map((g) => [...(g as Floats).dataSync()])).flat());
    found.push(results);
    expect(backend.live!()).toBe(before);
    expect(calls.map(({ needs }) => needs.slice(0, 4))).toEqual([
      [false, true, true, true],
      [true, false, false, false],
      [true, true, true, true],
    ]);
    if (!blind) for (const { needs, given } of calls) expect(given).toEqual(needs);
  }
  expect(found[1]).toEqual(found[0]);
});
