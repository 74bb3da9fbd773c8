"""Writes goldens.json, and the small vectors of the conformance suite: what the variants of recurrent cells give.

    pip install keras==3.15.1 tensorflow-cpu==2.21.0 torch==2.13.0
    python make-goldens.py

and, in an environment with onnxruntime 1.30, onnx and NumPy (it computes in float32, hence the second step):

    python make-goldens.py --onnx            # reads goldens.json, compares, writes nothing

The numbers are PyTorch's, float64, from the equations as the papers have them: outputs, states and, by autograd, gradients.
They are compared with something that others wrote, or that is written another way:

    projected    torch.nn.LSTM(proj_size), float64, gradients included
    layerNorm    a Keras cell made of keras.layers.LayerNormalization and Dense, in keras.layers.RNN, float64
    peephole     onnxruntime's LSTM with P; and the loops over single units below
    coupled      onnxruntime's LSTM with input_forget=1; and the loops below
    minimal      the loops below, over [h ; x] and one matrix a gate as in the paper
    zoneout      keras.layers.LSTMCell and GRUCell, float64, with masks by keras.random.dropout
    residual     the same cells in keras.layers.RNN, float64

These must agree to 1e-12, onnxruntime to 2e-6. What remains (dropout, and in the loops masks and other activations) goes
through the same equations, and through a driver that was compared with keras.layers.RNN in the other cases. Weights, inputs and states are random multiples of 1/64 and differ in
every gate. Dropout masks are those of keras.random.dropout: draw n of a cell with seed s is that of the pair (s, n).
"""

import json
import os
import pathlib
import random
import sys

import numpy as np

HERE = pathlib.Path(__file__).parent
VECTORS = HERE / "../../../conformance-tests/src/vectors/variants.json"
SEED = 20261125
EPSILON = 1e-3


# ---------------------------------------------------------------- onnxruntime


def onnx_lstm(case):
    """One node; the gates of a peephole LSTM are i, o, f, c there, and its peepholes i, o, f."""
    import onnxruntime
    from onnx import TensorProto, helper

    p = {name: np.array(t["data"], np.float32).reshape(t["shape"]) for name, t in case["params"].items()}
    coupled = case["cell"] == "coupled"
    units = case["options"]["units"]

    def blocks(a):
        parts = np.split(a, 3 if coupled else 4, axis=-1)
        if coupled:  # f is not used: anything may stand there
            i, c, o = parts
            return np.concatenate([i, o, np.full_like(i, 7), c], -1)
        i, f, c, o = parts
        return np.concatenate([i, o, f, c], -1)

    feed = {"X": np.array(case["x"]["data"], np.float32).reshape(case["x"]["shape"]).transpose(1, 0, 2)}
    initial = case["initialState"]
    for part in "hc":
        shape = (feed["X"].shape[1], units)
        numbers = np.zeros(shape) if initial is None else np.array(initial[part]["data"]).reshape(shape)
        feed[part] = numbers.astype(np.float32)[None]
    feed["W"], feed["R"] = blocks(p["kernel"]).T[None], blocks(p["recurrentKernel"]).T[None]
    b = blocks(p["bias"]) if "bias" in p else np.zeros(4 * units, np.float32)
    feed["B"] = np.concatenate([b, np.zeros_like(b)])[None]
    inputs = ["X", "W", "R", "B", "", "h", "c"]
    if not coupled:
        i, f, o = np.split(p["peepholeKernel"], 3)
        feed["P"] = np.concatenate([i, o, f])[None]
        inputs.append("P")
    feed = {name: np.ascontiguousarray(a, np.float32) for name, a in feed.items()}
    node = helper.make_node("LSTM", inputs, ["Y", "Yh", "Yc"], hidden_size=units, input_forget=int(coupled))
    given = [helper.make_tensor_value_info(n, TensorProto.FLOAT, a.shape) for n, a in feed.items()]
    made = [helper.make_tensor_value_info(n, TensorProto.FLOAT, None) for n in node.output]
    model = helper.make_model(helper.make_graph([node], "g", given, made), opset_imports=[helper.make_opsetid("", 14)])
    model.ir_version = 8
    y, h, c = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"]).run(None, feed)
    return y[:, 0].transpose(1, 0, 2), h[0], c[0]


