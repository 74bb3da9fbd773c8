/** What the runners and the decorators refuse, each with what to give instead. */
import { ArgumentError, checkOptions, didYouMean } from '@recurra/core';
import type { Case } from './case.js';
import type { BackendFactory } from './run-case.js';
import type { SuiteOptions } from './run-suite.js';

/** Throws unless it is an object that can upload: what else a backend must have, the cases tell. */
export function checkBackend(op: string, backend: unknown): void {
  const { upload } = (backend ?? {}) as { readonly upload?: unknown };
  if (typeof backend === 'object' && typeof upload === 'function') return;
  throw new ArgumentError(op, 'that is not a backend', { backend }, `${op}(referenceBackend())`);
}

export function checkFactory(op: string, factory: BackendFactory): void {
  if (typeof factory === 'function') return;
  throw new ArgumentError(op, 'factory must be a function', { factory }, '() => myBackend(): each case has its own');
}

/** What a factory gave may lack whatever the cases ask for, but it is an object. */
export function checkMade(op: string, backend: unknown): void {
  if (backend !== null && typeof backend === 'object') return;
  throw new ArgumentError(
    op,
    'the factory gave no backend',
    { gave: backend },
    '() => myBackend(), or a promise of it',
  );
}

export function checkSuiteOptions(op: string, options: SuiteOptions): void {
  checkOptions(op, options, ['only', 'known', 'decorate', 'onCase', 'seed', 'cases']);
  const wrong = (role: keyof SuiteOptions, kind: string, hint: string): ArgumentError =>
    new ArgumentError(op, `${role} must be ${kind}`, { [role]: options[role] }, hint);
  const { known, decorate, onCase, seed, cases } = options;
  if (known !== undefined && (known === null || typeof known !== 'object'))
    throw wrong('known', 'an object', "parseKnownFailures(text), or { 'ops/pad': 'a reason' }");
  if (decorate !== undefined && typeof decorate !== 'function') throw wrong('decorate', 'a function', 'withoutFused');
  if (onCase !== undefined && typeof onCase !== 'function')
    throw wrong('onCase', 'a function', '({ id, status }) => console.log(id, status)');
  if (seed !== undefined && !(Number.isSafeInteger(seed) && seed >= 0))
    throw wrong('seed', 'a whole number from 0', 'seed: 7; leave it out for the usual one');
  if (cases !== undefined && (!Array.isArray(cases) || cases.length === 0))
    throw wrong('cases', 'a list of at least one case', 'leave it out for the whole suite');
}

/** The cases to run. A report on none of them would say that all is well. */
export function wantedCases(op: string, all: readonly Case[], only: SuiteOptions['only']): readonly Case[] {
  if (only === undefined) return all;
  const parts: unknown = typeof only === 'string' ? [only] : only;
  if (!Array.isArray(parts) || parts.length === 0 || !parts.every((part) => typeof part === 'string'))
    throw new ArgumentError(op, 'only must be an id, or a list of them', { only }, "only: ['cells/lstm', 'ops']");
  const wanted = parts as readonly string[];
  for (const part of wanted) {
    if (!all.some(({ id }) => isBelow(id, part)))
      throw new ArgumentError(op, `no case is '${part}' or below it`, { only }, nearest(part, all), 'UNKNOWN_NAME');
  }
  return all.filter(({ id }) => wanted.some((part) => isBelow(id, part)));
}

/** Whole segments: 'kernel' is not above 'kernels/cast'. A `*` is any part of a segment, `**` any number of segments. */
function isBelow(id: string, part: string): boolean {
  if (!part.includes('*')) return id === part || id.startsWith(`${part}/`);
  const patterns: Readonly<Record<string, string>> = { '**/': '(.*/)?', '**': '.*', '*': '[^/]*' };
  const source = part
    .split(/(\*\*\/|\*\*|\*)/)
    .map((piece) => patterns[piece] ?? piece.replace(/[^\w/-]/g, '\\$&'))
    .join('');
  return new RegExp(`^${source}(/|$)`).test(id);
}

/** A hint from where the id goes wrong: at 'cells/lstn/masked' the names after 'cells/'. */
function nearest(part: string, all: readonly Case[]): string {
  if (part.includes('*')) return 'within a segment * stands for anything, ** for any number of segments';
  if (part.endsWith('/') && all.some(({ id }) => id.startsWith(part))) return `only: '${part.slice(0, -1)}'`;
  const segments = part.split('/');
  let depth = 1;
  const known = (): string[] => {
    const parent = segments.slice(0, depth - 1).join('/');
    const below = all.filter(({ id }) => depth === 1 || id.startsWith(`${parent}/`));
    return [...new Set(below.map(({ id }) => id.split('/').slice(0, depth).join('/')))];
  };
  while (depth < segments.length && known().includes(segments.slice(0, depth).join('/'))) depth++;
  // What lies below an id of a case has no names: the id itself is meant.
  const names = known();
  return didYouMean(segments.slice(0, depth).join('/'), names.length > 0 ? names : [segments.slice(0, -1).join('/')]);
}
