"""Makes the golden vectors in this folder: numbers computed by the real Keras, PyTorch and mpmath.

    pip install keras==3.15.1 tensorflow-cpu==2.21.0 torch==2.13.0 mpmath
    python make-vectors.py

Inputs are multiples of 1/64 (float16 holds them exactly, so every backend gets the same), random and unequal, so that no
two gates, rows or steps can be swapped unseen. Expected values are computed in float64 and printed as the shortest decimal
that reads back as the same double, after rounding to 14 decimals (not in functions.json, where small values count). Each
source is compared with an independent one while the files are made: Keras's layers with the loops below, Keras's
activations with mpmath.

A tensor is { shape, data }, row-major. A mask is a list of rows, '0' for a masked step. Parameters, gate order and options
are Keras's, with names in camelCase; outputs of a reversed layer are in input order (Keras's go_backwards hands them
out flipped).
"""

import json
import os
import pathlib
import re

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import keras
import mpmath as mp
import numpy as np
import tensorflow as tf
import torch

HERE = pathlib.Path(__file__).parent
SEED = 20261123
mp.mp.dps = 50
rng = np.random.default_rng(SEED)


# ---------------------------------------------------------------- numbers in and out


def draw(*shape, scale=1.0, steps=64):
    """Multiples of 1/64 in ±scale, none of them 0."""
    n = np.rint(rng.uniform(-1, 1, shape) * steps * scale)
    return np.where(n == 0, 1, n) / steps


def number(v):
    """The shortest decimal that reads back as the same double."""
    v = float(v)
    assert np.isfinite(v)
    return int(v) if v == int(v) and abs(v) < 1e15 else v


def tensor(a):
    a = np.asarray(a, np.float64)
    return {"shape": list(a.shape), "data": [number(round(float(v), 14)) for v in a.ravel()]}


def tensors(by_name):
    return {name: tensor(a) for name, a in by_name.items()}


def write(name, made_by, body):
    text = json.dumps({"meta": {"by": "make-vectors.py", "seed": SEED, **made_by}, **body}, separators=(",", ":"))
    text = re.sub(r'(\{"id":|"[\w-]+":\{"(?:inputs|x|cell)":)', r"\n\1", text)  # a case a line: readable differences
    (HERE / name).write_text(text + "\n")
    print(f"{name}: {len(text) // 1024} KB")


VERSIONS = {
    "keras": keras.__version__,
    "tensorflow": tf.__version__,
    "torch": torch.__version__,
    "numpy": np.__version__,
    "mpmath": mp.__version__,
}


def versions(*names):
    return {name: VERSIONS[name] for name in names}


def camel(name):
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


# ---------------------------------------------------------------- functions of one number

mp_sigmoid = lambda x: 1 / (1 + mp.exp(-x))
mp_softplus = lambda x: mp.log1p(mp.exp(x))
relu = lambda x: max(x, mp.mpf(0))
relu6 = lambda x: min(relu(x), mp.mpf(6))
SELU_SCALE, SELU_ALPHA = mp.mpf("1.0507009873554805"), mp.mpf("1.6732632423543772")

OPS = {
    "exp": mp.exp,
    "expm1": mp.expm1,
    "log": mp.log,
    "log1p": mp.log1p,
    "sqrt": mp.sqrt,
    "erf": mp.erf,
    "tanh": mp.tanh,
    "sigmoid": mp_sigmoid,
    "sin": mp.sin,
    "cos": mp.cos,
}
ACTIVATIONS = {
    "elu": lambda x: x if x > 0 else mp.expm1(x),
    "exponential": mp.exp,
    "gelu": lambda x: x * (1 + mp.erf(x / mp.sqrt(2))) / 2,
    "hard_sigmoid": lambda x: relu6(x + 3) / 6,
    "hard_silu": lambda x: x * relu6(x + 3) / 6,
    "hard_tanh": lambda x: max(min(x, mp.mpf(1)), mp.mpf(-1)),
    "leaky_relu": lambda x: x if x > 0 else x * mp.mpf(0.2),
    "linear": lambda x: x,
    "mish": lambda x: x * mp.tanh(mp_softplus(x)),
    "relu": relu,
    "relu6": relu6,
    "selu": lambda x: SELU_SCALE * (x if x > 0 else SELU_ALPHA * mp.expm1(x)),
    "sigmoid": mp_sigmoid,
    "silu": lambda x: x * mp_sigmoid(x),
    "softplus": mp_softplus,
    "softsign": lambda x: x / (1 + abs(x)),
    "tanh": mp.tanh,
}


