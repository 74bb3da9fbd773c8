/**
 * Libraries with one defect each in a variant of a cell. The equations are written once more, with switches: without a
 * defect they pass every case of the suite.
 */
import {
  add,
  concat,
  div,
  matmul,
  mean,
  mul,
  reshape,
  sigmoid,
  slice,
  split,
  sqrt,
  square,
  sub,
  tanh,
  tile,
} from '@recurra/core';
import type { AnyCell, Named } from '../../src/cases/cells.js';
import type { Floats } from '../../src/cases/on.js';
import { ourVariants, type VariantLibrary, type VariantName } from '../../src/cases/variants.js';
import type { Mutant } from './mutant.js';

type Defect = (typeof defects)[number][0] | 'none';
type Has = (defect: Defect) => boolean;
interface Step {
  readonly p: Named;
  readonly x: Floats;
  readonly h: Floats;
  readonly c: Floats;
  readonly epsilon: number;
  readonly has: Has;
}

const product = (x: Floats, h: Floats, p: Named): Floats =>
  add(add(matmul(x, p['kernel']!), matmul(h, p['recurrentKernel']!)), p['bias']!);
const gates = (z: Floats, n: number): Floats[] => split(z, n, -1);
const mix = (a: Floats, x: Floats, y: Floats): Floats => add(mul(a, x), mul(sub(1, a), y));

function norm(x: Floats, gamma: Floats, beta: Floats, { epsilon, has }: Step): Floats {
  const d = sub(x, mean(x, { axis: -1, keepDims: true }));
  const v = mean(square(d), { axis: -1, keepDims: true });
  const e = has('layer norm: ε is 1e-5') ? 1e-5 : epsilon;
  const deviation = has('layer norm: ε outside of the root') ? add(sqrt(v), e) : sqrt(add(v, e));
  return add(mul(div(d, deviation), gamma), beta);
}

/** Every block of the last axis by itself. */
function normed(x: Floats, gamma: Floats, beta: Floats, given: Step): Floats {
  if (!given.has('layer norm: each gate by itself')) return norm(x, gamma, beta, given);
  const [g, b] = [gates(gamma, 4), gates(beta, 4)];
  return concat(
    gates(x, 4).map((block, i) => norm(block, g[i]!, b[i]!, given)),
    -1,
  );
}

const steps: Partial<Record<VariantName, (given: Step) => Named>> = {
  peephole({ p, x, h, c, has }) {
    const [z_i, z_f, z_c, z_o] = gates(product(x, h, p), 4) as [Floats, Floats, Floats, Floats];
    const blocks = gates(p['peepholeKernel']!, 3) as [Floats, Floats, Floats];
    const [p_i, p_f, p_o] = has('peephole: in the order of ONNX') ? [blocks[0], blocks[2], blocks[1]] : blocks;
    const looks = !has('peephole: only o looks');
    const i = sigmoid(looks ? add(z_i, mul(p_i, c)) : z_i);
    const f = sigmoid(looks ? add(z_f, mul(p_f, c)) : z_f);
    const c_t = add(mul(f, c), mul(i, tanh(z_c)));
    const o = sigmoid(add(z_o, mul(p_o, has('peephole: o looks at the old c') ? c : c_t)));
    return { h: mul(o, tanh(c_t)), c: c_t };
  },
  projected({ p, x, h, c, has }) {
    const [z_i, z_f, z_c, z_o] = gates(product(x, h, p), 4) as [Floats, Floats, Floats, Floats];
    const c_t = add(mul(sigmoid(z_f), c), mul(sigmoid(z_i), tanh(z_c)));
    const o = sigmoid(z_o);
    const R = p['projectionKernel']!;
    if (has('projected: the activation comes after the projection')) return { h: tanh(matmul(mul(o, c_t), R)), c: c_t };
    return { h: matmul(has('projected: o is left out') ? tanh(c_t) : mul(o, tanh(c_t)), R), c: c_t };
  },
  layerNorm(given) {
    const { p, x, h, c, has } = given;
    const of = (y: Floats, name: string): Floats => normed(y, p[`${name}Gamma`]!, p[`${name}Beta`]!, given);
    const [xW, hU] = [matmul(x, p['kernel']!), matmul(h, p['recurrentKernel']!)];
    const z = has('layer norm: x and h together')
      ? add(of(add(xW, hU), 'kernel'), p['bias']!)
      : add(add(of(xW, 'kernel'), has('layer norm: not of h') ? hU : of(hU, 'recurrent')), p['bias']!);
    const [z_i, z_f, z_c, z_o] = gates(z, 4) as [Floats, Floats, Floats, Floats];
    const raw = add(mul(sigmoid(z_f), c), mul(sigmoid(z_i), tanh(z_c)));
    const normal = norm(raw, p['stateGamma']!, p['stateBeta']!, given);
    const c_t = has('layer norm: not of c') ? raw : normal;
    return { h: mul(sigmoid(z_o), tanh(c_t)), c: has('layer norm: the state is the raw c') ? raw : c_t };
  },
  coupled({ p, x, h, c, has }) {
    const [z_i, z_c, z_o] = gates(product(x, h, p), 3) as [Floats, Floats, Floats];
    const i = sigmoid(z_i);
    const f = has('coupled: f = i') ? i : sub(1, i);
    const [keep, take] = has('coupled: i keeps and f takes') ? [i, f] : [f, i];
    const c_t = add(mul(keep, c), mul(take, tanh(z_c)));
    return { h: mul(sigmoid(z_o), tanh(c_t)), c: c_t };
  },
  minimal({ p, x, h, has }) {
    const [W_f, W_h] = gates(p['kernel']!, 2) as [Floats, Floats];
    const [U_f, U_h] = gates(p['recurrentKernel']!, 2) as [Floats, Floats];
    const [b_f, b_h] = gates(p['bias']!, 2) as [Floats, Floats];
    const f = sigmoid(add(add(matmul(x, W_f), b_f), matmul(h, U_f)));
    const fromState = has('minimal: f after the recurrent product')
      ? mul(f, matmul(h, U_h))
      : matmul(has('minimal: the candidate sees all of h') ? h : mul(f, h), U_h);
    const candidate = tanh(add(add(matmul(x, W_h), b_h), fromState));
    return { h: has('minimal: f keeps the old') ? mix(f, h, candidate) : mix(f, candidate, h) };
  },
};

