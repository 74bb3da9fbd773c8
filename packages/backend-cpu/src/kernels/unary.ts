/**
 * y = f(x). One loop for each function: a loop that calls the function it is given costs five times as much as the
 * addition it does. Values are computed in double precision and rounded once, when stored.
 */
import type { Spec, UnaryOp } from '@recurra/core';
import type { Data } from '../buffer.js';
import { cos } from '../math/cos.js';
import { sin } from '../math/sin.js';
import { stretches, type Stretch } from '../math/stretches.js';
import type { Workspace } from '../workspace.js';

type Loop = (x: Float32Array, y: Float32Array) => void;

/* prettier-ignore */
const float: Partial<Record<UnaryOp, Loop>> = {
  neg: (x, y) => { for (let i = 0; i < y.length; i++) y[i] = -x[i]!; },
  abs: (x, y) => { for (let i = 0; i < y.length; i++) y[i] = Math.abs(x[i]!); },
  square: (x, y) => { for (let i = 0; i < y.length; i++) y[i] = x[i]! * x[i]!; },
  sqrt: (x, y) => { for (let i = 0; i < y.length; i++) y[i] = Math.sqrt(x[i]!); },
  sin: (x, y) => { for (let i = 0; i < y.length; i++) y[i] = sin(x[i]!); },
  cos: (x, y) => { for (let i = 0; i < y.length; i++) y[i] = cos(x[i]!); },
  floor: (x, y) => { for (let i = 0; i < y.length; i++) y[i] = Math.floor(x[i]!); },
  sign: (x, y) => { for (let i = 0; i < y.length; i++) y[i] = Math.sign(x[i]!); },
};

/** Doubles at once, so that they stay in the nearest cache. */
const BLOCK = 512;

/** For int32 and bool, which are indices and masks: few, so one loop serves all. Storing wraps around at 32 bits. */
const whole: Partial<Record<UnaryOp, (x: number) => number>> = {
  neg: (x) => -x,
  abs: (x) => Math.abs(x),
  square: (x) => Math.imul(x, x),
  sign: (x) => Math.sign(x),
  logicalNot: (x) => (x === 0 ? 1 : 0),
};

export function unary(op: UnaryOp, x: Data, out: Spec, { arrays, scratch }: Workspace): Data {
  const y = arrays.take(out.dtype, x.length);
  if (x instanceof Float32Array && float[op]) {
    float[op]!(x, y as Float32Array);
  } else if (x instanceof Float32Array) {
    const f: Stretch = stretches[op as keyof typeof stretches];
    const a = scratch.doubles('x', BLOCK);
    for (let from = 0; from < x.length; from += BLOCK) {
      const n = Math.min(BLOCK, x.length - from);
      for (let i = 0; i < n; i++) a[i] = x[from + i]!;
      f(a, 0, n);
      for (let i = 0; i < n; i++) y[from + i] = a[i]!;
    }
  } else {
    const f = whole[op]!;
    for (let i = 0; i < y.length; i++) y[i] = f(x[i]!);
  }
  return y;
}