def functions():
    wide = [-30, -9.25, -4.5, -2.515625, -1, -0.703125, -0.25, 0, 0.140625, 0.5, 1, 1.796875, 2.5, 3.421875, 6.75, 11.5]
    # Where 1 + x loses what x has: some at 32 bits, most at 64.
    tiny = [-(2.0**-10), -3 * 2.0**-30, 2.0**-30, 5 * 2.0**-13]
    domain = {
        "log": [2.0**-10, 0.140625, 0.984375, 1, 1.015625, 2.5, 11.5, 1000],
        "sqrt": [0, 2.0**-10, 0.140625, 1, 2, 2.5, 11.5, 1000],
        "log1p": [-0.984375, -0.5, *tiny, 0, 0.140625, 1, 11.5, 1000],
        "exp": [-30, *wide[1:], *tiny],
    }
    exact = lambda f, xs: [number(f(mp.mpf(x))) for x in xs]
    ops = {name: {"x": (xs := domain.get(name, wide + tiny)), "y": exact(f, xs)} for name, f in OPS.items()}

    activations = {}
    for name, f in ACTIVATIONS.items():
        ours = np.array(exact(f, wide), np.float64)
        theirs = keras.activations.get(name)(tf.constant(wide, tf.float64)).numpy()
        gap = np.max(np.abs(ours - theirs) / (1 + np.abs(ours)))
        if gap > 2e-15:
            # Some of TensorFlow's kernels keep their constants in float32: there the formula is the better witness.
            print(f"  {name}: Keras in float64 is {gap:.1e} away from the formula")
        assert gap < 1e-7, name
        activations[camel(name)] = {"x": wide, "y": [number(v) for v in ours]}
    note = "correctly rounded values of the formulas; activations were compared with Keras in float64"
    write("functions.json", {**versions("mpmath", "keras", "tensorflow"), "note": note}, {"ops": ops, "activations": activations})


# ---------------------------------------------------------------- recurrent cells, by Keras


def sig(x):
    return 1 / (1 + np.exp(-x))


NP_ACTIVATIONS = {
    "tanh": np.tanh,
    "sigmoid": sig,
    "relu": lambda x: np.maximum(x, 0),
    "linear": lambda x: x,
    "hard_sigmoid": lambda x: np.clip(x / 6 + 0.5, 0, 1),
    "softsign": lambda x: x / (1 + np.abs(x)),
    "softplus": lambda x: np.log1p(np.exp(x)),
    "elu": lambda x: np.where(x > 0, x, np.expm1(x)),
    "silu": lambda x: x * sig(x),
}


def numpy_rnn(layer, config, weights, x, mask, states):
    """The equations and the driver, written once more, without Keras."""
    u = config["units"]
    act = NP_ACTIVATIONS[config.get("activation", "tanh")]
    ract = NP_ACTIVATIONS[config.get("recurrent_activation", "sigmoid")]
    W, U, *rest = weights
    B, T, _ = x.shape
    after = config.get("reset_after", True)
    b = rest[0] if rest else np.zeros(W.shape[1] if layer != "gru" or not after else (2, 3 * u))
    state = [np.zeros((B, u)) for _ in range(2 if layer == "lstm" else 1)] if states is None else list(states)
    prev = np.zeros((B, u))
    outputs = []
    for t in range(T)[:: -1 if config["go_backwards"] else 1]:
        h = state[0]
        xt = x[:, t]
        if layer == "simple_rnn":
            y = act(xt @ W + b + h @ U)
            new = [y]
        elif layer == "lstm":
            i, f, c, o = np.split(xt @ W + h @ U + b, 4, axis=1)
            c = ract(f) * state[1] + ract(i) * act(c)
            y = ract(o) * act(c)
            new = [y, c]
        else:
            bx, bh = b if after else (b, np.zeros(3 * u))
            xz, xr, xh = np.split(xt @ W + bx, 3, axis=1)
            hz, hr, hh = np.split(h @ U + bh, 3, axis=1)
            z, r = ract(xz + hz), ract(xr + hr)
            y = z * h + (1 - z) * act(xh + (r * hh if after else (r * h) @ U[:, 2 * u :]))
            new = [y]
        m = np.ones((B, 1), bool) if mask is None else mask[:, t : t + 1]
        prev = np.where(m, y, prev)
        outputs.append(np.where(m, y, 0) if config["zero_output_for_mask"] else prev)
        state = [np.where(m, n, s) for n, s in zip(new, state)]
    return (np.stack(outputs, 1) if config["return_sequences"] else outputs[-1]), state