def compare_with_onnx():
    made = json.loads((HERE / "goldens.json").read_text())["cases"]
    plain = lambda o: not o.keys() & {"activation", "recurrentActivation", "dropout"}
    compared, worst = 0, 0.0
    for case in made:
        how = case["how"]
        if case["cell"] not in ("peephole", "coupled") or not plain(case["options"]) or case["mask"] or how["reverse"]:
            continue
        y, h, c = onnx_lstm(case)
        expected = [case["outputs"], case["state"]["h"], case["state"]["c"]]
        for a, e in zip([y if how["returnSequences"] else y[:, -1], h, c], expected):
            e = np.array(e["data"]).reshape(e["shape"])
            worst = max(worst, np.max(np.abs(a - e) / (1 + np.abs(e))))
        compared += 1
    assert compared >= 4 and worst < 2e-6, (compared, worst)
    print(f"onnxruntime agrees in {compared} cases, {worst:.1e} at most")


if "--onnx" in sys.argv:
    compare_with_onnx()
    sys.exit()

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import keras
import tensorflow as tf
import torch

torch.set_default_dtype(torch.float64)
rng = np.random.default_rng(SEED)
dice = random.Random(SEED)


# ---------------------------------------------------------------- numbers in and out


def draw(*shape, scale=1.0):
    """Multiples of 1/64 in ±scale, none of them 0: float16 holds them exactly."""
    n = np.rint(rng.uniform(-1, 1, shape) * 64 * scale)
    return np.where(n == 0, 1, n) / 64


def numbers(a):
    a = np.asarray(a.detach() if torch.is_tensor(a) else a, np.float64)
    assert np.all(np.isfinite(a))
    return {"shape": list(a.shape), "data": [int(v) if v == int(v) else v for v in (round(float(v), 14) for v in a.ravel())]}


def same(a, b, tolerance=1e-12):
    a, b = (np.asarray(v.detach() if torch.is_tensor(v) else v, np.float64) for v in (a, b))
    assert a.shape == b.shape, (a.shape, b.shape)
    assert np.max(np.abs(a - b) / (1 + np.abs(b)), initial=0) <= tolerance, np.max(np.abs(a - b))


def keras_mask(shape, rate, seed, n):
    seeds = keras.random.SeedGenerator(seed)
    for _ in range(n):
        seeds.next()
    return np.asarray(keras.random.dropout(tf.ones(shape, tf.float32), rate, seed=seeds), np.float64)


# ---------------------------------------------------------------- the equations, in PyTorch

ACT = {
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "relu": torch.relu,
    "softsign": torch.nn.functional.softsign,
    "hardSigmoid": lambda x: torch.clip(x / 6 + 0.5, 0, 1),
    "linear": lambda x: x,
}
KERAS_ACT = {"hardSigmoid": "hard_sigmoid"}
GATES = {"peephole": 4, "projected": 4, "layerNorm": 4, "coupled": 3, "minimal": 2, "lstm": 4, "gru": 3}


def layer_norm(x, gamma, beta, epsilon):
    d = x - x.mean(-1, keepdim=True)
    return d / torch.sqrt((d * d).mean(-1, keepdim=True) + epsilon) * gamma + beta


def times(x, W, masks):
    """x·W, each block of W with a mask of its own, or all with one."""
    if len(masks) < 2:
        return (x * masks[0] if masks else x) @ W
    blocks = W.chunk(len(masks), -1)
    return torch.cat([(x * m) @ B for m, B in zip(masks, blocks)], -1)


