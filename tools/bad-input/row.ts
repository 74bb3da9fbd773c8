/**
 * What a row of the table of bad input is: words for what is wrong, the calls that do it, and what comes of them. The
 * table in docs/bad-input.md is written from the rows, and tools/test/bad-input.test.ts makes every call.
 */
import { leaves, tensor, type Backend, type DType, type Shape, type Tensor } from '@recurra/core';

/** What the calls of the rows are made with. All tensors made here are freed after each row. */
export interface World {
  readonly backend: Backend;
  /** A tensor of that second copy of core. */
  readonly foreign: object;
  /** Unequal numbers from 1 up; of bool, both values. */
  make(shape: Shape, dtype?: DType): Tensor;
  /** The same shape and dtype, disposed. */
  goneLike(x: Tensor): Tensor;
  /** The same shape and dtype on another backend. */
  elsewhereLike(x: Tensor): Tensor;
}

export interface Row {
  /** In words, for the table. */
  readonly given: string;
  /** The code of the error; of a row that works, what comes of it, in words. */
  readonly gives: string;
  /** Of a row that works: what `told` says of the result. */
  readonly result?: unknown;
  /** The arguments of one or more calls. */
  readonly calls: (world: World) => unknown[][];
  /** The `op` of the error, when it is not the function's name. */
  readonly op?: string | undefined;
  /** Whether it does not come true yet: the test says so, and the page leaves it out. */
  readonly pending?: boolean;
}

export interface Entry {
  /** What is called with the arguments. */
  readonly call: (...args: never[]) => unknown;
  /** Arguments that are right: what works before the errors works after them. */
  readonly good: Arguments;
  readonly rows: readonly Row[];
}

/** One package's rows, by function; a method is `cell.init`. */
export interface Catalogue {
  /** What every function of these names has to be there for; or what loads it. */
  readonly exports: Readonly<Record<string, unknown>> | (() => Promise<object>);
  readonly entries: Readonly<Record<string, Entry>>;
}

export type Arguments = (world: World) => unknown[];
/** Rows that follow from what an argument is. */
export type Rows = (good: Arguments, op?: string) => Row[];

export function entry(call: unknown, good: Arguments, rows: readonly Rows[], op?: string): Entry {
  return { call: call as Entry['call'], good, rows: rows.flatMap((make) => make(good, op)) };
}

const holes: number[] = [1, 2];
delete holes[0];

/** What is never right where a tensor, a list, an object with names or a function is wanted. */
export const strange: readonly unknown[] = [
  null,
  'text',
  Symbol('symbol'),
  1n,
  true,
  new Date(0),
  Object.create(null),
  new Proxy({}, {}),
];
export const notNumbers: readonly unknown[] = [...strange, {}, [1], holes, () => 1];
export const notWhole: readonly unknown[] = [...notNumbers, NaN, 0.5, Infinity, -Infinity];
export const notFlags: readonly unknown[] = [...strange.filter((v) => v !== true && v !== null), {}, [], 1, 0, NaN];
export const notObjects: readonly unknown[] = [
  null,
  'text',
  Symbol('symbol'),
  1n,
  true,
  3,
  NaN,
  new Date(0),
  [1],
  () => 1,
];
export const notFunctions: readonly unknown[] = [undefined, ...strange, {}, [], 3];
export const notTensors: readonly unknown[] = [undefined, ...strange, {}, [1, 2], holes, () => 1];
export const notLists: readonly unknown[] = [...strange, {}, () => 1, 3];
export const notShapes: readonly unknown[] = [...notLists, holes, [-1], [0.5], [NaN], [Infinity], ['2'], [1n], [null]];
export { holes };

/** Calls with one argument replaced. */
export function replaced(good: Arguments, at: number, values: (world: World) => readonly unknown[]) {
  return (world: World): unknown[][] =>
    values(world).map((value) => {
      const args = [...good(world)];
      args[at] = value;
      return args;
    });
}