LAYERS = {"simple_rnn": keras.layers.SimpleRNN, "lstm": keras.layers.LSTM, "gru": keras.layers.GRU}
GATES = {"simple_rnn": 1, "lstm": 4, "gru": 3}
worst_gap = 0.0


def rows(*strings):
    return list(strings)


MASKS = {
    "left": rows("0011", "0111"),
    "right": rows("1100", "1110"),
    "middle": rows("1001", "1101"),
    "all": rows("0000", "1101"),
    "none": rows("1111", "1111"),
    "mixed": rows("0101", "1100"),
}
RUNS = {
    "last-output": {},
    "sequences": {"seq": 1},
    "initial-state": {"seq": 1, "state": 1},
    "reverse": {"seq": 1, "state": 1, "back": 1},
    "reverse-last-output": {"back": 1},
    "masked-left": {"seq": 1, "state": 1, "mask": "left"},
    "masked-right": {"seq": 1, "state": 1, "mask": "right"},
    "masked-middle": {"seq": 1, "mask": "middle"},
    "masked-all": {"seq": 1, "state": 1, "mask": "all"},
    "masked-none": {"seq": 1, "mask": "none"},
    "masked-last-output": {"mask": "right"},
    "masked-left-reverse": {"seq": 1, "state": 1, "back": 1, "mask": "left"},
    "masked-right-reverse": {"seq": 1, "state": 1, "back": 1, "mask": "right"},
    "masked-middle-reverse-last-output": {"back": 1, "mask": "middle"},
    "zero-output": {"seq": 1, "state": 1, "zero": 1, "mask": "mixed"},
    "zero-output-last": {"zero": 1, "mask": "mixed"},
    "zero-output-reverse": {"seq": 1, "back": 1, "zero": 1, "mask": "mixed"},
}
GRID_MASK = rows("0011", "1100", "1001")


def as_mask(mask):
    return None if mask is None else np.array([[c == "1" for c in row] for row in mask])


def run_keras(kind, config, weights, x, mask, states):
    layer = LAYERS[kind](**config, return_state=True, dtype="float64")
    layer.build(x.shape)
    layer.set_weights(weights)
    m = as_mask(mask)
    xs, ss = tf.constant(x), None if states is None else [tf.constant(s) for s in states]
    outputs, *final = layer(xs, mask=None if m is None else tf.constant(m), initial_state=ss)
    outputs, final = outputs.numpy(), [s.numpy() for s in final]
    mine, state = numpy_rnn(kind, config, weights, x, m, states)
    global worst_gap
    for a, b in zip([outputs, *final], [mine, *state]):
        worst_gap = max(worst_gap, float(np.max(np.abs(a - b))))
    return in_input_order(config, outputs), final


def in_input_order(config, outputs):
    return outputs[:, ::-1] if config["go_backwards"] and config["return_sequences"] else outputs


def state_of(arrays):
    return None if arrays is None else tensors(dict(zip("hc", arrays)))


def drawn_weights(kind, F, u, use_bias, after):
    g = GATES[kind]
    bias = [draw(2, 3 * u, scale=0.5) if kind == "gru" and after else draw(g * u, scale=0.5)] if use_bias else []
    return [draw(F, g * u, scale=0.75), draw(u, g * u, **({"scale": 0.75} if u < 10 else {"scale": 0.5, "steps": 32})), *bias]


