"""Makes layers.json: dropout, stacked cells and both directions, computed by the real Keras and by PyTorch.

    pip install keras==3.15.1 tensorflow-cpu==2.21.0 torch==2.13.0
    python make-layers.py

As in make-vectors.py inputs are multiples of 1/64, random and unequal; expected values are computed in float64 and
rounded to 14 decimals. A float64 Keras layer would draw other dropout masks, so the masks are those that a float32 layer
of the same seed drew in the same call, handed to the float64 one; both must agree to within 1e-6.

Each case is one line: `layers` holds one list of cells (a stack when there are several) for each direction. Outputs of a
reversed layer are in input order, those of `mergeMode: null` are two.
"""

import json
import os
import pathlib

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import keras
import numpy as np
import tensorflow as tf
import torch

HERE = pathlib.Path(__file__).parent
SEED = 20261124
rng = np.random.default_rng(SEED)
GATES = {"simpleRnn": 1, "lstm": 4, "gru": 3}
CELLS = {"simpleRnn": keras.layers.SimpleRNNCell, "lstm": keras.layers.LSTMCell, "gru": keras.layers.GRUCell}
TORCH = {"simpleRnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}


def draw(*shape, scale=1.0):
    n = np.rint(rng.uniform(-1, 1, shape) * 64 * scale)
    return np.where(n == 0, 1, n) / 64


def number(v):
    v = round(float(v), 14)
    assert np.isfinite(v)
    return int(v) if v == int(v) else v


def tensor(a):
    a = np.asarray(a, np.float64)
    return {"shape": list(a.shape), "data": [number(v) for v in a.ravel()]}


def named(names, arrays):
    return {name: tensor(a) for name, a in zip(names, arrays)}


def state_names(cell):
    return ["h", "c"] if cell == "lstm" else ["h"]


def snake(options):
    return {"".join("_" + c.lower() if c.isupper() else c for c in key): value for key, value in options.items()}


def weights_of(cell, inputs, units, options):
    gates = GATES[cell]
    bias = [] if options.get("useBias") is False else [
        draw(2, gates * units, scale=0.5) if cell == "gru" and options.get("resetAfter", True) else draw(gates * units, scale=0.5)
    ]
    return [draw(inputs, gates * units, scale=0.7), draw(units, gates * units, scale=0.7), *bias]


def mask_rows(batch, time):
    """Left, middle and right padding, a row each."""
    rows = np.ones((batch, time), bool)
    rows[0, :1] = False
    rows[1 % batch, 1] = False
    rows[-1, -2:] = False
    return rows


# ---------------------------------------------------------------- Keras


def keras_layer(cells, dtype, weights, **how):
    """One direction: an RNN around one cell, or around a list of them."""
    made = [CELLS[name](units, dtype=dtype, **snake(options)) for name, units, options in cells]
    cell = keras.layers.StackedRNNCells(made, dtype=dtype) if len(made) > 1 else made[0]
    layer = keras.layers.RNN(cell, return_state=True, dtype=dtype, **how)
    return layer, made, weights


def remember_masks(cell):
    """Keeps the masks of a call: Keras forgets them at its end."""
    cell.reset_dropout_mask = lambda: None
    cell.reset_recurrent_dropout_mask = lambda: None


def forget_masks(cell):
    cell._dropout_mask = cell._recurrent_dropout_mask = None


def cast_masks(masks):
    if masks is None:
        return None
    return [tf.cast(m, tf.float64) for m in masks] if isinstance(masks, list) else tf.cast(masks, tf.float64)


def run_direction(cells, weights, x, mask, states, how, training, calls):
    """Outputs in processing order and the state of each cell; float64, checked against float32."""
    nested = None if states is None else [[np.asarray(s) for s in one] for one in states]

    def call(dtype, prepare):
        layer, made, _ = keras_layer(cells, dtype, weights, **how)
        layer.build(x.shape)
        flat = [w for one in weights for w in one]
        layer.set_weights(flat)
        for cell in made:
            remember_masks(cell)
        xs = tf.constant(x, dtype)
        initial = None
        if nested is not None:
            initial = [[tf.constant(s, dtype) for s in one] for one in nested]
            if len(cells) == 1:
                initial = initial[0]
        given = dict(mask=None if mask is None else tf.constant(mask), initial_state=initial)
        prepare(made, lambda: layer(xs, training=False, **given))
        outputs, *state = layer(xs, training=training, **given)
        if len(cells) == 1:
            state = [state]
        state = [[np.asarray(s, np.float64) for s in (one if isinstance(one, (list, tuple)) else [one])] for one in state]
        return np.asarray(outputs, np.float64), state, made

    def earlier_calls(made, once):
        for _ in range(calls):
            once()
            for cell in made:
                forget_masks(cell)

    single, single_state, drawn = call("float32", earlier_calls)

    def same_masks(made, _):
        for cell, other in zip(made, drawn):
            cell._dropout_mask = cast_masks(getattr(other, "_dropout_mask", None))
            cell._recurrent_dropout_mask = cast_masks(getattr(other, "_recurrent_dropout_mask", None))

    outputs, state, _ = call("float64", same_masks)
    for a, b in zip([outputs, *sum(state, [])], [single, *sum(single_state, [])]):
        assert np.max(np.abs(a - b)) < 1e-6, np.max(np.abs(a - b))
    return outputs, state


def merge(mode, a, b):
    if mode is None:
        return [a, b]
    return [{"concat": np.concatenate([a, b], -1)}.get(mode) if mode == "concat" else {"sum": a + b, "mul": a * b, "ave": (a + b) / 2}[mode]]


def numbers_of(cells, weights, states):
    return [
        {
            "cell": name,
            "options": {"units": units, **options},
            "params": named(["kernel", "recurrentKernel", "bias"], w),
            **({} if states is None else {"initialState": named(state_names(name), s)}),
        }
        for (name, units, options), w, s in zip(cells, weights, states or [None] * len(cells))
    ]


def keras_case(id, forward, backward=None, *, sizes=(2, 4, 3), mask=False, state=False, sequences=False, reverse=False,
               merge_mode="concat", training=False, calls=0):
    batch, time, inputs = sizes
    x = draw(batch, time, inputs, scale=1.5)
    rows = mask_rows(batch, time) if mask else None
    directions = []
    for cells in [forward] + ([backward] if backward else []):
        weights, width = [], inputs
        for name, units, options in cells:
            weights.append(weights_of(name, width, units, options))
            width = units
        states = [[draw(batch, units) for _ in state_names(name)] for name, units, _ in cells] if state else None
        directions.append((cells, weights, states))
    results = []
    for way, (cells, weights, states) in enumerate(directions):
        how = dict(
            return_sequences=sequences,
            go_backwards=reverse or way == 1,
            zero_output_for_mask=sequences if backward else False,
        )
        outputs, final = run_direction(cells, weights, x, rows, states, how, training, calls)
        results.append((outputs[:, ::-1] if how["go_backwards"] and sequences else outputs, final))
    outputs = merge(merge_mode, results[0][0], results[1][0]) if backward else [results[0][0]]
    if backward and len(forward) == 1 and not training:
        check_against_bidirectional(directions, x, rows, state, sequences, merge_mode, outputs, results)
    return {
        "id": id,
        "by": "keras",
        "layers": [numbers_of(*direction) for direction in directions],
        "x": tensor(x),
        "mask": None if rows is None else ["".join("1" if v else "0" for v in row) for row in rows],
        "options": {
            "returnSequences": sequences,
            **({"mergeMode": merge_mode} if backward else {"reverse": reverse}),
            **({"training": True, "dropoutCounter": calls} if training else {}),
        },
        "outputs": [tensor(o) for o in outputs],
        "state": [[named(state_names(name), s) for (name, _, _), s in zip(cells, final)]
                  for (cells, _, _), (_, final) in zip(directions, results)],
    }


def check_against_bidirectional(directions, x, rows, state, sequences, merge_mode, outputs, results):
    """What was put together of two RNN layers must be what Keras's own Bidirectional gives."""
    layers = []
    for way, (cells, _, _) in enumerate(directions):
        cell, = [CELLS[name](units, dtype="float64", **snake(options)) for name, units, options in cells]
        layers.append(keras.layers.RNN(cell, return_sequences=sequences, return_state=True, go_backwards=way == 1, dtype="float64"))
    both = keras.layers.Bidirectional(layers[0], merge_mode=merge_mode, backward_layer=layers[1], dtype="float64")
    both.build(x.shape)
    both.set_weights([w for _, weights, _ in directions for one in weights for w in one])
    initial = [tf.constant(s) for _, _, states in directions for one in states for s in one] if state else None
    got = both(tf.constant(x), mask=None if rows is None else tf.constant(rows), initial_state=initial)
    expected = [*outputs, *[s for _, final in results for one in final for s in one]]
    assert len(got) == len(expected)
    for a, b in zip(got, expected):
        assert np.max(np.abs(np.asarray(a) - b)) < 1e-14


# ---------------------------------------------------------------- PyTorch


def torch_blocks(cell, matrix):
    """A Keras matrix [·, gates·u] as PyTorch's [gates·u, ·]: a GRU has r, z, n there."""
    blocks = np.split(np.asarray(matrix), GATES[cell], axis=-1)
    if cell == "gru":
        blocks = [blocks[1], blocks[0], blocks[2]]
    return torch.tensor(np.concatenate(blocks, -1).T.copy())


def torch_case(id, cell, layers, both, *, sizes=(2, 4, 3), units=3):
    """Stacked layers or both directions of PyTorch; all layers have the same units."""
    batch, time, inputs = sizes
    module = TORCH[cell](inputs, units, num_layers=layers, bidirectional=both, batch_first=True, dtype=torch.float64)
    x = draw(batch, time, inputs, scale=1.5)
    directions = []
    for way in range(2 if both else 1):
        weights, states = [], []
        for k in range(layers):
            w = weights_of(cell, inputs if k == 0 else units, units, {})
            suffix = f"l{k}" + ("_reverse" if way else "")
            rows = w[2] if w[2].ndim == 2 else np.stack([w[2], np.zeros_like(w[2])])
            with torch.no_grad():
                getattr(module, f"weight_ih_{suffix}").copy_(torch_blocks(cell, w[0]))
                getattr(module, f"weight_hh_{suffix}").copy_(torch_blocks(cell, w[1]))
                getattr(module, f"bias_ih_{suffix}").copy_(torch_blocks(cell, rows[0][None]).ravel())
                getattr(module, f"bias_hh_{suffix}").copy_(torch_blocks(cell, rows[1][None]).ravel())
            weights.append(w)
            states.append([draw(batch, units) for _ in state_names(cell)])
        directions.append(([(cell, units, {})] * layers, weights, states))
    initial = [torch.tensor(np.stack([one[part] for _, _, states in directions for one in states]))
               for part in range(len(state_names(cell)))]
    outputs, final = module(torch.tensor(x), tuple(initial) if cell == "lstm" else initial[0])
    final = [f.detach().numpy() for f in (final if cell == "lstm" else [final])]
    return {
        "id": id,
        "by": "torch",
        "layers": [numbers_of(*direction) for direction in directions],
        "x": tensor(x),
        "mask": None,
        "options": {"returnSequences": True, **({"mergeMode": "concat"} if both else {"reverse": False})},
        "outputs": [tensor(outputs.detach().numpy())],
        "state": [[named(state_names(cell), [f[way * layers + k] for f in final]) for k in range(layers)]
                  for way in range(len(directions))],
    }


# ---------------------------------------------------------------- the cases

cases = []
for cell, units in (("simpleRnn", 3), ("lstm", 3), ("gru", 2)):
    rates = {"inputs": {"dropout": 0.3}, "state": {"recurrentDropout": 0.4}, "both": {"dropout": 0.25, "recurrentDropout": 0.5}}
    for name, rate in rates.items():
        for calls in (0, 2) if name == "both" else (0,) if name == "state" else (1,):
            cases.append(keras_case(f"dropout/{cell}/{name}-call-{calls}", [(cell, units, {**rate, "seed": 7 + calls})],
                                    sequences=True, training=True, calls=calls, mask=name == "both", state=name == "state"))
    everything = {"dropout": 1.0, "seed": 3}
    cases.append(keras_case(f"dropout/{cell}/rate-1", [(cell, units, everything)], training=True, sequences=True))
    cases.append(keras_case(f"dropout/{cell}/state-rate-1", [(cell, units, {"dropout": 0.3, "recurrentDropout": 1.0, "seed": 5})],
                            training=True, sequences=True, calls=1))
    cases.append(keras_case(f"dropout/{cell}/not-training", [(cell, units, {"dropout": 0.3, "recurrentDropout": 0.4, "seed": 5})],
                            sequences=True))
cases.append(keras_case("dropout/gru/reset-before", [("gru", 3, {"dropout": 0.2, "recurrentDropout": 0.3, "seed": 11, "resetAfter": False})],
                        sequences=True, training=True))
cases.append(keras_case("dropout/lstm/reverse", [("lstm", 2, {"dropout": 0.4, "seed": 2})], sequences=True, training=True, reverse=True))

tower = [("lstm", 4, {}), ("gru", 3, {"recurrentActivation": "hard_sigmoid"}), ("simpleRnn", 2, {"activation": "relu"})]
cases.append(keras_case("stacked/last-output", tower, state=True))
cases.append(keras_case("stacked/sequences", tower, sequences=True))
cases.append(keras_case("stacked/masked", tower, sequences=True, mask=True, state=True, sizes=(3, 5, 2)))
cases.append(keras_case("stacked/masked-last-output", tower, mask=True, sizes=(3, 5, 2)))
cases.append(keras_case("stacked/masked-reverse", tower, sequences=True, mask=True, reverse=True, sizes=(3, 4, 2)))
cases.append(keras_case("stacked/one-cell", [("lstm", 3, {})], sequences=True, state=True))
dropping = [("simpleRnn", 3, {"dropout": 0.3, "seed": 4}), ("lstm", 2, {"recurrentDropout": 0.4, "seed": 9}), ("gru", 3, {"dropout": 0.5, "seed": 1})]
for calls in (0, 1):
    cases.append(keras_case(f"stacked/dropout-call-{calls}", dropping, sequences=True, training=True, calls=calls))
cases += [torch_case(f"stacked/torch-{cell}", cell, 2, False) for cell in CELLS]

for mode in ("concat", "sum", "mul", "ave", None):
    for sequences in (True, False):
        cases.append(keras_case(f"bidirectional/{mode or 'both'}-{'sequences' if sequences else 'last-output'}",
                                [("lstm", 3, {})], [("lstm", 3, {})], merge_mode=mode, sequences=sequences, mask=True, state=True,
                                sizes=(3, 4, 2)))
cases.append(keras_case("bidirectional/unmasked", [("gru", 3, {})], [("gru", 3, {})], sequences=True))
cases.append(keras_case("bidirectional/simple-rnn", [("simpleRnn", 3, {})], [("simpleRnn", 3, {})], sequences=True, mask=True))
cases.append(keras_case("bidirectional/unlike-cells", [("gru", 2, {"resetAfter": False})], [("gru", 4, {"activation": "softsign"})],
                        sequences=True, mask=True, sizes=(2, 5, 3)))
cases.append(keras_case("bidirectional/dropout", [("lstm", 3, {"dropout": 0.3, "seed": 6})], [("lstm", 3, {"dropout": 0.3, "seed": 6})],
                        sequences=True, training=True, calls=1))
cases += [torch_case(f"bidirectional/torch-{cell}", cell, 1, True) for cell in CELLS]

meta = {"by": "make-layers.py", "seed": SEED, "keras": keras.__version__, "tensorflow": tf.__version__,
        "torch": torch.__version__, "numpy": np.__version__}
lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
text = '{"meta":' + json.dumps(meta) + ',"cases":[\n' + lines + "\n]}\n"
(HERE / "layers.json").write_text(text)
print(f"layers.json: {len(cases)} cases, {len(text) // 1024} KB")
