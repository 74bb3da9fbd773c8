/** Who frees what. */
import { cpu } from '@recurra/backend-cpu';
import { add, keep, leaves, mapTree, mul, RecurraError, scope, tensor, useBackend, type Backend } from '@recurra/core';
import { beforeEach, describe, expect, it } from 'vitest';

let backend: Backend;
beforeEach(async () => {
  backend = await useBackend(cpu());
});

describe('scope', () => {
  it('frees everything but its result, at any depth', () => {
    const result = scope(() => {
      const x = tensor([1, 2]);
      const y = mul(add(x, 1), 2);
      return { deep: [{ y }], note: 'kept' };
    });
    expect(backend.live!()).toBe(1);
    expect([...result.deep[0]!.y.dataSync()]).toEqual([4, 6]);
  });

  it('hands its result to the scope around it', () => {
    scope(() => {
      const x = scope(() => tensor([1]));
      expect(x.disposed).toBe(false);
    });
    expect(backend.live!()).toBe(0);
  });

  it('frees what was made when something throws, and works on', () => {
    expect(() =>
      scope(() => {
        tensor([1]);
        throw new Error('mine');
      }),
    ).toThrow('mine');
    expect(backend.live!()).toBe(0);
    expect([...scope(() => tensor([5])).dataSync()]).toEqual([5]);
  });

  it('refuses to wait for a promise, and leaks nothing', () => {
    let code = '';
    try {
      scope(async () => tensor([1]));
    } catch (error) {
      code = (error as RecurraError).code;
    }
    expect([code, backend.live!()]).toEqual(['ARGUMENT', 0]);
  });

  it('lets go of what is kept', () => {
    let kept: ReturnType<typeof tensor> | undefined;
    scope(() => {
      kept = keep(tensor([1]));
    });
    expect(kept!.disposed).toBe(false);
    kept!.dispose();
    expect(backend.live!()).toBe(0);
  });

  it('keeps from however far inside', () => {
    const kept = scope(() => {
      const x = tensor([1]);
      scope(() => keep(x));
      return { x };
    }).x;
    expect(kept.disposed).toBe(false);
    kept.dispose();
    expect(backend.live!()).toBe(0);
  });

  it('frees when its result cannot be looked through', () => {
    const result = () => ({
      get x(): never {
        throw new Error('mine');
      },
    });
    expect(() => scope(() => [tensor([1]), result()])).toThrow('mine');
    expect(backend.live!()).toBe(0);
  });

  it('leaves tensors of outside alone, even when returned', () => {
    const x = tensor([1]);
    expect(scope(() => [x, x])[0]).toBe(x);
    expect(x.disposed).toBe(false);
  });
});

describe('trees', () => {
  it('are walked and mapped through arrays and plain objects', () => {
    const [a, b] = [tensor([1]), tensor([2])];
    const tree = { a, list: [b, null], name: 'x' };
    expect(leaves(tree)).toEqual([a, b]);
    expect(mapTree(tree, (x) => x.size)).toEqual({ a: 1, list: [1, null], name: 'x' });
  });
});