def group(kind, after, name, sizes, runs, activation=None, ract=None, use_bias=True):
    """Runs that share sizes, weights, input and initial state."""
    B, T, F, u = sizes
    options = {"units": u, "use_bias": use_bias}
    if activation:
        options["activation"] = activation
    if ract and kind != "simple_rnn":
        options["recurrent_activation"] = ract
    if kind == "gru":
        options["reset_after"] = after
    weights = drawn_weights(kind, F, u, use_bias, after)
    x = draw(B, T, F, scale=1.5)
    states = [draw(B, u) for _ in range(2 if kind == "lstm" else 1)]
    made = []
    for run, how in runs.items():
        config = {
            **options,
            "go_backwards": bool(how.get("back")),
            "return_sequences": bool(how.get("seq")),
            "zero_output_for_mask": bool(how.get("zero")),
        }
        mask = MASKS[how["mask"]] if isinstance(how.get("mask"), str) else how.get("mask")
        outputs, final = run_keras(kind, config, weights, x, mask, states if how.get("state") else None)
        made.append(
            {
                "id": run,
                "reverse": config["go_backwards"],
                "returnSequences": config["return_sequences"],
                "zeroOutputForMask": config["zero_output_for_mask"],
                "withInitialState": bool(how.get("state")),
                **({"mask": mask} if mask else {}),
                "outputs": tensor(outputs),
                "state": state_of(final),
            }
        )
    return {
        "id": name,
        "cell": camel(kind),
        "options": {camel(k): camel(v) if isinstance(v, str) else v for k, v in options.items()},
        "params": tensors(dict(zip(["kernel", "recurrentKernel", "bias"], weights))),
        "x": tensor(x),
        "initialState": state_of(states),
        "runs": made,
    }


def gradient_group(kind, after):
    """∂L/∂(x, parameters, initial state) for L = Σ outputs·g + Σ state·g′, by Keras and TensorFlow's tape."""
    B, T, F, u = 2, 3, 3, 2
    weights = drawn_weights(kind, F, u, True, after)
    x = draw(B, T, F)
    states = [draw(B, u) for _ in range(2 if kind == "lstm" else 1)]
    runs = {
        "gradients": {"seq": 1},
        "gradients-masked-reverse": {"back": 1, "mask": rows("110", "011")},
        "gradients-zero-output": {"seq": 1, "zero": 1, "mask": rows("010", "101")},
    }
    options = {"units": u, **({"reset_after": after} if kind == "gru" else {})}
    made = []
    for run, how in runs.items():
        config = {
            **options,
            "go_backwards": bool(how.get("back")),
            "return_sequences": bool(how.get("seq")),
            "zero_output_for_mask": bool(how.get("zero")),
        }
        layer = LAYERS[kind](**config, return_state=True, dtype="float64")
        layer.build(x.shape)
        layer.set_weights(weights)
        m = as_mask(how.get("mask"))
        xs, ss = tf.constant(x), [tf.constant(s) for s in states]
        with tf.GradientTape() as tape:
            tape.watch([xs, *ss])
            outputs, *final = layer(xs, mask=None if m is None else tf.constant(m), initial_state=ss)
            g_y = draw(*outputs.shape)
            g_s = [draw(*s.shape) for s in final]
            loss = tf.reduce_sum(outputs * g_y) + tf.add_n([tf.reduce_sum(s * g) for s, g in zip(final, g_s)])
        sources = [xs, *layer.trainable_variables, *ss]
        names = ["x", "kernel", "recurrentKernel", "bias", *"hc"[: len(ss)]]
        grads = dict(zip(names, [g.numpy() for g in tape.gradient(loss, [getattr(s, "value", s) for s in sources])]))
        made.append(
            {
                "id": run,
                "reverse": config["go_backwards"],
                "returnSequences": config["return_sequences"],
                "zeroOutputForMask": config["zero_output_for_mask"],
                "withInitialState": True,
                **({"mask": how["mask"]} if "mask" in how else {}),
                "cotangents": tensors({"outputs": in_input_order(config, g_y), **dict(zip("hc", g_s))}),
                "gradients": tensors(grads),
            }
        )
    return {
        "id": "gradients",
        "cell": camel(kind),
        "options": {camel(k): v for k, v in options.items()},
        "params": tensors(dict(zip(["kernel", "recurrentKernel", "bias"], weights))),
        "x": tensor(x),
        "initialState": state_of(states),
        "runs": made,
    }


