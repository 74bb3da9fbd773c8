import { cpu } from '@recurra/backend-cpu';
import { lstmCell, rnn } from '@recurra/cells';
import { setRandomSeed, tensor, useBackend } from '@recurra/core';

await useBackend(cpu());
setRandomSeed(42); //                         keras.utils.set_random_seed(42)
const cell = lstmCell({ units: 3 }); //       layer = keras.layers.LSTM(3)
const params = cell.init(2);
const x = tensor([1, 0, 0, 1, 1, 1], [1, 3, 2]); // [batch, time, features]
const { outputs } = rnn(cell, params, x); //  layer(x)
console.log(await outputs.data());
