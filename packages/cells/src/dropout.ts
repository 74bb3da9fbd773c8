/**
 * Dropout inside cells, with Keras's masks.
 *
 * A mask holds 0 or 1/(1 − rate), one for each row of the batch, the same for all time steps: x ⊙ m before x·W, and
 * h ⊙ m before h·U. Without recurrentDropout the gates share one input mask; with it each gate has an input mask and a
 * state mask of its own. All input masks are drawn first, then all state masks, each one draw of the cell's generator.
 *
 * Gal & Ghahramani 2016; keras.layers.LSTMCell, Keras 3.15. The gated cells ignore a rate of 1, as there.
 */
import { ArgumentError, concat, expandDims, matmul, mul, split, tensor } from '@recurra/core';
import { dropoutMask, nextSeed } from '@recurra/core/random';
import type { Backend } from '@recurra/core';
import type { Call, Floats, SequenceOptions } from './cell.js';

/** Options of dropout in a cell. */
export interface DropoutOptions {
  /** The fraction of the inputs to drop in training. Default 0. */
  readonly dropout?: number;
  /** The fraction of the state to drop in training, before it meets the recurrent kernel. Default 0. */
  readonly recurrentDropout?: number;
  /** Seeds the dropout masks, and nothing else. Without one, `setRandomSeed` decides. */
  readonly seed?: number | null;
}

/** The masks of one call: none, one for all gates, or one for each. */
export interface Masks {
  readonly x: readonly Floats[];
  readonly h: readonly Floats[];
}

export interface Dropout {
  /** How many masks a call draws. */
  readonly draws: number;
  /**
   * The masks of a call, none unless it trains.
   *
   * @param width of the state that meets the recurrent kernel
   */
  masks(call: Call, width: number, backend: Backend): Masks;
  /** x with its mask, where that is all that is dropped: then a fused kernel can go on. Else null. */
  onInputs(x: Floats, how: SequenceOptions): Floats | null;
}

/** @param seed of the masks: the option, or the one that was drawn in its place */
export function dropoutOf(cell: string, options: DropoutOptions, gates: number, seed: number): Dropout {
  const drop = checkedRate(cell, 'dropout', options.dropout ?? 0);
  const recurrent = checkedRate(cell, 'recurrentDropout', options.recurrentDropout ?? 0);
  const each = recurrent > 0 ? gates : 1;
  const none = (rate: number): boolean => rate === 0 || (rate === 1 && gates > 1);
  const [xMasks, hMasks] = [none(drop) ? 0 : each, none(recurrent) ? 0 : each];
  // A rate of 1 leaves nothing to draw.
  const xDraws = drop < 1 ? xMasks : 0;
  const draws = xDraws + (recurrent < 1 ? hMasks : 0);

  function masks({ batch, inputs, dropoutCounter: calls }: Call, width: number, backend: Backend): Masks {
    if (calls === null) return { x: [], h: [] };
    const mask = (rate: number, features: number, first: number) => (_: unknown, i: number) => {
      const shape = [batch, features];
      return tensor(dropoutMask([seed, calls * draws + first + i], shape, rate), shape, { backend });
    };
    return {
      x: Array.from({ length: xMasks }, mask(drop, inputs, 0)),
      h: Array.from({ length: hMasks }, mask(recurrent, width, xDraws)),
    };
  }
  return {
    draws,
    masks,
    onInputs(x, { dropoutCounter }) {
      if (dropoutCounter === null || xMasks + hMasks === 0) return x;
      if (hMasks > 0 || xMasks > 1) return null;
      const [batch, , inputs] = x.shape as [number, number, number];
      return dropped(x, masks({ batch, inputs, dropoutCounter }, 0, x.backend).x[0]!);
    },
  };
}

/**
 * x·W where each gate's block of W may see x through a mask of its own.
 *
 * @returns of x [B, F] or [B, T, F] the product, [B, …] or [B, T, …]
 */
export function product(W: Floats, masks: readonly Floats[]): (x: Floats) => Floats {
  if (masks.length === 0) return (x) => matmul(x, W);
  if (masks.length === 1) return (x) => matmul(dropped(x, masks[0]!), W);
  const blocks = split(W, masks.length, -1) as Floats[];
  return (x) =>
    concat(
      blocks.map((W_gate, gate) => matmul(dropped(x, masks[gate]!), W_gate)),
      -1,
    );
}

/** x ⊙ mask, the same at all time steps. */
function dropped(x: Floats, mask: Floats): Floats {
  return mul(x, x.rank === 3 ? expandDims(mask, 1) : mask);
}

/** The seed of dropout masks, drawn where none is given: also where nothing is dropped, as what is made later follows from it. */
export function checkedSeed(cell: string, seed: unknown, hint: string): number {
  if (seed === undefined || seed === null) return nextSeed();
  if (Number.isSafeInteger(seed)) return seed as number;
  throw new ArgumentError(cell, 'seed must be a whole number', { seed }, hint);
}

function checkedRate(cell: string, role: string, rate: unknown): number {
  if (typeof rate !== 'number' || !(rate >= 0 && rate <= 1)) {
    throw new ArgumentError(
      cell,
      `${role} must be from 0 to 1`,
      { [role]: rate },
      `the fraction to drop: ${role}: 0.2`,
    );
  }
  return rate;
}