def cells():
    grid = {
        f"grid-{back}{seq}{zero}{state}": {"back": back, "seq": seq, "zero": zero, "state": state, "mask": GRID_MASK}
        for back in (0, 1)
        for seq in (0, 1)
        for zero in (0, 1)
        for state in (0, 1)
    }
    files = {}
    for kind, after in [("simple_rnn", True), ("lstm", True), ("gru", True), ("gru", False)]:
        g = lambda *args, **kwargs: group(kind, after, *args, **kwargs)
        groups = [
            g("main", (2, 4, 5, 3), RUNS),
            g("grid", (3, 4, 3, 1), grid),
            g("sizes", (1, 1, 2, 1), {"one-unit-one-step": {"seq": 1, "state": 1}}),
            g("sizes", (1, 3, 1, 1), {"one-unit": {"seq": 1, "mask": rows("101")}}),
            g("sizes", (3, 1, 2, 5), {"one-step": {}, "one-step-masked": {"seq": 1, "state": 1, "mask": rows("1", "0", "1")}}),
            g("sizes", (1, 3, 2, 17), {"seventeen-units": {"state": 1}}),
            g("options", (2, 3, 3, 2), {"no-bias": {"seq": 1, "state": 1}}, use_bias=False),
            g("options", (2, 3, 2, 5), {"relu-hard-sigmoid": {"state": 1}}, activation="relu", ract="hard_sigmoid"),
            g("options", (2, 3, 3, 2), {"linear-tanh": {"state": 1}}, activation="linear", ract="tanh"),
            g("options", (2, 3, 3, 2), {"softsign-softplus": {"state": 1}}, activation="softsign", ract="softplus"),
            g("options", (2, 3, 3, 2), {"elu-silu": {"state": 1}}, activation="elu", ract="silu"),
        ]
        label = kind.replace("_", "-") + ("" if after else "-reset-before")
        files[label] = [*groups, gradient_group(kind, after)]
    print(f"  Keras in float64 and the loops above part by {worst_gap:.1e}")
    assert worst_gap < 1e-14
    note = "masked steps of x may hold anything: the suite puts NaN there (not where gradients are asked for)"
    write("cells.json", {**versions("keras", "tensorflow", "numpy"), "note": note}, {"cells": files})


# ---------------------------------------------------------------- recurrent cells, by PyTorch


def torch_cells():
    """A second source: PyTorch's modules, bidirectional, so that its backward half is a reversed run in input order."""
    B, T, F, u = 2, 3, 2, 3
    made = {}
    for label, module, kind in [
        ("simple-rnn", torch.nn.RNN, "simple_rnn"),
        ("lstm", torch.nn.LSTM, "lstm"),
        ("gru", torch.nn.GRU, "gru"),
    ]:
        net = module(F, u, batch_first=True, bidirectional=True, dtype=torch.float64)
        with torch.no_grad():
            for p in net.parameters():
                p.copy_(torch.tensor(draw(*p.shape, scale=0.5)))
        x = torch.tensor(draw(B, T, F), requires_grad=True)
        initial = [torch.tensor(draw(2, B, u)) for _ in range(2 if kind == "lstm" else 1)]
        y, final = net(x, tuple(initial) if kind == "lstm" else initial[0])
        final = final if kind == "lstm" else (final,)
        g = torch.tensor(draw(*y.shape))
        (y * g).sum().backward()
        runs = []
        for direction, suffix in enumerate(["", "_reverse"]):
            half = slice(direction * u, (direction + 1) * u)
            of = lambda name, grad=False: (lambda p: (p.grad if grad else p).detach().numpy())(getattr(net, name + "_l0" + suffix))
            runs.append(
                {
                    "id": "torch-reverse" if direction else "torch",
                    "reverse": bool(direction),
                    "params": tensors(keras_layout(kind, of)),
                    "initialState": state_of([s[direction].numpy() for s in initial]),
                    "outputs": tensor(y.detach().numpy()[..., half]),
                    "state": state_of([s[direction].detach().numpy() for s in final]),
                    "cotangent": tensor(g.numpy()[..., half]),
                    "gradients": tensors(keras_gradients(kind, lambda name: of(name, True))),
                }
            )
        made[label] = {
            "cell": camel(kind),
            "options": {"units": u},
            "x": tensor(x.detach().numpy()),
            "gradientOfX": tensor(x.grad.numpy()),
            "runs": runs,
        }
    note = "parameters and their gradients are in Keras's layout; gradientOfX is the sum over both directions"
    write("torch.json", {**versions("torch", "numpy"), "note": note}, {"cells": made})


def reorder(kind, a, axis):
    """PyTorch's gates r, z, n to Keras's z, r, h; its LSTM has Keras's order."""
    if kind != "gru":
        return a
    r, z, n = np.split(a, 3, axis)
    return np.concatenate([z, r, n], axis)


def keras_layout(kind, of):
    kernel, recurrent = (reorder(kind, of(name).T, 1) for name in ("weight_ih", "weight_hh"))
    b_i, b_h = (reorder(kind, of(name), 0) for name in ("bias_ih", "bias_hh"))
    return {"kernel": kernel, "recurrentKernel": recurrent, "bias": np.stack([b_i, b_h]) if kind == "gru" else b_i + b_h}