/** Step by step from x itself: z is x. */
function cellWith(name: VariantName, options: Readonly<Record<string, unknown>>, has: Has): AnyCell {
  const ours = ourVariants.cell(name, options);
  const step = steps[name];
  if (step === undefined) return ours;
  const epsilon = (options['normEpsilon'] as number | undefined) ?? 1e-3;
  return {
    ...ours,
    begin: (params) => params,
    project: (_, x) => x,
    step(q, x, { h, c }) {
      const after = step({ p: q as Named, x, h: h!, c: c!, epsilon, has });
      return [after['h']!, after];
    },
  };
}

function zoneoutWith(
  cell: AnyCell,
  options: { readonly rates: object; readonly seed?: number | null },
  has: Has,
): AnyCell {
  const rates = options.rates as Readonly<Record<string, number>>;
  const changed = Object.entries(rates).map(([part, z]): [string, number] => {
    const other = part === 'h' ? 'c' : 'h';
    if (has('zoneout: z and 1 − z swapped')) return [part, 1 - z];
    return [part, has('zoneout: the rates of h and c swapped') ? (rates[other] ?? z) : z];
  });
  const ours = ourVariants.zoneout(cell, { ...options, rates: Object.fromEntries(changed) });
  // At inference written once more; the masks of training are ours.
  return {
    ...ours,
    begin(params, call) {
      const trains = call.dropoutCounter !== null && !has('zoneout: the expected value in training');
      const counter = has('zoneout: every call keeps the same') ? 0 : call.dropoutCounter;
      const training = { ...call, dropoutCounter: trains ? counter : null };
      return { trains, inner: cell.begin(params, training), q: ours.begin(params, training) };
    },
    project(given, x) {
      const { trains, inner, q } = given as { trains: boolean; inner: unknown; q: unknown };
      if (!trains) return cell.project(inner, x);
      const z = ours.project(q, x);
      if (!has('zoneout: one mask for all steps')) return z;
      const own = cell.project(inner, x);
      const masks = slice(z, [0, 0, own.shape[2]!], [-1, 1]);
      return concat([own, tile(masks, [1, x.shape[1]!, 1])], -1);
    },
    step(given, z, state) {
      const { trains, inner, q } = given as { trains: boolean; inner: unknown; q: unknown };
      if (trains) return ours.step(q, z, state);
      const [y, after] = cell.step(inner, z, state);
      const kept = changed.map(([part, rate]) => [part, add(mul(state[part]!, rate), mul(after[part]!, 1 - rate))]);
      const next: Named = { ...after, ...Object.fromEntries(kept) };
      return [has("zoneout: the output is the cell's own h") ? y : next['h']!, next];
    },
  };
}

