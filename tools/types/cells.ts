/** What the cells' types know: parameters and state of each cell, and the outputs by what was asked for. Never run. */
import { mean, mul, sigmoid, square, valueAndGrad, type Tensor } from '@recurra/core';
import {
  bidirectional,
  gruCell,
  lstmCell,
  rnn,
  simpleRNNCell,
  stackedRNNCells,
  stream,
  type Cell,
  type GRUParams,
  type GRUState,
  type LastOutput,
  type LSTMParams,
  type LSTMState,
  type Outputs,
  type RNNOptions,
  type SimpleRNNParams,
  type SimpleRNNState,
  type Stream,
} from '@recurra/cells';
import { is } from './same.js';

type Floats = Tensor<'float32'>;
declare const x: Floats;
declare const mask: Tensor<'bool'>;
declare const flag: boolean;

const simple = simpleRNNCell({ units: 3, activation: 'relu' });
const lstm = lstmCell({ units: 3, activation: (z) => mul(z, sigmoid(z)), recurrentActivation: 'hard_sigmoid' });
const gru = gruCell({ units: 3, resetAfter: false, kernelInitializer: 'he_normal', dropout: 0.2, seed: 1 });

// Parameters by cell, in Keras's names. Without a bias the key is absent.
is<SimpleRNNParams>()(simple.init(2));
is<LSTMParams>()(lstm.init(2));
is<GRUParams>()(gru.init(2));
const params = lstm.init(2);
is<Floats>()(params.kernel);
is<Floats>()(params.recurrentKernel);
is<Floats | undefined>()(params.bias);
const mine: LSTMParams = { kernel: x, recurrentKernel: x };
// @ts-expect-error the recurrent kernel is missing
rnn(lstm, { kernel: x }, x);
// @ts-expect-error parameters do not change in place
params.kernel = x;

// @ts-expect-error the parameters of another cell
rnn(lstm, gru.init(2), x);

// State by cell.
const { outputs, state } = rnn(lstm, mine, x);
is<LSTMState>()(state);
is<Floats>()(state.c);
is<SimpleRNNState>()(rnn(simple, simple.init(2), x).state);
is<GRUState>()(rnn(gru, gru.init(2), x).state);
rnn(lstm, mine, x, { initialState: state, mask, reverse: true });
rnn(lstm, mine, x, { initialState: lstm.initialState(mine, 2), mask: null });
// @ts-expect-error a GRU has no c
void rnn(gru, gru.init(2), x).state.c;
// @ts-expect-error an LSTM has a c too
rnn(lstm, mine, x, { initialState: { h: x } });
// @ts-expect-error the state of a GRU is not that of an LSTM
rnn(lstm, mine, x, { initialState: rnn(gru, gru.init(2), x).state });

// The shape of the outputs, by returnSequences.
is<LastOutput>()(outputs);
is<LastOutput>()(rnn(lstm, mine, x, { returnSequences: false }).outputs);
is<Outputs>()(rnn(lstm, mine, x, { returnSequences: true }).outputs);
is<Floats>()(rnn(lstm, mine, x, { returnSequences: flag }).outputs);
declare const options: RNNOptions<LSTMState>;
is<Floats>()(rnn(lstm, mine, x, options).outputs);
const [batch, time, units] = rnn(lstm, mine, x, { returnSequences: true }).outputs.shape;
is<number>()(batch + time + units);
// @ts-expect-error these have no time
const sequences: Outputs = outputs;
const floats: Floats = outputs;
is<Promise<Float32Array>>()(floats.data());
void sequences;

// Gradients have the form of the parameters.
const step = valueAndGrad((p: LSTMParams, y: Floats) => mean(square(rnn(lstm, p, y).outputs)));
is<readonly [value: Floats, grads: LSTMParams]>()(step(mine, x));

// Stacks: a list of parameters and of states, one for each cell.
const stack = stackedRNNCells([lstm, gru]);
is<readonly [LSTMParams, GRUParams]>()(stack.init(2));
is<readonly [LSTMState, GRUState]>()(rnn(stack, stack.init(2), x).state);
is<readonly [LSTMState, LSTMState]>()(rnn(stackedRNNCells([lstm, lstm]), [mine, mine], x).state);
is<Outputs>()(rnn(stack, stack.init(2), x, { returnSequences: true }).outputs);
// @ts-expect-error one set of parameters for two cells
rnn(stack, [mine], x);
// @ts-expect-error the parameters of a stack are not those of a cell
rnn(lstm, stack.init(2), x);
// @ts-expect-error nor the other way round
rnn(stack, mine, x);

// Both directions.
const both = { forward: [lstm, mine], backward: [gru, gru.init(2)] } as const;
is<LastOutput>()(bidirectional(both, x).outputs);
is<Outputs>()(bidirectional(both, x, { returnSequences: true, mergeMode: 'concat' }).outputs);
is<Outputs>()(bidirectional(both, x, { returnSequences: true, mergeMode: null }).outputs[1]);
is<{ readonly forward: LSTMState; readonly backward: GRUState }>()(bidirectional(both, x).state);
// @ts-expect-error there is no such mode
bidirectional(both, x, { mergeMode: 'average' });

// Streams: frames in, outputs out, the state of the cell.
const live = stream(lstm, mine, { batch: 2, initialState: state });
is<Stream<LSTMState>>()(live);
is<Float32Array>()(live.step(new Float32Array(4)));
is<LSTMState>()(live.state());
is<readonly [LSTMState, GRUState]>()(stream(stack, stack.init(2)).state());
// @ts-expect-error the state of another cell
live.reset({ h: x });
// @ts-expect-error a frame is made of numbers
live.step(x);

// Misspelt options and names.
// @ts-expect-error units
lstmCell({ unit: 3 });
// @ts-expect-error there must be units
lstmCell({});
// @ts-expect-error useBias
lstmCell({ units: 3, use_bias: true });
// @ts-expect-error tanh
lstmCell({ units: 3, activation: 'tahn' });
// @ts-expect-error sigmoid
gruCell({ units: 3, recurrentActivation: 'sigmiod' });
// @ts-expect-error glorotUniform
gruCell({ units: 3, kernelInitializer: 'glorot' });
// @ts-expect-error only a GRU resets
lstmCell({ units: 3, resetAfter: true });
// @ts-expect-error a simple cell has no gates
simpleRNNCell({ units: 3, recurrentActivation: 'sigmoid' });
// @ts-expect-error returnSequences is said to rnn
lstmCell({ units: 3, returnSequences: true });
// @ts-expect-error returnSequences
rnn(lstm, mine, x, { returnSequence: true });
// @ts-expect-error an activation gives a tensor
lstmCell({ units: 3, activation: () => 1 });
// @ts-expect-error the cell comes first
rnn(mine, lstm, x);
// @ts-expect-error x is float32
rnn(lstm, mine, mask);

// Code for any cell.
declare const cells: readonly Cell[];
for (const cell of cells) is<Floats>()(rnn(cell, cell.init(2), x, { returnSequences: flag }).outputs);