def keras_gradients(kind, of):
    layout = keras_layout(kind, of)
    # The gradient with respect to a sum is that of either term.
    return layout if kind == "gru" else {**layout, "bias": of("bias_ih")}


# ---------------------------------------------------------------- gradients of ops, by PyTorch


def gradients():
    t = torch
    a, b = lambda *s: draw(*s), lambda *s: draw(*s, scale=1.5)
    positive = lambda *s: np.abs(draw(*s)) + 0.25
    distinct = lambda *s: (rng.permutation(np.prod(s)).reshape(s) - np.prod(s) // 2) / 8 + 1 / 64
    index = torch.tensor([2, 0, 2, 1])
    F = t.nn.functional
    entries = {
        # Element by element; the second operand is broadcast, and its gradient summed.
        "add": (lambda x, y: x + y, [a(2, 3), a(3)]),
        "sub": (lambda x, y: x - y, [a(2, 1), a(2, 3)]),
        "mul": (lambda x, y: x * y, [a(2, 3), a(2, 1)]),
        "div": (lambda x, y: x / y, [a(2, 3), positive(1, 3)]),
        "pow": (lambda x, y: x**y, [positive(2, 3), b(3)]),
        "maximum": (t.maximum, [distinct(2, 3), a(3) * 0 + 0.125]),
        "minimum": (t.minimum, [distinct(2, 3), a(2, 1) * 0 + 0.125]),
        "neg": (lambda x: -x, [a(2, 3)]),
        "abs": (t.abs, [a(2, 3)]),
        "square": (t.square, [a(2, 3)]),
        "sqrt": (t.sqrt, [positive(2, 3)]),
        "exp": (t.exp, [a(2, 3)]),
        "expm1": (t.expm1, [a(2, 3)]),
        "log": (t.log, [positive(2, 3)]),
        "log1p": (t.log1p, [positive(2, 3)]),
        "erf": (t.erf, [b(2, 3)]),
        "sin": (t.sin, [b(2, 3)]),
        "cos": (t.cos, [b(2, 3)]),
        "tanh": (t.tanh, [b(2, 3)]),
        "sigmoid": (t.sigmoid, [b(2, 3)]),
        "relu": (F.relu, [distinct(2, 3)]),
        "relu6": (F.relu6, [distinct(2, 3) * 10]),
        "elu": (F.elu, [distinct(2, 3)]),
        "selu": (F.selu, [distinct(2, 3)]),
        "gelu": (F.gelu, [b(2, 3)]),
        "silu": (F.silu, [b(2, 3)]),
        "mish": (F.mish, [b(2, 3)]),
        "softplus": (F.softplus, [b(2, 3)]),
        "softsign": (F.softsign, [b(2, 3)]),
        # PyTorch's own backward pass of hardsigmoid multiplies by a 1/6 in float32.
        "hardSigmoid": (lambda x: t.clip(x / 6 + 0.5, 0, 1), [distinct(2, 4) * 8]),
        "hardSilu": (F.hardswish, [distinct(2, 4) * 8]),
        "hardTanh": (F.hardtanh, [distinct(2, 4) * 4]),
        "leakyRelu": (lambda x: F.leaky_relu(x, 0.2), [distinct(2, 3)]),
        "where": (lambda x, y: t.where(t.tensor([[True, False, True], [False, False, True]]), x, y), [a(2, 3), a(3)]),
        "clip": (lambda x: t.clip(x, -0.25, 0.25), [distinct(2, 3)]),
        # Reductions.
        "sum": (lambda x: x.sum((0, 2)), [a(2, 3, 2)]),
        "sum-keep-dims": (lambda x: x.sum(1, keepdim=True), [a(2, 3)]),
        "mean": (lambda x: x.mean(1), [a(2, 3, 2)]),
        "max": (lambda x: t.amax(x, (0, 2)), [distinct(2, 3, 2)]),
        "min": (lambda x: t.amin(x, 1), [distinct(2, 3)]),
        "softmax": (lambda x: t.softmax(x, -1), [b(2, 4)]),
        "softmax-first-axis": (lambda x: t.softmax(x, 0), [b(3, 2)]),
        "logSoftmax": (lambda x: t.log_softmax(x, -1), [b(2, 4)]),
        "logSumExp": (lambda x: t.logsumexp(x, -1), [b(2, 4)]),
        # Products: leading axes broadcast.
        "matmul": (t.matmul, [a(2, 3), a(3, 4)]),
        "matmul-transpose-a": (lambda x, y: x.mT @ y, [a(3, 2), a(3, 4)]),
        "matmul-transpose-b": (lambda x, y: x @ y.mT, [a(2, 3), a(4, 3)]),
        "matmul-transpose-both": (lambda x, y: x.mT @ y.mT, [a(3, 2), a(4, 3)]),
        "matmul-broadcast": (t.matmul, [a(2, 1, 2, 3), a(3, 3, 2)]),
        # Places.
        "transpose": (lambda x: x.permute(2, 0, 1), [a(2, 3, 2)]),
        "reshape": (lambda x: x.reshape(3, 2), [a(2, 3)]),
        "expandDims": (lambda x: x.unsqueeze(1), [a(2, 3)]),
        "squeeze": (lambda x: x.squeeze(1), [a(2, 1, 3)]),
        "slice": (lambda x: x[1:, ::2], [a(3, 5)]),
        "slice-backwards": (lambda x: x.flip(1)[:, 1::2], [a(2, 5)]),
        "split": (lambda x: x[:, 1:3] * 2 + x[:, 3:5], [a(2, 5)]),
        "concat": (lambda x, y: t.cat([x, y, x], 1), [a(2, 2), a(2, 3)]),
        "stack": (lambda x, y: t.stack([x, y], 1), [a(2, 3), a(2, 3)]),
        "unstack": (lambda x: x[0] * x[1], [a(2, 3)]),
        "pad": (lambda x: F.pad(x, (2, 1, 0, 1)), [a(2, 3)]),
        "reverse": (lambda x: x.flip(1), [a(2, 3)]),
        "tile": (lambda x: x.tile(2, 3), [a(2, 2)]),
        "broadcastTo": (lambda x: x.expand(4, 2, 3), [a(2, 1)]),
        "gather": (lambda x: x[index], [a(3, 2)]),
        "gather-last-axis": (lambda x: x[:, index], [a(2, 3)]),
        "scatterAdd": (lambda x: t.zeros(3, 2, dtype=t.float64).index_add(0, index, x), [a(4, 2)]),
    }
    made = {}
    for name, (f, inputs) in entries.items():
        xs = [t.tensor(np.asarray(x, np.float64), requires_grad=True) for x in inputs]
        y = f(*xs)
        g = t.tensor(draw(*y.shape))
        made[name] = {
            "inputs": [tensor(x) for x in inputs],
            "output": tensor(y.detach().numpy()),
            "cotangent": tensor(g.numpy()),
            "gradients": [tensor(v.numpy()) for v in t.autograd.grad(y, xs, g)],
        }

    # Second order: the gradient of Σ w·∂L/∂x.
    second = {}
    for name, f, inputs in [
        ("tanh", lambda x: t.tanh(x).square().sum(), [b(2, 3)]),
        ("product", lambda x, y: (t.sigmoid(x @ y) * x.sum()).sum(), [a(2, 3), a(3, 2)]),
        ("softmax", lambda x: (t.softmax(x, -1).square() * x).sum(), [b(2, 4)]),
    ]:
        xs = [t.tensor(x, requires_grad=True) for x in inputs]
        (first, *_) = t.autograd.grad(f(*xs), xs, create_graph=True)
        w = t.tensor(draw(*first.shape))
        second[name] = {
            "inputs": [tensor(x) for x in inputs],
            "first": tensor(first.detach().numpy()),
            "cotangent": tensor(w.numpy()),
            "second": [tensor(v.numpy()) for v in t.autograd.grad((first * w).sum(), xs)],
        }
    write("gradients.json", versions("torch", "numpy"), {"ops": made, "second": second})


# ---------------------------------------------------------------- attention


def attention():
    B, Tq, Tk, D, Dv = 2, 3, 4, 5, 2
    query_mask = rows("110", "101")
    value_mask = rows("0110", "1011")
    layers = []
    for kind, config in [
        ("Attention", {}),
        ("Attention", {"use_scale": True}),
        ("Attention", {"score_mode": "concat"}),
        ("Attention", {"use_scale": True, "score_mode": "concat"}),
        ("AdditiveAttention", {}),
        ("AdditiveAttention", {"use_scale": False}),
    ]:
        layer = getattr(keras.layers, kind)(**config, dtype="float64")
        layer.build([(B, Tq, D), (B, Tk, Dv), (B, Tk, D)])
        weights = [draw(*w.shape) for w in layer.weights]
        layer.set_weights(weights)
        q, k, v = draw(B, Tq, D), draw(B, Tk, D), draw(B, Tk, Dv)
        runs = []
        for run, masks, causal, own_key in [
            ("plain", (0, 0), False, True),
            ("everything", (1, 1), True, True),
            # Masks are one code for all scores: the first layer has them one by one.
            *([] if layers else [("key-is-value", (0, 0), False, False), ("value-mask", (0, 1), False, True)]),
            *([] if layers else [("query-mask", (1, 0), False, True), ("causal", (0, 0), True, True)]),
        ]:
            # A row in which nothing is valid depends on the precision, so the causal one leaves each query its first key.
            vm = rows("1110", "1011") if causal else value_mask
            names = {**({"query": query_mask} if masks[0] else {}), **({"value": vm} if masks[1] else {})}
            as_tf = lambda m: None if m is None else tf.constant(as_mask(m))
            mask = [as_tf(names.get("query")), as_tf(names.get("value"))] if names else None
            inputs = [q, v, k] if own_key else [q, k]
            outputs, scores = layer([tf.constant(x) for x in inputs], mask=mask, return_attention_scores=True, use_causal_mask=causal)
            runs.append(
                {
                    "id": run,
                    "ownKey": own_key,
                    "causal": causal,
                    **({"mask": names} if names else {}),
                    "outputs": tensor(outputs.numpy()),
                    "scores": tensor(scores.numpy()),
                }
            )
        layers.append(
            {
                "layer": kind,
                "config": {camel(c): v for c, v in config.items()},
                "weights": tensors(dict(zip([camel(w.name) for w in layer.weights], weights))),
                "query": tensor(q),
                "key": tensor(k),
                "value": tensor(v),
                "runs": runs,
            }
        )

    t = torch
    Dk, u = 3, 6
    scores = []
    T = lambda *s, **how: t.tensor(draw(*s, **how))
    q, k, wide, v = T(B, Tq, D), T(B, Tk, Dk), T(B, Tk, D), T(B, Tk, Dv)
    W, U, V, b, A, C, vc = T(D, u), T(Dk, u), T(u), T(u), T(D, Dk), T(D + Dk, u), T(u)
    pairs = lambda x, y: x[:, :, None] + y[:, None]
    both = t.cat([q[:, :, None].expand(B, Tq, Tk, D), k[:, None].expand(B, Tq, Tk, Dk)], -1)
    mask = rows("0110", "1011")
    m = t.tensor(as_mask(mask))[:, None]
    for name, params, keys, e in [
        ("additive", {"queryKernel": W, "keyKernel": U, "v": V}, k, t.tanh(pairs(q @ W, k @ U)) @ V),
        ("additive-bias", {"queryKernel": W, "keyKernel": U, "v": V, "bias": b}, k, t.tanh(pairs(q @ W, k @ U) + b) @ V),
        ("dot", {}, wide, t.einsum("bid,bjd->bij", q, wide)),
        ("general", {"kernel": A}, k, t.einsum("bid,de,bje->bij", q, A, k)),
        ("concat", {"kernel": C, "v": vc}, k, t.tanh(both @ C) @ vc),
        ("scaled-dot", {}, wide, t.einsum("bid,bjd->bij", q, wide) / D**0.5),
    ]:
        weights = t.softmax(e.masked_fill(~m, -t.inf), -1)
        context = weights @ v
        if name == "scaled-dot":
            theirs = t.nn.functional.scaled_dot_product_attention(q, wide, v, attn_mask=m)
            assert (theirs - context).abs().max() < 1e-14
        scores.append(
            {
                "id": name,
                "params": tensors({p: x.numpy() for p, x in params.items()}),
                "keys": tensor(keys.numpy()),
                "scores": tensor(e.numpy()),
                "weights": tensor(weights.numpy()),
                "context": tensor(context.numpy()),
            }
        )
    note = "layers are Keras's; scores are the equations of the papers in PyTorch, scaled-dot checked against its own function"
    body = {"layers": layers, "query": tensor(q.numpy()), "values": tensor(v.numpy()), "mask": mask, "scores": scores}
    write("attention.json", {**versions("keras", "tensorflow", "torch", "numpy"), "note": note}, body)


if __name__ == "__main__":
    functions()
    gradients()
    cells()
    torch_cells()
    attention()