function residualWith(cell: AnyCell, has: Has): AnyCell {
  const ours = ourVariants.residual(cell);
  if (has('residual: x of any width')) return { ...ours, check: cell.check, init: cell.init };
  return {
    ...ours,
    sequence(params, x, state, { mask, reverse, returnSequences, zeroOutputForMask }) {
      const own = has('residual: a masked step adds its own x') && mask !== null;
      const late = has('residual: the last output adds the last x in time') && !returnSequences;
      if (!own && !late) return null;
      const { outputs, state: after } = ourVariants.rnn(cell, params, x, {
        mask,
        reverse,
        returnSequences,
        zeroOutputForMask,
        ...(state && { initialState: state }),
      });
      const last = (): Floats => reshape(slice(x, [0, x.shape[1]! - 1]), outputs.shape);
      return { outputs: add(outputs, returnSequences ? x : last()), state: after };
    },
    project: (q, x) => concat([cell.project(q, x), x], -1),
    step(q, z_x, state) {
      const u = cell.units;
      const [z, x] = split(z_x, [z_x.shape.at(-1)! - u, u], -1) as [Floats, Floats];
      const [y, after] = cell.step(q, z, state);
      const y_x = has('residual: x is left out') ? y : add(y, x);
      return [y_x, has('residual: the state is the sum') ? { ...after, h: y_x } : after];
    },
  };
}

const defects = [
  ['peephole: o looks at the old c', 'cells/peephole-lstm/sequence'],
  ['peephole: only o looks', 'cells/peephole-lstm/sequence'],
  ['peephole: in the order of ONNX', 'cells/peephole-lstm/sequence'],
  ['projected: the activation comes after the projection', 'cells/projected-lstm/sequence'],
  ['projected: o is left out', 'cells/projected-lstm/sequence'],
  ['layer norm: not of h', 'cells/layer-norm-lstm/sequence'],
  ['layer norm: not of c', 'cells/layer-norm-lstm/sequence'],
  ['layer norm: the state is the raw c', 'cells/layer-norm-lstm/sequence'],
  ['layer norm: x and h together', 'cells/layer-norm-lstm/sequence'],
  ['layer norm: each gate by itself', 'cells/layer-norm-lstm/sequence'],
  ['layer norm: ε is 1e-5', 'cells/layer-norm-lstm/sequence'],
  ['layer norm: ε outside of the root', 'cells/layer-norm-lstm/sequence'],
  ['coupled: f = i', 'cells/coupled-lstm/sequence'],
  ['coupled: i keeps and f takes', 'cells/coupled-lstm/sequence'],
  ['minimal: f keeps the old', 'cells/minimal-gated/sequence'],
  ['minimal: f after the recurrent product', 'cells/minimal-gated/sequence'],
  ['minimal: the candidate sees all of h', 'cells/minimal-gated/sequence'],
  ['zoneout: z and 1 − z swapped', 'cells/zoneout/sequence'],
  ['zoneout: the rates of h and c swapped', 'cells/zoneout/sequence'],
  ["zoneout: the output is the cell's own h", 'cells/zoneout/sequence'],
  ['zoneout: the expected value in training', 'cells/zoneout/training'],
  ['zoneout: one mask for all steps', 'cells/zoneout/training'],
  ['zoneout: every call keeps the same', 'cells/zoneout/training'],
  ['residual: x is left out', 'cells/residual/sequence'],
  ['residual: the state is the sum', 'cells/residual/sequence'],
  ['residual: the last output adds the last x in time', 'cells/residual/last-output-reverse'],
  ['residual: a masked step adds its own x', 'cells/residual/masked'],
  ['residual: x of any width', 'cells/residual/features-must-fit'],
] as const;

export function rewritten(defect: Defect): VariantLibrary {
  const has: Has = (other) => other === defect;
  return {
    cell: (name, options) => cellWith(name, options, has),
    zoneout: (cell, options) => zoneoutWith(cell, options, has),
    residual: (cell) => residualWith(cell, has),
    rnn: ourVariants.rnn,
  };
}

export const brokenVariants: readonly Mutant<() => VariantLibrary>[] = defects.map(([name, caughtBy]) => ({
  name,
  caughtBy,
  make: () => rewritten(name),
}));
