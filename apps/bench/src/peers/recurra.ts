/** Recurra on backend-cpu, called as its README shows. */
import type { Cell } from '@recurra/cells';
import type { Tree } from '@recurra/core';
import type { Case, GateCase, RecurrentCase, TrainingCase } from '../cases.js';
import { numbersFor, type Numbers } from '../numbers.js';
import type { Peer, Prepared } from '../peer.js';

export const recurra: Peer = {
  name: 'recurra cpu',
  async open() {
    const [core, { gruCell, lstmCell, rnn, simpleRNNCell }, { cpu, gradients }] = await Promise.all([
      import('@recurra/core'),
      import('@recurra/cells'),
      import('@recurra/backend-cpu'),
    ]);
    await core.useBackend(cpu({ gradients }));

    function recurrence(task: RecurrentCase, numbers: Numbers): Prepared {
      const { batch, time, inputs, units } = task;
      const of = (role: string, shape: readonly number[]) =>
        core.tensor(numbersFor(numbers, role), shape, { dtype: 'float32' });
      const columns = numbersFor(numbers, 'bias').length;
      // Keras's layout, which is the same for the three cells.
      const weights = {
        kernel: of('kernel', [inputs, columns]),
        recurrentKernel: of('recurrentKernel', [units, columns]),
        bias: of('bias', [columns]),
      };
      const layer = <P extends Tree, S extends Tree>(cell: Cell<P, S>, params: NoInfer<P>) => {
        const run = (): Float32Array =>
          core.scope(() => {
            const x = of('x', [batch, time, inputs]);
            return rnn(cell, params, x, { returnSequences: true }).outputs.dataSync();
          });
        return { run, output: run };
      };
      const made = {
        SimpleRNN: () => layer(simpleRNNCell({ units }), weights),
        LSTM: () => layer(lstmCell({ units }), weights),
        GRU: () => layer(gruCell({ units, resetAfter: false }), weights),
      };
      return made[task.cell]();
    }

    function training({ batch, time, inputs, units, rate }: TrainingCase, numbers: Numbers): Prepared {
      const of = (role: string, shape: readonly number[]) =>
        core.tensor(numbersFor(numbers, role), shape, { dtype: 'float32' });
      const initial = () => ({
        kernel: of('kernel', [inputs, 4 * units]),
        recurrentKernel: of('recurrentKernel', [units, 4 * units]),
        bias: of('bias', [4 * units]),
      });
      const cell = lstmCell({ units });
      let params = initial();
      const run = (): number => {
        const old = params;
        const [loss, next] = core.scope(() => {
          const x = of('x', [batch, time, inputs]);
          const target = of('target', [batch, units]);
          const [value, grads] = core.valueAndGrad((p: typeof params) =>
            core.mean(core.square(core.sub(rnn(cell, p, x).outputs, target))),
          )(params);
          const step = (w: keyof typeof params) => core.sub(params[w], core.mul(grads[w], rate));
          return [
            value,
            { kernel: step('kernel'), recurrentKernel: step('recurrentKernel'), bias: step('bias') },
          ] as const;
        });
        params = next;
        core.leaves(old).forEach((w) => w.dispose());
        const [number] = loss.dataSync();
        loss.dispose();
        return number!;
      };
      // Losses hide much: the weights after the steps are compared too.
      const output = () =>
        Float32Array.from([
          ...Array.from({ length: 4 }, run),
          ...core.leaves(params).flatMap((w) => [...w.dataSync()]),
        ]);
      return { run, output };
    }

    function additions({ adds }: GateCase, numbers: Numbers): Prepared {
      const a = core.tensor(numbersFor(numbers, 'a'), [], { dtype: 'float32' });
      const b = core.tensor(numbersFor(numbers, 'b'), [], { dtype: 'float32' });
      const sum = () => {
        let total = a;
        for (let i = 0; i < adds; i++) total = core.add(total, b);
        return total;
      };
      return {
        run: () =>
          core.scope(() => {
            sum();
          }),
        output: () => core.scope(() => sum().dataSync()),
      };
    }

    return {
      prepare(task: Case, n) {
        if (task.kind === 'training') return training(task, n);
        return task.kind === 'gate' ? additions(task, n) : recurrence(task, n);
      },
    };
  },
};