/** An argument in place of which these values are refused. */
export function refuses(at: number, given: string, gives: string, values: readonly unknown[], ownOp?: string): Rows {
  return (good, op) => [{ given, gives, calls: replaced(good, at, () => values), op: ownOp ?? op }];
}

/** As `refuses`, for values that have to be made. */
export function refusesMade(
  at: number,
  given: string,
  gives: string,
  values: (world: World) => readonly unknown[],
  ownOp?: string,
): Rows {
  return (good, op) => [{ given, gives, calls: replaced(good, at, values), op: ownOp ?? op }];
}

/** Whole calls that are refused. */
export function refusesCalls(given: string, gives: string, calls: Row['calls'], ownOp?: string): Rows {
  return (_, op) => [{ given, gives, calls, op: ownOp ?? op }];
}

/** Calls that are right although they may look wrong. */
export function works(given: string, gives: string, calls: Row['calls'], result: unknown): Rows {
  return () => [{ given, gives: `works: ${gives}`, calls, result }];
}

/** The same rows where another function than the one called refuses. */
export function by(op: string, ...rows: Rows[]): Rows[] {
  return rows.map(
    (make): Rows =>
      (good) =>
        make(good, op),
  );
}

/** Rows that do not come true yet. Once they do, their tests ask to take this away. */
export function pending(...rows: Rows[]): Rows[] {
  return rows.map(
    (make): Rows =>
      (good, op) =>
        make(good, op).map((row) => ({ ...row, pending: true })),
  );
}

export interface TensorKind {
  /** dtypes that are refused. */
  readonly wrong?: readonly DType[];
  /** Whether a number serves as well. */
  readonly numbers?: boolean;
  /** Whether there is another tensor that it has to share a backend with. */
  readonly mixed?: boolean;
  /** Null and undefined, or undefined alone, are as if it were not there. */
  readonly optional?: boolean | 'undefined';
  /** The `op` of the error for a tensor of another backend. */
  readonly inner?: string;
  /** How the table calls a tensor inside an argument: how to put it there, and how to take the right one out. */
  readonly inside?: { readonly put: (arg: never, x: unknown) => unknown; readonly take: (arg: never) => Tensor };
}

/** An argument that is a tensor. */
export function tensorAt(at: number, role: string, kind: TensorKind = {}): Rows {
  const { wrong = [], numbers = false, mixed = false, optional = false, inside, inner } = kind;
  return (good, op) => {
    const put = (world: World, values: (right: Tensor) => readonly unknown[]): unknown[][] => {
      const args = good(world);
      const given = args[at];
      const right = inside ? inside.take(given as never) : (given as Tensor);
      return values(right).map((value) => args.with(at, inside ? inside.put(given as never, value) : value));
    };
    const row = (given: string, gives: string, values: (right: Tensor, world: World) => unknown[], own = op): Row => ({
      given: `${role} ${given}`,
      gives,
      calls: (world) => put(world, (right) => values(right, world)),
      op: own,
    });
    const strangers = notTensors.filter((v) => !optional || !(v === undefined || (v === null && optional === true)));
    return [
      row('is not a tensor', 'NOT_A_TENSOR', () => (numbers ? strangers : [...strangers, 3])),
      row('is a tensor of a second copy of core, or a proxy of a tensor', 'FOREIGN_TENSOR', (right, world) => [
        world.foreign,
        new Proxy(right, {}),
      ]),
      row('is disposed', 'DISPOSED', (right, world) => [world.goneLike(right)]),
      ...(wrong.length > 0
        ? [row(`is ${wrong.join(' or ')}`, 'DTYPE', (right, world) => wrong.map((d) => world.make(right.shape, d)))]
        : []),
      ...(mixed
        ? [
            row(
              'lives on another backend than the rest',
              'BACKEND_MIXED',
              (right, world) => [world.elsewhereLike(right)],
              inner ?? op,
            ),
          ]
        : []),
    ];
  };
}

