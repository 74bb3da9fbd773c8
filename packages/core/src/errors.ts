/**
 * Every error core throws says which op, which values and what to type instead. Tests match `code`, never text.
 *
 *     ShapeError: [matmul] inner axes must agree, 2 ≠ 3
 *       a: [1, 2]
 *       b: [3, 1]
 *       hint: transposeA / transposeB read an operand with its last two axes swapped
 */

/** The facts of an error by role: `{ a: [1, 2], b: [3, 1] }`. */
export type Facts = Readonly<Record<string, unknown>>;

export class RecurraError extends Error {
  /** The op or function that refused. */
  readonly op: string;
  readonly facts: Facts;
  readonly hint: string | undefined;
  /** Stable: safe to compare against in code. */
  readonly code: string;

  constructor(code: string, op: string, message: string, facts: Facts = {}, hint?: string, cause?: unknown) {
    const lines = [`[${op}] ${message}`];
    for (const [role, fact] of Object.entries(facts)) lines.push(`  ${role}: ${show(fact)}`);
    if (hint !== undefined) lines.push(`  hint: ${hint}`);
    super(lines.join('\n'), cause === undefined ? undefined : { cause });
    this.name = new.target.errorName;
    this.op = op;
    this.facts = facts;
    this.hint = hint;
    this.code = code;
  }

  /** A static, because minifiers rename classes and an error's name is read by people. */
  static readonly errorName: string = 'RecurraError';
}

/** Shapes that do not fit together: wrong rank, wrong length, an axis that is not there. */
export class ShapeError extends RecurraError {
  static override readonly errorName = 'ShapeError';
  constructor(op: string, message: string, facts?: Facts, hint?: string, code = 'SHAPE') {
    super(code, op, message, facts, hint);
  }
}

/** A dtype the op has no meaning for, or two that differ. */
export class DTypeError extends RecurraError {
  static override readonly errorName = 'DTypeError';
  constructor(op: string, message: string, facts?: Facts, hint?: string, code = 'DTYPE') {
    super(code, op, message, facts, hint);
  }
}

/** No backend, an unknown one, two that were mixed, or one that failed. */
export class BackendError extends RecurraError {
  static override readonly errorName = 'BackendError';
  constructor(op: string, message: string, facts?: Facts, hint?: string, code = 'BACKEND', cause?: unknown) {
    super(code, op, message, facts, hint, cause);
  }
}

/** A tensor was used after its buffer was freed. */
export class DisposedError extends RecurraError {
  static override readonly errorName = 'DisposedError';
  constructor(op: string, message: string, facts?: Facts, hint?: string, code = 'DISPOSED') {
    super(code, op, message, facts, hint);
  }
}

/** A gradient was asked for where there is none. */
export class GradientError extends RecurraError {
  static override readonly errorName = 'GradientError';
  constructor(op: string, message: string, facts?: Facts, hint?: string, code = 'GRADIENT') {
    super(code, op, message, facts, hint);
  }
}

/** An option or argument that is not what it must be: NaN, negative, of the wrong type, an unknown name. */
export class ArgumentError extends RecurraError {
  static override readonly errorName = 'ArgumentError';
  constructor(op: string, message: string, facts?: Facts, hint?: string, code = 'ARGUMENT') {
    super(code, op, message, facts, hint);
  }
}

function show(fact: unknown): string {
  if (Array.isArray(fact)) return `[${fact.map(show).join(', ')}]`;
  if (typeof fact === 'string') return fact;
  if (typeof fact === 'function') return fact.name || 'a function';
  if (fact !== null && typeof fact === 'object') return Object.prototype.toString.call(fact);
  return Object.is(fact, -0) ? '-0' : String(fact);
}
