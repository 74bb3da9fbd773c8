/**
 * What functions made of ops check of their arguments: options by name, counts, flags, parameter trees. For packages
 * built on core, so that the same mistake reads the same everywhere.
 */
import { ArgumentError, DTypeError, ShapeError } from './errors.js';
import { requireTensor } from './is-tensor.js';
import { didYouMean } from './suggest.js';
import type { Tensor } from './tensor.js';
import { isPlain } from './tree.js';
import type { DType, Spec } from './types.js';

/** Throws for a key that is not an option: a misspelt one would else be as if it had not been there. */
export function checkOptions(op: string, options: unknown, known: readonly string[]): void {
  if (!isPlain(options)) {
    throw new ArgumentError(op, 'options must be an object', { options }, `${op} knows ${known.join(', ')}`);
  }
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) {
      throw new ArgumentError(
        op,
        `there is no option '${key}'`,
        { options: known },
        didYouMean(key, known),
        'UNKNOWN_NAME',
      );
    }
  }
}

/** The value, when it is one of the names. */
export function checkedName<N extends string>(op: string, role: string, value: unknown, known: readonly N[]): N {
  if (known.includes(value as N)) return value as N;
  throw new ArgumentError(op, `${role} is not known`, { [role]: value }, didYouMean(value, known), 'UNKNOWN_NAME');
}

/** A whole number of at least 1. */
export function checkedCount(op: string, role: string, value: unknown, hint?: string): number {
  if (!Number.isSafeInteger(value) || (value as number) < 1) {
    throw new ArgumentError(
      op,
      `${role} must be a whole number of at least 1`,
      { [role]: value },
      hint ?? `for example ${role}: 64`,
    );
  }
  return value as number;
}

/** A number that is neither NaN nor infinite. */
export function checkedFinite(op: string, role: string, value: unknown): number {
  if (Number.isFinite(value)) return value as number;
  throw new ArgumentError(op, `${role} must be a finite number`, { [role]: value }, `for example ${role}: 0.5`);
}

/** True or false, and nothing that merely counts as it. */
export function checkedFlag(op: string, role: string, value: unknown): boolean {
  if (typeof value !== 'boolean')
    throw new ArgumentError(op, `${role} must be true or false`, { [role]: value }, `{ ${role}: true }`);
  return value;
}

/** A float32 tensor. */
export function checkedFloats(op: string, role: string, x: unknown): Tensor<'float32'> {
  requireTensor(op, role, x);
  requireDType(op, role, x, ['float32']);
  return x as Tensor<'float32'>;
}

/** For core alone: throws unless x has one of these dtypes; the hint is the first. */
export function requireDType(op: string, role: string, x: Spec, dtypes: readonly DType[]): void {
  if (!dtypes.includes(x.dtype)) {
    const hint = `cast(${role}, '${dtypes[0]}')`;
    throw new DTypeError(op, `${role} must be ${dtypes.join(' or ')}`, { [role]: x.dtype }, hint);
  }
}

/** Shapes by name: null for an axis of any length, or in place of a shape for a tensor that must be absent. */
export type ExpectedShapes = Readonly<Record<string, readonly (number | null)[] | null>>;

/** Every tensor of `tree` is there, float32, of its shape. `root` is how errors call the tree. */
export function checkShapes(op: string, root: string, tree: unknown, expected: ExpectedShapes): void {
  if (tree === null || typeof tree !== 'object' || Array.isArray(tree)) {
    throw new ArgumentError(
      op,
      `${root} must be an object of tensors`,
      { [root]: tree },
      `{ ${Object.keys(expected).join(', ')} }`,
    );
  }
  for (const name in expected) {
    const shape = expected[name]!;
    const value = (tree as Readonly<Record<string, unknown>>)[name];
    const role = `${root}.${name}`;
    if (shape === null) {
      if (value == null) continue;
      throw new ArgumentError(op, `${role} is there, but the options ask for none`, {}, `leave ${name} out`);
    }
    const found = checkedFloats(op, role, value).shape;
    if (found.length !== shape.length || shape.some((n, i) => n !== null && n !== found[i])) {
      const facts = { [name]: found, expected: shape.map((n) => n ?? 'any') };
      throw new ShapeError(op, `${role} has the wrong shape`, facts, 'init makes what fits');
    }
  }
}
