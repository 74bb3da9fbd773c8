/** Broadcasting, for shapes that nobody chose: an op on two shapes is the op on both written out, in the gradient too. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as core from '../../src/index.js';
import {
  abs,
  add,
  broadcastShapes,
  broadcastTo,
  matmul,
  scope,
  transpose,
  useBackend,
  where,
} from '../../src/index.js';
import { float64Backend } from '../float64-backend.js';
import { broadcasting, floats, gradients, near, often, plain, shape, type Floats } from './shapes.js';

await useBackend(float64Backend());

const binary: Readonly<Record<string, (a: Floats, b: Floats) => Floats>> = {
  add: core.add,
  sub: core.sub,
  mul: core.mul,
  div: core.div,
  maximum: core.maximum,
  minimum: core.minimum,
  pow: (a, b) => core.pow(add(abs(a), 0.5), b),
  where: (a, b) => where(core.greater(core.mul(a, b), 0), a, b) as Floats,
};

describe.each(Object.entries(binary))('%s', (_, op) => {
  it('is itself on both sides written out', () => {
    const property = fc.property(broadcasting(), ({ out, a, b }) =>
      scope(() => {
        const [x, y] = [floats('a', a), floats('b', b)];
        const wide = (v: Floats): Floats => broadcastTo(v, out);
        const z = op(x, y);
        expect(z.shape).toEqual(out);
        expect(plain(z)).toEqual(plain(op(wide(x), wide(y))));
        const found = gradients(([p, q]) => op(p!, q!), [x, y]);
        const expected = gradients(([p, q]) => op(wide(p!), wide(q!)), [x, y]);
        found.forEach((g, i) => expect(near(g, expected[i]!)).toBe(true));
      }),
    );
    fc.assert(property, often);
  });
});

describe('shapes', () => {
  it('broadcast as the rule says, in either order, or not at all', () => {
    const property = fc.property(shape(), shape(), (a, b) => {
      const rank = Math.max(a.length, b.length);
      const [left, right] = [a, b].map((one) => [...Array.from({ length: rank - one.length }, () => 1), ...one]);
      const fits = left!.every((n, i) => n === right![i] || n === 1 || right![i] === 1);
      if (!fits) {
        expect(() => broadcastShapes('test', { a, b })).toThrow(expect.objectContaining({ code: 'SHAPE' }));
        expect(() => scope(() => add(floats('a', a), floats('b', b)))).toThrow(
          expect.objectContaining({ code: 'SHAPE' }),
        );
        return;
      }
      const out = left!.map((n, i) => (n === 1 ? right![i]! : n));
      expect(broadcastShapes('test', { a, b })).toEqual(out);
      expect(broadcastShapes('test', { b, a })).toEqual(out);
    });
    fc.assert(property, { ...often, numRuns: 300 });
  });
});

describe('matmul', () => {
  const sizes = fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 3 }), fc.nat({ max: 3 }), fc.boolean(), fc.boolean());
  it('is itself on leading axes written out and operands turned by hand', () => {
    const property = fc.property(broadcasting(3), sizes, ({ out, a, b }, [n, k, m, transposeA, transposeB]) =>
      scope(() => {
        const x = floats('a', [...a, ...(transposeA ? [k, n] : [n, k])]);
        const y = floats('b', [...b, ...(transposeB ? [m, k] : [k, m])]);
        const turned = (v: Floats, turn: boolean): Floats =>
          turn ? transpose(v, [...v.shape.slice(0, -2).keys(), v.rank - 1, v.rank - 2]) : v;
        const wide = (v: Floats): Floats => broadcastTo(v, [...out, ...v.shape.slice(-2)]);
        const here = (p: Floats, q: Floats): Floats => matmul(p, q, { transposeA, transposeB });
        const there = (p: Floats, q: Floats): Floats =>
          matmul(wide(turned(p, transposeA)), wide(turned(q, transposeB)));
        const z = here(x, y);
        expect(z.shape).toEqual([...out, n, m]);
        expect(plain(z)).toEqual(plain(there(x, y)));
        const expected = gradients(([p, q]) => there(p!, q!), [x, y]);
        gradients(([p, q]) => here(p!, q!), [x, y]).forEach((g, i) => expect(near(g, expected[i]!)).toBe(true));
      }),
    );
    fc.assert(property, often);
  });
});
