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

/** What all errors of Recurra have in common: catch this one, look at `code`. */
export class RecurraError extends Error {
  /** The op or function that refused. */
  readonly op: string;
  readonly facts: Facts;
  readonly hint: string | undefined;
  /** Stable: safe to compare against in code. By default the name in capitals, without ERROR. */
  readonly code: string;

  constructor(op: string, message: string, facts: Facts = {}, hint?: string, code?: string, cause?: unknown) {
    const lines = [`[${op}] ${message}`];
    for (const [role, fact] of Object.entries(facts)) lines.push(`  ${role}: ${show(fact)}`);
    if (hint !== undefined) lines.push(`  hint: ${hint}`);
    super(lines.join('\n'), cause === undefined ? undefined : { cause });
    this.op = op;
    this.facts = facts;
    this.hint = hint;
    this.code = code ?? this.name.slice(0, -'Error'.length).toUpperCase();
  }

  /** Written out, because minifiers rename classes and an error's name is read by people. */
  override get name(): string {
    return 'RecurraError';
  }
}

/** Shapes that do not fit together: wrong rank, wrong length, an axis that is not there. */
export class ShapeError extends RecurraError {
  override get name(): string {
    return 'ShapeError';
  }
}

/** A dtype the op has no meaning for, or two that differ. */
export class DTypeError extends RecurraError {
  override get name(): string {
    return 'DTypeError';
  }
}

/** No backend, an unknown one, two that were mixed, or one that failed. */
export class BackendError extends RecurraError {
  override get name(): string {
    return 'BackendError';
  }
}

/** A tensor was used after its buffer was freed. */
export class DisposedError extends RecurraError {
  override get name(): string {
    return 'DisposedError';
  }
}

/** A gradient was asked for where there is none. */
export class GradientError extends RecurraError {
  override get name(): string {
    return 'GradientError';
  }
}

/** An option or argument that is not what it must be: NaN, negative, of the wrong type, an unknown name. */
export class ArgumentError extends RecurraError {
  override get name(): string {
    return 'ArgumentError';
  }
}

/** Whatever a backend throws of its own reaches the user as a BackendError that names op and backend. */
export function backendFailed(op: string, name: string, error: unknown): RecurraError {
  if (error instanceof RecurraError) return error;
  const reason = error instanceof Error ? error.message : show(error);
  return new BackendError(op, `${name} failed: ${reason}`, {}, 'its own error is the cause', 'BACKEND_FAILED', error);
}

/** Throws unless `f` can be called. */
export function checkFunction(op: string, f: unknown, hint: string): void {
  if (typeof f !== 'function') throw new ArgumentError(op, 'needs a function', { f }, hint);
}

/** A list that contains itself has no end, and one of a million numbers is nothing to read: the first eight of it. */
function show(fact: unknown, depth = 0): string {
  if (Array.isArray(fact)) {
    if (depth > 3) return '[…]';
    const first = fact.slice(0, 8).map((f) => show(f, depth + 1));
    if (fact.length > 8) first.push(`… ${fact.length} in all`);
    return `[${first.join(', ')}]`;
  }
  if (typeof fact === 'string') return fact;
  if (typeof fact === 'function') return fact.name || 'a function';
  if (fact !== null && typeof fact === 'object') {
    const kind = Object.prototype.toString.call(fact);
    return kind === '[object Object]' ? `{ ${Object.keys(fact).slice(0, 8).join(', ')} }` : kind;
  }
  return Object.is(fact, -0) ? '-0' : String(fact);
}
