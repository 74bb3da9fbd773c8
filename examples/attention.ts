// Where does each query look? Bahdanau's attention over a padded sequence.
import { additiveScore, attention, paddingMask } from '@recurra/attention';
import { cpu } from '@recurra/backend-cpu';
import { setRandomSeed, tensor, useBackend } from '@recurra/core';
import { tfRandom } from '@recurra/core/random';

await useBackend(cpu());
setRandomSeed(42);

const query = tensor(tfRandom(1).normal([1, 2, 3]), [1, 2, 3]); // [batch, queries, width]
const keys = tensor(tfRandom(2).normal([1, 4, 5]), [1, 4, 5]); // [batch, keys, width]
const valid = tensor([[true, true, true, false]]); // the last key is padding

const score = additiveScore({ units: 8 });
const params = score.init({ query: 3, keys: 5 });
const { context, weights } = attention(score, params, query, keys, keys, { mask: paddingMask(valid) });

const rows = await weights.data();
console.log('query 0 looks at', Array.from(rows.subarray(0, 4), (w) => w.toFixed(3)).join(' '));
console.log('query 1 looks at', Array.from(rows.subarray(4, 8), (w) => w.toFixed(3)).join(' '));
console.log('context', context.shape);