def step(kind, options, p, x, state, masks):
    act, ract = ACT[options.get("activation", "tanh")], ACT[options.get("recurrentActivation", "sigmoid")]
    h, c = state["h"], state.get("c")
    W, U, b = p["kernel"], p["recurrentKernel"], p.get("bias", 0)
    mx, mh = masks
    if kind == "peephole":
        z_i, z_f, z_c, z_o = (times(x, W, mx) + times(h, U, mh) + b).chunk(4, -1)
        p_i, p_f, p_o = p["peepholeKernel"].chunk(3)
        i, f = ract(z_i + p_i * c), ract(z_f + p_f * c)
        c = f * c + i * act(z_c)
        h = ract(z_o + p_o * c) * act(c)
        return h, {"h": h, "c": c}
    if kind in ("projected", "lstm"):
        z_i, z_f, z_c, z_o = (times(x, W, mx) + times(h, U, mh) + b).chunk(4, -1)
        c = ract(z_f) * c + ract(z_i) * act(z_c)
        h = ract(z_o) * act(c)
        if kind == "projected":
            h = h @ p["projectionKernel"]
        return h, {"h": h, "c": c}
    if kind == "layerNorm":
        e = options.get("normEpsilon", EPSILON)
        z = layer_norm(times(x, W, mx), p["kernelGamma"], p["kernelBeta"], e)
        z = z + layer_norm(times(h, U, mh), p["recurrentGamma"], p["recurrentBeta"], e) + b
        z_i, z_f, z_c, z_o = z.chunk(4, -1)
        c = layer_norm(ract(z_f) * c + ract(z_i) * act(z_c), p["stateGamma"], p["stateBeta"], e)
        h = ract(z_o) * act(c)
        return h, {"h": h, "c": c}
    if kind == "coupled":
        z_i, z_c, z_o = (times(x, W, mx) + times(h, U, mh) + b).chunk(3, -1)
        i = ract(z_i)
        c = (1 - i) * c + i * act(z_c)
        h = ract(z_o) * act(c)
        return h, {"h": h, "c": c}
    if kind == "minimal":
        x_f, x_h = (times(x, W, mx) + b).chunk(2, -1)
        U_f, U_h = U.chunk(2, -1)
        f = ract(x_f + times(h, U_f, mh[:1]))
        candidate = act(x_h + times(f * h, U_h, mh[1:]))
        h = (1 - f) * h + f * candidate
        return h, {"h": h}
    if kind == "gru":
        x_z, x_r, x_h = (times(x, W, mx) + b[0]).chunk(3, -1)
        h_z, h_r, h_h = (times(h, U, mh) + b[1]).chunk(3, -1)
        z, r = ract(x_z + h_z), ract(x_r + h_r)
        h = z * h + (1 - z) * act(x_h + r * h_h)
        return h, {"h": h}
    raise ValueError(kind)


def dropout_masks(kind, options, batch, features, width, calls):
    """What one call of the cell draws: all input masks, then all state masks."""
    if calls is None:
        return [], []
    rates = options.get("dropout", 0), options.get("recurrentDropout", 0)
    each = GATES[kind] if rates[1] > 0 else 1
    counts = [each if rate > 0 else 0 for rate in rates]
    first = calls * sum(counts)
    x = [torch.tensor(keras_mask((batch, features), rates[0], options["seed"], first + n)) for n in range(counts[0])]
    first += counts[0]
    h = [torch.tensor(keras_mask((batch, width), rates[1], options["seed"], first + n)) for n in range(counts[1])]
    return x, h


def run(case, params, x, state):
    """Time, direction and padding as in keras.layers.RNN; outputs in input order."""
    options, how, wrapper = case["options"], case["how"], case.get("wrapper", {})
    kind, mask = case["cell"], case["mask"]
    batch, time, features = x.shape
    masks = dropout_masks(kind, options, batch, features, state["h"].shape[-1], how["dropoutCounter"])
    zoneout = wrapper.get("name") == "zoneout"
    rates = wrapper["options"]["rates"] if zoneout else {}
    keeps = {}
    if zoneout and how["dropoutCounter"] is not None:
        for n, part in enumerate(rates):
            pair = wrapper["options"]["seed"], how["dropoutCounter"] * len(rates) + n
            keeps[part] = torch.tensor(keras_mask((batch, time, state[part].shape[-1]), rates[part], *pair) == 0)
    outputs, previous = [None] * time, torch.zeros_like(state["h"])
    for t in reversed(range(time)) if how["reverse"] else range(time):
        y, after = step(kind, options, params, x[:, t], state, masks)
        for part, rate in rates.items():
            stays = keeps[part][:, t] if keeps else rate
            after[part] = torch.where(stays, state[part], after[part]) if keeps else stays * state[part] + (1 - stays) * after[part]
        if zoneout:
            y = after["h"]
        if wrapper.get("name") == "residual":
            y = y + x[:, t]
        if mask is None:
            state, previous, outputs[t] = after, y, y
            continue
        valid = torch.tensor(mask)[:, t, None] != 0
        previous = torch.where(valid, y, previous)
        state = {part: torch.where(valid, after[part], state[part]) for part in state}
        outputs[t] = torch.where(valid, y, 0.0) if how["zeroOutputForMask"] else previous
    last = outputs[0 if how["reverse"] else -1]
    return (torch.stack(outputs, 1) if how["returnSequences"] else last), state


