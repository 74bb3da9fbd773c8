/** Who frees what. */
import { runInNewContext } from 'node:vm';
import { cpu } from '@recurra/backend-cpu';
import { add, keep, leaves, mapTree, mul, RecurraError, scope, tensor, useBackend, type Backend } from '@recurra/core';
import { beforeEach, describe, expect, it } from 'vitest';

const codeOf = (f: () => unknown): string => {
  try {
    f();
  } catch (error) {
    return error instanceof RecurraError ? error.code : `raw: ${String(error)}`;
  }
  return 'nothing';
};

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

  it('looks into Maps and Sets, at any depth', () => {
    const { map, set } = scope(() => ({
      map: new Map([['deep', [new Map([['y', tensor([1])]])]]]),
      set: new Set([[tensor([2])]]),
    }));
    const found = [...map.get('deep')![0]!.values(), ...[...set][0]!];
    expect(found.map((x) => x.disposed)).toEqual([false, false]);
    expect(leaves({ map, set })).toEqual(found);
    found.forEach((x) => x.dispose());
    expect(backend.live!()).toBe(0);
  });

  it('knows plain objects and promises of another realm', () => {
    const y = scope(() => Object.assign(runInNewContext('({})') as object, { y: tensor([3]) }).y);
    expect([...y.dataSync()]).toEqual([3]);
    const tree = scope(() => ({
      inner: Object.assign(runInNewContext('({})') as { z?: unknown }, { z: tensor([4]) }),
    }));
    expect([...tree.inner.z.dataSync()]).toEqual([4]);
    expect(mapTree(tree, (x) => x.size)).toEqual({ inner: { z: 1 } });
    for (const late of ['Promise.resolve(1)', 'Promise.reject(1)', '({ then() {} })'])
      expect(codeOf(() => scope(() => [tensor([1]), runInNewContext(late)][1]))).toBe('ARGUMENT');
    y.dispose();
    tree.inner.z.dispose();
    expect(backend.live!()).toBe(0);
  });

  it('says when its result is nested too deeply to look through, and leaks nothing', () => {
    const nested = (levels: number): unknown => {
      let at: unknown = tensor([1]);
      for (let i = 0; i < levels; i++) at = i % 2 ? [at] : { at };
      return at;
    };
    expect(codeOf(() => scope(() => nested(20000)))).toBe('NOT_A_TREE');
    expect(codeOf(() => scope(() => nested(1001)))).toBe('NOT_A_TREE');
    expect(codeOf(() => scope(() => mapTree(nested(1001), (x) => x)))).toBe('NOT_A_TREE');
    expect(backend.live!()).toBe(0);
    const [x] = leaves(scope(() => nested(1000)));
    x!.dispose();
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
