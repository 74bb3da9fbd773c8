/** What the gate refuses, and how the errors read. */
import { cpu } from '@recurra/backend-cpu';
import {
  add,
  applyFused,
  glorotUniform,
  grad,
  slice,
  sum,
  valueAndGrad,
  zeros,
  matmul,
  RecurraError,
  scope,
  tensor,
  useBackend,
  whyNot,
  type Backend,
  type Tensor,
} from '@recurra/core';
import { beforeEach, describe, expect, it } from 'vitest';

let backend: Backend;
beforeEach(async () => {
  backend = await useBackend(cpu());
});

function errorOf(f: () => unknown): RecurraError {
  const before = backend.live!();
  try {
    scope(f);
  } catch (error) {
    expect(error).toBeInstanceOf(RecurraError);
    expect(backend.live!()).toBe(before);
    return error as RecurraError;
  }
  throw new Error('it did not throw');
}

describe('the gate', () => {
  it('says op, shapes and hint', () => {
    const error = errorOf(() => matmul(tensor([[1, 2]]), tensor([[1], [2], [3]])));
    expect(error.message).toBe(
      '[matmul] inner axes must agree, 2 ≠ 3\n  a: [1, 2]\n  b: [3, 1]\n' +
        '  hint: transposeA / transposeB read an operand with its last two axes swapped',
    );
    expect([error.name, error.op, error.code]).toEqual(['ShapeError', 'matmul', 'SHAPE']);
  });

  it('refuses mixed backends, foreign objects, disposed tensors and two dtypes', () => {
    const x = tensor([1, 2]);
    const gone = tensor([1, 2]);
    gone.dispose();
    expect(errorOf(() => add(x, tensor([1, 2], undefined, { backend: cpu() }))).code).toBe('BACKEND_MIXED');
    expect(errorOf(() => add(x, [1, 2] as never)).code).toBe('NOT_A_TENSOR');
    expect(errorOf(() => add(null as never, x)).code).toBe('NOT_A_TENSOR');
    expect(errorOf(() => add(x, undefined as never)).code).toBe('NOT_A_TENSOR');
    expect(errorOf(() => add(x, gone)).code).toBe('DISPOSED');
    expect(errorOf(() => add(gone, 1)).code).toBe('DISPOSED');
    expect(errorOf(() => add(x as Tensor, tensor([1, 2], undefined, { dtype: 'int32' }) as Tensor)).code).toBe('DTYPE');
    expect(errorOf(() => add(1 as never, 2 as never)).code).toBe('ARGUMENT');
  });

  it('knows a tensor of another copy of core', () => {
    const foreign = { [Symbol.for('@recurra/core/tensor')]: true, shape: [2], dtype: 'float32' };
    expect(errorOf(() => add(tensor([1, 2]), foreign as never)).code).toBe('FOREIGN_TENSOR');
  });

  it('names op and backend when a kernel throws', () => {
    const broken: Backend = Object.assign(Object.create(backend) as Backend, {
      name: 'broken',
      binary: () => {
        throw new TypeError('out of luck');
      },
    });
    const x = tensor([1], undefined, { backend: broken });
    const error = errorOf(() => add(x, x));
    expect([error.code, error.message.split('\n')[0]]).toEqual(['BACKEND_FAILED', '[add] broken failed: out of luck']);
    expect(error.cause).toBeInstanceOf(TypeError);
  });
});

describe('ownership and arguments', () => {
  it('never hands out the parameters as their gradient', () => {
    class Model {
      w = tensor([1, 2]);
    }
    const w = tensor([1, 2]);
    expect(errorOf(() => grad((p: Model) => sum(p.w))(new Model())).code).toBe('NOT_A_TREE');
    expect(errorOf(() => grad((m: Map<string, Tensor<'float32'>>) => sum(m.get('w')!))(new Map([['w', w]]))).code).toBe(
      'NOT_A_TREE',
    );
    expect(errorOf(() => grad((p: { w: Tensor<'float32'>; lr: number }) => sum(p.w))({ w, lr: 0.1 })).code).toBe(
      'NOT_A_TREE',
    );
    const gone = tensor([1]);
    gone.dispose();
    expect(errorOf(() => grad(() => tensor(1))(gone)).code).toBe('DISPOSED');
  });

  it('gives results that can be freed alone', () => {
    const w = tensor(3);
    const [value, gradient] = valueAndGrad((x: Tensor<'float32'>) => x)(w);
    value.dispose();
    gradient.dispose();
    expect([w.disposed, backend.live!()]).toEqual([false, 1]);
  });

  it('refuses circles, endless nesting and lists that are none', () => {
    const circle: unknown[] = [];
    circle[0] = circle;
    const x = tensor([[1, 2]]);
    expect(errorOf(() => tensor(circle as never)).code).toBe('RANK');
    expect(errorOf(() => slice(x, 1 as never)).code).toBe('ARGUMENT');
    expect(errorOf(() => zeros(new Array<number>(2))).code).toBe('SHAPE');
    expect(errorOf(() => zeros([1e6, 1e6])).code).toBe('TOO_LARGE');
    expect(errorOf(() => sum(x, { axis: null as never })).code).toBe('ARGUMENT');
    expect(errorOf(() => matmul(x, x, { transposeB: 'false' as never })).code).toBe('ARGUMENT');
    expect(errorOf(() => matmul(x, x, { transpose_b: true } as never)).code).toBe('UNKNOWN_NAME');
    expect(errorOf(() => tensor([1], [1], { dytpe: 'int32' } as never)).code).toBe('UNKNOWN_NAME');
    expect(errorOf(() => glorotUniform({ sede: 1 } as never)).code).toBe('UNKNOWN_NAME');
    expect(errorOf(() => glorotUniform(42 as never)).code).toBe('ARGUMENT');
    const loop: Record<string, unknown> = { x: 1 };
    loop.self = loop;
    expect(scope(() => loop)).toBe(loop);
  });
});

describe('asking for fused kernels', () => {
  it('says why not, in words', () => {
    const none: Backend = Object.assign(Object.create(backend) as Backend, { name: 'plain', fused: {} });
    expect(whyNot(none, 'softmax', { shape: [2] })).toBe('plain has no fused softmax');
    expect(applyFused('softmax', { shape: [1] }, [tensor([1], undefined, { backend: none })])).toBeNull();
  });
});