# ---------------------------------------------------------------- the same, by others and by other means


def sigmoid(v):
    return 1 / (1 + np.exp(-v))


def by_loops(case, p, x, state):
    """Peephole, coupled and minimal cells, one number at a time. Plain activations, no mask."""
    kind, how = case["cell"], case["how"]
    gates, units = GATES[kind], case["options"]["units"]
    batch, time, features = x.shape
    bias = p.get("bias", np.zeros(gates * units))
    all_outputs = np.zeros((batch, time, units))
    state = {part: s.copy() for part, s in state.items()}
    for row in range(batch):
        h, c = state["h"][row], state.get("c", [None] * batch)[row]
        for t in reversed(range(time)) if how["reverse"] else range(time):
            whole = np.concatenate([h, x[row, t]])

            def gate(g, u, seen=None):
                column = g * units + u
                weights = np.concatenate([p["recurrentKernel"][:, column], p["kernel"][:, column]])
                return sum(w * v for w, v in zip(weights, whole if seen is None else seen)) + bias[column]

            if kind == "minimal":
                f = np.array([sigmoid(gate(0, u)) for u in range(units)])
                seen = np.concatenate([f * h, x[row, t]])
                h = np.array([h[u] - f[u] * h[u] + f[u] * np.tanh(gate(1, u, seen)) for u in range(units)])
            else:
                new_h, new_c = np.zeros(units), np.zeros(units)
                for u in range(units):
                    if kind == "peephole":
                        p_i, p_f, p_o = p["peepholeKernel"].reshape(3, units)[:, u]
                        i, f = sigmoid(gate(0, u) + p_i * c[u]), sigmoid(gate(1, u) + p_f * c[u])
                        new_c[u] = f * c[u] + i * np.tanh(gate(2, u))
                        o = sigmoid(gate(3, u) + p_o * new_c[u])
                    else:
                        i, o = sigmoid(gate(0, u)), sigmoid(gate(2, u))
                        new_c[u] = c[u] + i * (np.tanh(gate(1, u)) - c[u])
                    new_h[u] = o * np.tanh(new_c[u])
                h, c = new_h, new_c
                state["c"][row] = c
            all_outputs[row, t] = h
        state["h"][row] = h
    return all_outputs, state


def by_torch_lstm(case, params, x, state):
    """torch.nn.LSTM(proj_size); everything is handed over as leaves of autograd."""
    H, P = case["options"]["units"], case["options"]["projectionUnits"]
    layer = torch.nn.LSTM(x.shape[-1], H, proj_size=P, batch_first=True)
    given = {
        "weight_ih_l0": params["kernel"].T,
        "weight_hh_l0": params["recurrentKernel"].T,
        "bias_ih_l0": params.get("bias", torch.zeros(4 * H)),
        "bias_hh_l0": torch.zeros(4 * H),
        "weight_hr_l0": params["projectionKernel"].T,
    }
    outputs, (h, c) = torch.func.functional_call(layer, given, (x, (state["h"][None], state["c"][None])))
    return outputs, {"h": h[0], "c": c[0]}


