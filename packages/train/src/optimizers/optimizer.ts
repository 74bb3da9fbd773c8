/**
 * What an optimizer is: a pure function from gradients, its state and parameters to the next state and parameters.
 *
 *     grads ──clip──▶ ĝ ──┐
 *     params ──decay──▶ w ─┼─rule─▶ w', slots'
 *     slots ───────────────┘
 *
 * The order (clip, then decay the weights, then the rule) is Keras's. An optimizer brings a rule for one tensor; trees,
 * clipping, decay and the learning rate live here.
 */
import { ArgumentError, checkedFinite, checkOptions, clip, full, mul, scope, sub } from '@recurra/core';
import type { Tree } from '@recurra/core';
import { globalScale, normClipped } from '../clipping.js';
import { rounding } from '../host-numbers.js';
import { checkedStep } from '../schedules/schedule.js';
import { isPlain, matchingLeaves, namedLeaves, replaceLeaves, type Floats, type Leaf } from '../trees.js';
import type { Common } from './options.js';

/** What an optimizer remembers: a plain tree, which can be saved. */
export interface OptimizerState<P = Tree> {
  /** Updates so far: Keras's `iterations`. */
  readonly step: number;
  /** Tensors beside the parameters, by Keras's name of the slot; null beside those that are not trained. */
  readonly slots: Readonly<Record<string, P>>;
}

/** How one update differs from what the options say. */
export interface UpdateOptions {
  /** In place of the optimizer's own, for this update. */
  readonly learningRate?: number;
}

/** A rule for the next parameters. Made by `sgd`, `adam`, `adamW`, `rmsprop`, `adagrad`. */
export interface Optimizer {
  readonly name: string;
  /** The state before the first update. @throws ArgumentError unless params is a tree of tensors with a float32 one */
  init<P>(params: P): OptimizerState<P>;
  /**
   * One update. Nothing given is changed or freed; what is given back is fresh. Tensors that are not float32 are not
   * trained: they come back as they are. One tensor that stands at two places stays one.
   *
   * @throws ArgumentError, ShapeError, DTypeError when gradients or state do not fit the parameters; ArgumentError for a
   * learning rate that is no finite number
   */
  update<P>(
    grads: NoInfer<P>,
    state: OptimizerState<NoInfer<P>>,
    params: P,
    how?: UpdateOptions,
  ): readonly [params: P, state: OptimizerState<P>];
  /** The learning rate that update number `step`, counted from 0, has. @throws ArgumentError for what is no step, or no rate */
  learningRate(step: number): number;
}

/** One tensor's share of an update, numbers rounded as the device does. */
export interface Step {
  readonly gradient: Floats;
  readonly variable: Floats;
  readonly slots: Readonly<Record<string, Floats>>;
  readonly learningRate: number;
  /** 1 for the first update. */
  readonly step: number;
  readonly round: (x: number) => number;
}

export interface Stepped {
  readonly variable: Floats;
  readonly slots: Readonly<Record<string, Floats>>;
}

/** An optimizer from its rule; `slots` says what number each slot is full of at first. */
export function defineOptimizer(
  name: string,
  common: Common,
  slots: Readonly<Record<string, number>>,
  rule: (of: Step) => Stepped,
): Optimizer {
  const names = Object.keys(slots);
  const learningRate = (step: number): number => {
    const at = checkedStep(name, step);
    const rate = typeof common.learningRate === 'number' ? common.learningRate : common.learningRate(at);
    return checkedFinite(name, 'learningRate', rate);
  };
  return {
    name,
    learningRate,
    init: (params) =>
      scope(() => {
        trained(name, params);
        return { step: 0, slots: Object.fromEntries(names.map((n) => [n, filled(params, slots[n]!)])) };
      }),
    update: (grads, state, params, how = {}) =>
      scope(() => {
        checkOptions(name, how, ['learningRate']);
        const variables = trained(name, params);
        checkState(name, state, names);
        const clipped = clippedGradients(common, matchingLeaves(name, 'grads', grads, variables, 'params'));
        const held = names.map((n) => matchingLeaves(name, `slots.${n}`, state.slots[n], variables, 'params'));
        const given = how.learningRate ?? learningRate(state.step);
        const rate = checkedFinite(name, 'learningRate', given);
        const steps = variables.map(({ path, tensor }, i) =>
          scope(() => {
            const variable = tensor as Floats;
            const round = rounding(variable.backend);
            const lr = round(rate);
            return rule({
              gradient: clipped[i]!,
              variable: common.decays(path) ? decayed(variable, common.weightDecay!, lr) : variable,
              slots: Object.fromEntries(names.map((n, s) => [n, held[s]![i]!])),
              learningRate: lr,
              step: state.step + 1,
              round,
            });
          }),
        );
        const at = new Map<object, Stepped>(variables.map(({ tensor }, i) => [tensor, steps[i]!]));
        const next = names.map((n) => [n, replaceLeaves(params, (x) => at.get(x)?.slots[n] ?? null)]);
        return [
          replaceLeaves(params, (x) => at.get(x)?.variable ?? x),
          { step: state.step + 1, slots: Object.fromEntries(next) },
        ] as never;
      }),
  };
}

/** The float32 leaves, each tensor once. */
function trained(op: string, params: unknown): Leaf[] {
  const seen = new Map<object, Leaf>();
  for (const leaf of namedLeaves(op, 'params', params)) {
    if (leaf.tensor.dtype === 'float32' && !seen.has(leaf.tensor)) seen.set(leaf.tensor, leaf);
  }
  if (seen.size > 0) return [...seen.values()];
  throw new ArgumentError(op, 'params have no float32 tensor', {}, 'a tree of tensors, such as { kernel, bias }');
}

function filled<P>(params: P, value: number): P {
  const made = new Map<object, Floats>();
  return replaceLeaves(params, (x) => {
    if (x.dtype !== 'float32') return null;
    const slot = made.get(x) ?? full(x.shape, value, { backend: x.backend });
    made.set(x, slot);
    return slot;
  });
}

/** w − w·λ·η, in this order of rounding. */
function decayed(variable: Floats, weightDecay: number, learningRate: number): Floats {
  return sub(variable, mul(mul(variable, weightDecay), learningRate));
}

function clippedGradients(
  { clipnorm, globalClipnorm, clipvalue }: Common,
  grads: readonly Floats[],
): readonly Floats[] {
  if (clipnorm !== null) return grads.map((g) => scope(() => normClipped(g, clipnorm)));
  if (clipvalue !== null) return grads.map((g) => clip(g, -clipvalue, clipvalue));
  if (globalClipnorm === null) return grads;
  const scale = scope(() => globalScale(grads, globalClipnorm));
  return grads.map((g) => mul(g, scale));
}

function checkState(op: string, state: unknown, names: readonly string[]): void {
  const slots = isPlain(state) && isPlain(state['slots']) ? Object.keys(state['slots']) : null;
  const fits = slots !== null && slots.length === names.length && names.every((n) => slots.includes(n));
  if (fits && Number.isSafeInteger((state as { step: unknown }).step) && (state as { step: number }).step >= 0) return;
  throw new ArgumentError(
    op,
    'that is not a state of this optimizer',
    { slots: slots ?? 'none', expected: names },
    `${op}(…).init(params) makes one`,
    'STATE',
  );
}
