/**
 * Gradients that are computed again, segment by segment, are those that were kept: with masks that end before, within and
 * after a segment, in both directions, and where random masks differ from call to call.
 */
import { add, leaves, mapTree, mul, square, sum, valueAndGrad, type Tree } from '@recurra/core';
import { gruCell, lstmCell, segments, simpleRNNCell, type RNNOptions } from '@recurra/cells';
import type { CaseEntry, Testing } from '../../case.js';
import { maskOf } from '../../vectors.js';
import { equal, type AnyCell } from '../cells.js';
import { on, type Floats } from '../on.js';
import { random } from '../random.js';
import type { TrainingLibrary } from './library.js';

const cells: Readonly<Record<string, () => AnyCell>> = {
  'simple-rnn': () => simpleRNNCell({ units: 3 }),
  lstm: () => lstmCell({ units: 3 }) as AnyCell,
  'gru-with-dropout': () => gruCell({ units: 3, dropout: 0.25, recurrentDropout: 0.5, seed: 9 }) as AnyCell,
  // A function of one's own has no fused kernel: this one composes.
  composed: () => gruCell({ units: 3, activation: (x) => square(x) }) as AnyCell,
};

/** Rows that begin late, end early, rest over a whole segment, have no valid step. */
const masks = ['0001101', '1110000', '1100011', '0000000', '1111111'];
const [batch, time, features] = [5, 7, 2];

type Variant = { readonly masked?: true } & Pick<RNNOptions<Tree>, 'reverse' | 'returnSequences' | 'zeroOutputForMask'>;
const variants: Readonly<Record<string, Variant>> = {
  sequences: { returnSequences: true },
  'masked-last-output': { masked: true },
  'masked-reverse': { masked: true, reverse: true, returnSequences: true },
  'masked-reverse-last-output': { masked: true, reverse: true },
  'masked-zeros': { masked: true, returnSequences: true, zeroOutputForMask: true },
};

function besideWhole(t: Testing, { rnn }: TrainingLibrary, make: () => AnyCell, { masked, ...how }: Variant): void {
  const { floats, bools } = on(t.backend);
  const cell = make();
  let seed = 114;
  const params = mapTree(cell.init(features, { backend: t.backend }), (p) => floats(random(seed++, p.shape, 0.5)));
  const inputs = { params, x: floats(random(112, [batch, time, features])) };
  const weights = floats(random(113, how.returnSequences ? [batch, time, 3] : [batch, 3]));
  const mask = masked ? bools(maskOf(masks)) : null;
  const found = [null, segments(3)].map((checkpoint) =>
    valueAndGrad((given: typeof inputs) => {
      const options = { ...how, mask, checkpoint, training: true, dropoutCounter: 1 };
      const { outputs, state } = rnn(cell, given.params, given.x, options);
      const ofState = (leaves(state) as Floats[]).reduce((total, s) => add(total, sum(square(s))), sum(outputs));
      // Of as many terms that gradients are no larger than 1.
      return mul(add(ofState, sum(mul(outputs, weights))), 1 / 64);
    })(inputs),
  );
  const [whole, parts] = found.map((tree) => leaves(tree) as Floats[]) as [Floats[], Floats[]];
  parts.forEach((g, i) => void equal(t, g, whole[i]!));
}

export const segmentEntries = (library: TrainingLibrary): Record<string, CaseEntry> =>
  Object.fromEntries(
    Object.entries(cells).flatMap(([label, make]) =>
      Object.entries(variants).map(([name, how]) => [
        `segments/${label}/${name}`,
        (t: Testing): void => besideWhole(t, library, make, how),
      ]),
    ),
  );