class KerasLayerNormLSTMCell(keras.layers.Layer):
    def __init__(self, units, activation, recurrent_activation, epsilon, **kwargs):
        super().__init__(**kwargs)
        self.units, self.state_size, self.output_size = units, [units, units], units
        self.act, self.ract = keras.activations.get(activation), keras.activations.get(recurrent_activation)
        part = dict(dtype=self.dtype_policy)
        self.of_x = keras.layers.Dense(4 * units, use_bias=False, **part)
        self.of_h = keras.layers.Dense(4 * units, use_bias=False, **part)
        self.norm_x, self.norm_h, self.norm_c = (keras.layers.LayerNormalization(epsilon=epsilon, **part) for _ in range(3))

    def build(self, shape):
        self.b = self.add_weight(shape=(4 * self.units,), name="b")
        self.of_x.build(shape)
        self.of_h.build((shape[0], self.units))
        for norm, width in ((self.norm_x, 4), (self.norm_h, 4), (self.norm_c, 1)):
            norm.build((shape[0], width * self.units))
        self.built = True

    def call(self, x, states):
        h, c = states
        z = self.norm_x(self.of_x(x)) + self.norm_h(self.of_h(h)) + self.b
        i, f, g, o = keras.ops.split(z, 4, axis=-1)
        c = self.norm_c(self.ract(f) * c + self.ract(i) * self.act(g))
        h = self.ract(o) * self.act(c)
        return h, [h, c]


def by_keras(case, p, x, state):
    """Layer norm, residual and zoneout (without training) in keras.layers.RNN, masks and all; float64."""
    options, how, wrapper = case["options"], case["how"], case.get("wrapper", {})
    act, ract = (options.get(key, default) for key, default in (("activation", "tanh"), ("recurrentActivation", "sigmoid")))
    act, ract = KERAS_ACT.get(act, act), KERAS_ACT.get(ract, ract)
    units = options["units"]
    shared = dict(dtype="float64")
    if case["cell"] == "layerNorm":
        cell = KerasLayerNormLSTMCell(units, act, ract, options.get("normEpsilon", EPSILON), **shared)
    else:
        kind = {"lstm": keras.layers.LSTMCell, "gru": keras.layers.GRUCell}[case["cell"]]
        cell = kind(units, activation=act, recurrent_activation=ract, **shared)
    given = Around(cell, wrapper, case, **shared) if wrapper else cell
    layer = keras.layers.RNN(given, return_sequences=how["returnSequences"], return_state=True, go_backwards=how["reverse"],
                             zero_output_for_mask=how["zeroOutputForMask"], **shared)
    layer.build(x.shape)
    if case["cell"] == "layerNorm":
        b = p.get("bias", np.zeros(4 * units))
        for variable, name in ((cell.of_x.kernel, "kernel"), (cell.of_h.kernel, "recurrentKernel"), (cell.norm_x.gamma, "kernelGamma"),
                               (cell.norm_x.beta, "kernelBeta"), (cell.norm_h.gamma, "recurrentGamma"), (cell.norm_h.beta, "recurrentBeta"),
                               (cell.norm_c.gamma, "stateGamma"), (cell.norm_c.beta, "stateBeta")):
            variable.assign(p[name])
        cell.b.assign(b)
    else:
        cell.set_weights([p["kernel"], p["recurrentKernel"], p["bias"]])
    mask = None if case["mask"] is None else tf.constant(np.array(case["mask"], bool))
    outputs, *states = layer(tf.constant(x), mask=mask, initial_state=[tf.constant(s) for s in state.values()])
    outputs = np.asarray(outputs)
    if how["reverse"] and how["returnSequences"]:
        outputs = outputs[:, ::-1]
    return outputs, dict(zip(state, map(np.asarray, states)))


class Around(keras.layers.Layer):
    """A Keras cell with its input added to its output, or with a part of its state kept."""

    def __init__(self, cell, wrapper, case, **kwargs):
        super().__init__(**kwargs)
        self.cell, self.kind, self.rates = cell, wrapper["name"], list(wrapper.get("options", {}).get("rates", {}).items())
        self.parts = list(case["state_parts"])
        self.state_size, self.output_size = cell.state_size, cell.output_size

    def build(self, shape):
        self.cell.build(shape)
        self.built = True

    def call(self, x, states):
        y, after = self.cell(x, states)
        after = list(after) if isinstance(after, (list, tuple)) else [after]
        if self.kind == "residual":
            return y + x, after
        for part, rate in self.rates:
            at = self.parts.index(part)
            after[at] = states[at] * rate + after[at] * (1 - rate)
        return after[0], after


