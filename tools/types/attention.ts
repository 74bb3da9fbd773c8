/** What attention's types know: the parameters of each score, and of Keras's layers. Type-checked, never run. */
import { mean, valueAndGrad, type Tensor } from '@recurra/core';
import {
  additiveScore,
  attention,
  causalMask,
  dotScore,
  generalScore,
  kerasAttention,
  paddingMask,
  type AdditiveScoreParams,
  type Attended,
  type GeneralScoreParams,
  type KerasAttentionParams,
  type NoParams,
} from '@recurra/attention';
import { lstmCell, rnn } from '@recurra/cells';
import { is } from './same.js';

type Floats = Tensor<'float32'>;
declare const x: Floats;
declare const valid: Tensor<'bool'>;

const additive = additiveScore({ units: 4, useBias: true });
const params = additive.init({ query: 2, keys: 3 });
is<AdditiveScoreParams>()(params);
is<Floats>()(params.queryKernel);
is<Floats | undefined>()(params.bias);
is<GeneralScoreParams>()(generalScore().init({ query: 2, keys: 3 }));
is<NoParams>()(dotScore().init({ query: 2, keys: 2 }));

is<Attended>()(attention(additive, params, x, x, undefined, { mask: paddingMask(valid) }));
is<Floats>()(attention(dotScore(), {}, x, x, x, { causal: true }).weights);
is<Tensor<'bool'>>()(causalMask(2, 3));
const step = valueAndGrad((p: AdditiveScoreParams) => mean(attention(additive, p, x, x).context));
is<readonly [value: Floats, grads: AdditiveScoreParams]>()(step(params));

const layer = kerasAttention({ useScale: true });
is<KerasAttentionParams>()(layer.init({ query: 8 }));
is<Floats>()(layer(layer.init({ query: 8 }), [x, x], { mask: [null, valid] }).outputs);

// @ts-expect-error the parameters of another score
attention(additive, generalScore().init({ query: 2, keys: 3 }), x, x);
// @ts-expect-error the parameters of a cell
attention(additive, lstmCell({ units: 3 }).init(2), x, x);
// @ts-expect-error the parameters of a score
rnn(lstmCell({ units: 3 }), params, x);
// @ts-expect-error a mask is bool
attention(additive, params, x, x, x, { mask: x });
// @ts-expect-error causal
attention(additive, params, x, x, x, { casual: true });
// @ts-expect-error units
additiveScore({ unit: 4 });
// @ts-expect-error widths have names
additive.init({ query: 2, key: 3 });
