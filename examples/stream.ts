// A sensor that is read for ever: one frame in, one output out, the state kept in between.
import { cpu } from '@recurra/backend-cpu';
import { gruCell, rnn, stream } from '@recurra/cells';
import { setRandomSeed, stack, tensor, useBackend, reshape } from '@recurra/core';

await useBackend(cpu());
setRandomSeed(42);

const cell = gruCell({ units: 4 });
const params = cell.init(2);
const frameAt = (t: number): Float32Array => Float32Array.of(Math.sin(t / 3), Math.cos(t / 5));

const live = stream(cell, params);
const out = new Float32Array(cell.units); // filled anew by each step, so that a step allocates nothing
for (let t = 0; t < 1000; t++) live.step(frameAt(t), out);
console.log('streamed:   ', Array.from(out, (v) => v.toFixed(6)).join(' '));
live.dispose();

// The same frames as one sequence, [batch, time, features].
const x = reshape(stack(Array.from({ length: 1000 }, (_, t) => tensor(frameAt(t), [2]))), [1, 1000, 2]);
const whole = await rnn(cell, params, x).outputs.data();
console.log('as sequence:', Array.from(whole, (v) => v.toFixed(6)).join(' '));
console.log(
  'the same to the bit?',
  whole.every((v, i) => Object.is(v, out[i])),
);