def by_keras_cell(case, p, x, state):
    """Zoneout in training: Keras's cell step by step, Keras's masks, NumPy's choice between old and new."""
    how, wrapper = case["how"], case["wrapper"]
    kind = {"lstm": keras.layers.LSTMCell, "gru": keras.layers.GRUCell}[case["cell"]]
    cell = kind(case["options"]["units"], dtype="float64")
    cell.build((None, x.shape[-1]))
    cell.set_weights([p["kernel"], p["recurrentKernel"], p["bias"]])
    rates = wrapper["options"]["rates"]
    batch, time, _ = x.shape
    ones = lambda part: tf.ones((batch, time, state[part].shape[-1]))
    seeds = keras.random.SeedGenerator(wrapper["options"]["seed"])
    for _ in range(how["dropoutCounter"] * len(rates)):
        seeds.next()
    dropped = {part: np.asarray(keras.random.dropout(ones(part), rate, seed=seeds)) == 0 for part, rate in rates.items()}
    outputs, previous = np.zeros((batch, time, cell.units)), np.zeros((batch, cell.units))
    for t in reversed(range(time)) if how["reverse"] else range(time):
        _, after = cell(tf.constant(x[:, t]), [tf.constant(s) for s in state.values()])
        after = dict(zip(state, map(np.asarray, after)))
        after = {part: np.where(dropped[part][:, t], state[part], s) if part in dropped else s for part, s in after.items()}
        valid = np.array(case["mask"])[:, t, None] != 0 if case["mask"] else True
        outputs[:, t] = previous = np.where(valid, after["h"], previous)
        state = {part: np.where(valid, s, state[part]) for part, s in after.items()}
    return outputs, state


# ---------------------------------------------------------------- cases


def params_of(kind, options, features):
    u = options["units"]
    h = options.get("projectionUnits", u)
    n = GATES[kind] * u
    p = {"kernel": draw(features, n, scale=0.8), "recurrentKernel": draw(h, n, scale=0.8)}
    if options.get("useBias", True):
        p["bias"] = draw(2, n, scale=0.5) if kind == "gru" else draw(n, scale=0.5)
    if kind == "peephole":
        p["peepholeKernel"] = draw(3 * u)
    if kind == "projected":
        p["projectionKernel"] = draw(u, h)
    if kind == "layerNorm":
        for name, width in (("kernel", n), ("recurrent", n), ("state", u)):
            p[f"{name}Gamma"], p[f"{name}Beta"] = 1 + draw(width, scale=0.5), draw(width, scale=0.5)
    return p


def make(kind, sizes, options=None, how=None, mask=None, state=True, gradients=True, wrapper=None, id=None):
    batch, time, features, units = sizes
    options = {"units": units, **(options or {})}
    how = {"reverse": False, "returnSequences": True, "zeroOutputForMask": False, "dropoutCounter": None, **(how or {})}
    widths = {"h": options.get("projectionUnits", units), "c": units}
    if kind in ("minimal", "gru"):
        del widths["c"]
    case = {**({"id": id} if id else {}), "cell": kind, "options": options, **({"wrapper": wrapper} if wrapper else {}), "how": how,
            "mask": mask, "state_parts": list(widths)}
    p = params_of(kind, options, features)
    x = draw(batch, time, features, scale=1.5)
    s = {part: draw(batch, n) if state else np.zeros((batch, n)) for part, n in widths.items()}

    leaf = lambda a: torch.tensor(a, requires_grad=True)
    tp, tx, ts = {k: leaf(v) for k, v in p.items()}, leaf(x), {k: leaf(v) for k, v in s.items()}
    outputs, after = run(case, tp, tx, ts)
    cotangents = {"outputs": draw(*outputs.shape), **{part: draw(*a.shape) for part, a in after.items()}}
    total = lambda y, a: sum((v * torch.tensor(cotangents[n])).sum() for n, v in {"outputs": y, **a}.items())
    leaves = {**tp, "x": tx, **ts}
    found = dict(zip(leaves, torch.autograd.grad(total(outputs, after), leaves.values())))

    training, plain = how["dropoutCounter"] is not None, not options.keys() & {"activation", "recurrentActivation"}
    others = []
    smaller = options.get("projectionUnits", 0) < units  # PyTorch insists
    if kind == "projected" and smaller and plain and mask is None and not training and not how["reverse"]:
        y, a = by_torch_lstm(case, tp, tx, ts)
        y = y if how["returnSequences"] else y[:, -1]
        others.append((y, a))
        for name, g in zip(leaves, torch.autograd.grad(total(y, a), leaves.values())):
            same(found[name], g)
    if kind in ("peephole", "coupled", "minimal") and plain and mask is None and not training:
        y, a = by_loops(case, p, x, s)
        others.append((y if how["returnSequences"] else y[:, 0 if how["reverse"] else -1], a))
    if kind in ("layerNorm", "lstm", "gru") and not training:
        others.append(by_keras(case, p, x, s))
    if wrapper and wrapper["name"] == "zoneout" and training and "dropout" not in options:
        y, a = by_keras_cell(case, p, x, s)
        others.append((y if how["returnSequences"] else y[:, 0 if how["reverse"] else -1], a))
    for y, a in others:
        same(outputs, y)
        for part in after:
            same(after[part], a[part])
    global compared
    compared += len(others) > 0

    del case["state_parts"]
    by_name = lambda tree: {name: numbers(a) for name, a in tree.items()}
    case |= {"params": by_name(p), "x": numbers(x), "initialState": by_name(s) if state else None,
             "outputs": numbers(outputs), "state": by_name(after)}
    if gradients:
        case |= {"cotangents": by_name(cotangents), "gradients": by_name({n: g for n, g in found.items() if state or n not in s})}
    return case