/** An argument that is an axis, of a tensor (or result) of rank `rank`. */
export function axisAt(at: number, rank: number, { optional = true, role = 'axis' } = {}): Rows {
  const values = [...notWhole, rank, -rank - 1];
  return refuses(
    at,
    `${role} is not a whole number, or there is no such axis`,
    'AXIS',
    optional ? values : [undefined, ...values],
  );
}

/** An argument that is a plain object of named options. `misspelt` is near the first of them. */
export function optionsAt(at: number, misspelt: string, { optional = true, role = 'options' } = {}): Rows {
  return (good, op) => [
    ...refuses(
      at,
      `${role} is not a plain object`,
      'ARGUMENT',
      optional ? notObjects : [undefined, ...notObjects],
    )(good, op),
    ...refuses(at, `an option that does not exist: ${misspelt}`, 'UNKNOWN_NAME', [{ [misspelt]: 1 }])(good, op),
  ];
}

/** One of the options at an argument. The others stay. */
export function optionAt(at: number, name: string, given: string, gives: string, values: readonly unknown[]): Rows {
  return (good, op) => [
    {
      given: `${name} ${given}`,
      gives,
      calls: (world) => {
        const args = [...good(world)];
        return values.map((value) => {
          const changed = [...args];
          changed[at] = { ...(args[at] as object | undefined), [name]: value };
          return changed;
        });
      },
      op,
    },
  ];
}

export function flagAt(at: number, name: string): Rows {
  return optionAt(at, name, 'is neither true nor false', 'ARGUMENT', notFlags);
}

/** What came of a call, as plain data: shape, dtype and numbers of tensors, lists of typed arrays, names of the rest. */
export function told(value: unknown): unknown {
  const seen: unknown[] = [];
  const tell = (v: unknown): unknown => {
    if (leaves(v).length === 1 && leaves(v)[0] === v) {
      const x = v as Tensor;
      return x.disposed ? 'disposed' : { shape: [...x.shape], dtype: x.dtype, data: [...x.dataSync()] };
    }
    if (ArrayBuffer.isView(v)) return [...(v as Float32Array)];
    if (typeof v === 'function') return 'a function';
    if (v === null || typeof v !== 'object') return v;
    if (seen.includes(v)) return 'a circle';
    seen.push(v);
    if (Array.isArray(v)) return v.map(tell);
    const prototype: unknown = Object.getPrototypeOf(v);
    if (prototype !== Object.prototype) return 'an object';
    return Object.fromEntries(Object.entries(v).map(([key, inner]) => [key, tell(inner)]));
  };
  return tell(value);
}

/** Numbers for a tensor of a shape. */
export function numbersFor(shape: Shape, dtype: DType): Float32Array | Int32Array | Uint8Array {
  const size = shape.reduce((a, b) => a * b, 1);
  if (dtype === 'bool') return Uint8Array.from({ length: size }, (_, i) => Number(i % 3 !== 1));
  if (dtype === 'int32') return Int32Array.from({ length: size }, (_, i) => i);
  return Float32Array.from({ length: size }, (_, i) => ((i * 7) % 11) / 4 + 0.25);
}

/** A world of two backends. `finish` frees what has been made since the last time. */
export function createWorld(
  backend: Backend,
  elsewhere: Backend,
  foreign: object,
): World & { finish(): void; live(): number } {
  const made: Tensor[] = [];
  const kept = (x: Tensor): Tensor => {
    made.push(x);
    return x;
  };
  const on = (at: Backend, shape: Shape, dtype: DType): Tensor =>
    kept(tensor(numbersFor(shape, dtype), shape, { dtype, backend: at }));
  return {
    backend,
    foreign,
    make: (shape, dtype = 'float32') => on(backend, shape, dtype),
    goneLike(x) {
      const gone = on(x.backend, x.shape, x.dtype);
      gone.dispose();
      return gone;
    },
    elsewhereLike: (x) => on(elsewhere, x.shape, x.dtype),
    live: () => backend.live!() + elsewhere.live!(),
    finish() {
      for (const x of made.splice(0)) x.dispose();
    },
  };
}