def drawn_mask(batch, time):
    """A row on the left, one on the right, one at random, one with nothing valid."""
    mask = np.ones((batch, time), int)
    for n, row in enumerate(mask):
        if n % 4 == 0:
            row[: 1 + time // 3] = 0
        elif n % 4 == 1:
            row[time - 1 - time // 3 :] = 0
        elif n % 4 == 2:
            row[:] = rng.random(time) < 0.6
        else:
            row[:] = 0
    return mask.tolist()


def goldens():
    made = []
    for kind in ("peephole", "projected", "layerNorm", "coupled", "minimal"):
        own = {"projectionUnits": 2} if kind == "projected" else {}
        wide = {"projectionUnits": 5} if kind == "projected" else {}
        made += [
            make(kind, (3, 5, 4, 3), own),
            make(kind, (2, 7, 3, 5), own, {"returnSequences": False}, state=False, gradients=False),
            make(kind, (1, 1, 1, 1), {"projectionUnits": 1} if own else {}),
            make(kind, (4, 6, 2, 3), wide, mask=drawn_mask(4, 6), gradients=False),
            make(kind, (4, 6, 5, 2), wide, {"reverse": True, "zeroOutputForMask": True}, mask=drawn_mask(4, 6)),
            make(kind, (2, 5, 3, 3), {**own, "useBias": False}, {"reverse": True}, gradients=False),
            make(kind, (2, 4, 3, 4), {**own, "activation": "softsign", "recurrentActivation": "hardSigmoid"}),
            make(kind, (2, 4, 3, 3), {**own, "dropout": 0.4, "seed": 12}, {"dropoutCounter": 2}, gradients=False),
            make(kind, (2, 4, 3, 3), {**own, "dropout": 0.3, "recurrentDropout": 0.5, "seed": 5}, {"dropoutCounter": 1}),
        ]
    made.append(make("layerNorm", (2, 4, 3, 4), {"normEpsilon": 0.25}))

    zone = lambda rates: {"name": "zoneout", "options": {"rates": rates, "seed": 31}}
    residual = {"name": "residual"}
    for kind in ("lstm", "gru"):
        rates = {"h": 0.3, "c": 0.6} if kind == "lstm" else {"h": 0.4}
        made += [
            make(kind, (3, 5, 4, 3), wrapper=zone(rates)),
            make(kind, (3, 5, 4, 3), how={"dropoutCounter": 0}, wrapper=zone(rates)),
            make(kind, (2, 4, 3, 5), how={"dropoutCounter": 3, "reverse": True, "returnSequences": False}, gradients=False, wrapper=zone(rates)),
            make(kind, (4, 6, 3, 2), how={"dropoutCounter": 1}, mask=drawn_mask(4, 6), wrapper=zone(rates)),
            make(kind, (2, 4, 3, 3), {"dropout": 0.3, "recurrentDropout": 0.2, "seed": 7}, {"dropoutCounter": 2}, wrapper=zone(rates)),
            make(kind, (3, 5, 4, 4), wrapper=residual),
            make(kind, (2, 5, 3, 3), how={"returnSequences": False, "reverse": True}, state=False, wrapper=residual),
            make(kind, (4, 6, 3, 3), how={"zeroOutputForMask": True}, mask=drawn_mask(4, 6), gradients=False, wrapper=residual),
            make(kind, (4, 6, 2, 2), how={"reverse": True}, mask=drawn_mask(4, 6), wrapper=residual),
            make(kind, (2, 4, 3, 3), {"dropout": 0.4, "seed": 3}, {"dropoutCounter": 1}, gradients=False, wrapper=residual),
        ]
    made += [
        make("lstm", (3, 5, 4, 3), wrapper=zone({"c": 0.5})),
        make("lstm", (3, 5, 4, 3), how={"dropoutCounter": 1}, wrapper=zone({"h": 0.5})),
    ]
    return made


def vectors():
    """A forward case, a masked one and one for gradients each, small: they travel with the suite."""
    made = []
    kinds = {"peephole": "peephole-lstm", "projected": "projected-lstm", "layerNorm": "layer-norm-lstm",
             "coupled": "coupled-lstm", "minimal": "minimal-gated"}
    mask = [[0, 1, 1], [1, 0, 1]]
    for kind, label in kinds.items():
        own = {"projectionUnits": 2} if kind == "projected" else {}
        made += [
            make(kind, (2, 3, 2, 3), own, gradients=False, id=f"{label}/sequence"),
            make(kind, (2, 3, 2, 3), own, {"reverse": True}, mask=mask, gradients=False, id=f"{label}/masked"),
            make(kind, (2, 3, 2, 3), own, {"returnSequences": False}, id=f"{label}/gradients"),
        ]
    made.append(make("layerNorm", (2, 3, 2, 3), {"normEpsilon": 0.25}, gradients=False, id="layer-norm-lstm/epsilon"))
    zone = {"name": "zoneout", "options": {"rates": {"h": 0.3, "c": 0.6}, "seed": 31}}
    made += [
        make("lstm", (2, 3, 2, 3), wrapper=zone, gradients=False, id="zoneout/sequence"),
        make("lstm", (2, 3, 2, 3), how={"dropoutCounter": 1}, wrapper=zone, gradients=False, id="zoneout/training"),
        make("lstm", (2, 3, 2, 3), how={"dropoutCounter": 2, "reverse": True}, mask=mask, wrapper=zone, gradients=False, id="zoneout/masked"),
        make("lstm", (2, 3, 2, 3), how={"dropoutCounter": 0}, wrapper=zone, id="zoneout/gradients"),
        make("gru", (2, 3, 3, 3), wrapper={"name": "residual"}, gradients=False, id="residual/sequence"),
        make("gru", (2, 3, 3, 3), how={"returnSequences": False, "reverse": True}, wrapper={"name": "residual"}, gradients=False, id="residual/last-output-reverse"),
        make("gru", (2, 3, 3, 3), mask=mask, wrapper={"name": "residual"}, gradients=False, id="residual/masked"),
        make("gru", (2, 3, 3, 3), wrapper={"name": "residual"}, id="residual/gradients"),
    ]
    return made


def write(path, cases, **more):
    meta = {"by": "packages/cells/test/variants/make-goldens.py", "seed": SEED, "keras": keras.__version__, "tensorflow": tf.__version__,
            "torch": torch.__version__, "numpy": np.__version__, **more}
    lines = ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases)
    path.write_text('{"meta":' + json.dumps(meta) + ',"cases":[\n' + lines + "\n]}\n")
    print(f"{path.name}: {len(cases)} cases, {path.stat().st_size // 1024} KB")


compared = 0
small = vectors()
cases = goldens()
note = "computed in float64; outputs are in input order; gradients of the sum of all results times cotangents"
write(HERE / "goldens.json", cases, note=note)
write(VECTORS, small, note=note)
print(f"{compared} of {len(small) + len(cases)} cases were compared with a second source")
