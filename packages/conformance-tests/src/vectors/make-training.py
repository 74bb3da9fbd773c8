"""Makes training-steps.json: a few steps of Keras's optimizers with Keras's cells, in float64.

    pip install keras==3.15.1 tensorflow-cpu==2.21.0
    python make-training.py

L = mean (last output − target)². The losses before each step, and the weights after the last one. All inputs and settings
are multiples of powers of two that float16 holds, so that every backend trains the same; results are rounded to 14 decimals.

A tensor is { shape, data }, row-major. A mask is a list of rows, '0' for a masked step.
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
import numpy as np
import tensorflow as tf

keras.config.set_floatx("float64")
HERE = pathlib.Path(__file__).parent
SEED, STEPS, BATCH, TIME, FEATURES, UNITS = 20261124, 5, 3, 4, 2, 3
MASK = ["1111", "0110", "1101"]
rng = np.random.default_rng(SEED)
LAYERS = {"simpleRnn": keras.layers.SimpleRNN, "lstm": keras.layers.LSTM, "gru": keras.layers.GRU}
OPTIMIZERS = {
    "sgd": (keras.optimizers.SGD, {"learning_rate": 0.125, "momentum": 0.875}),
    "adam": (keras.optimizers.Adam, {"learning_rate": 0.0625, "beta_1": 0.875, "beta_2": 0.96875, "epsilon": 2.0**-20}),
}
CELLS = [
    ("simple-rnn", "simpleRnn", {}, False),
    ("lstm", "lstm", {}, False),
    ("gru", "gru", {"reset_after": True}, True),
    ("gru-reset-before", "gru", {"reset_after": False}, True),
]


def draw(*shape, scale=1.0):
    n = np.rint(rng.uniform(-1, 1, shape) * 64 * scale)
    return np.where(n == 0, 1, n) / 64


def tensor(a):
    plain = [round(float(v), 14) + 0.0 for v in np.asarray(a).ravel()]
    return {"shape": list(np.shape(a)), "data": [int(v) if v == int(v) else v for v in plain]}


def camel(options):
    return {re.sub("_(.)", lambda m: m[1].upper(), name): value for name, value in options.items()}


def trained(kind, options, backwards, optimizer, settings):
    layer = LAYERS[kind](UNITS, go_backwards=backwards, **options)
    layer.build((BATCH, TIME, FEATURES))
    weights = [draw(*w.shape, scale=0.75) for w in layer.weights]
    layer.set_weights(weights)
    x, target = draw(BATCH, TIME, FEATURES), draw(BATCH, UNITS)
    mask = np.array([[step == "1" for step in row] for row in MASK])
    update = optimizer(**settings)
    losses = []
    for _ in range(STEPS):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((layer(x, mask=mask) - target) ** 2)
        losses.append(round(float(loss), 14))
        update.apply(tape.gradient(loss, [v.value for v in layer.trainable_variables]), layer.trainable_variables)
    names = ["kernel", "recurrentKernel", "bias"]
    return {
        "cell": kind,
        "options": {"units": UNITS, **camel(options)},
        "reverse": backwards,
        "x": tensor(x),
        "mask": MASK,
        "target": tensor(target),
        "settings": camel(settings),
        "params": dict(zip(names, map(tensor, weights))),
        "losses": losses,
        "trained": dict(zip(names, map(tensor, layer.get_weights()))),
    }


made = {"keras": keras.__version__, "tensorflow": tf.__version__, "numpy": np.__version__}
cases = [
    {"id": f"{label}/{name}", "optimizer": name, **trained(kind, options, backwards, *how)}
    for label, kind, options, backwards in CELLS
    for name, how in OPTIMIZERS.items()
]
text = json.dumps({"meta": {"by": "make-training.py", "seed": SEED, **made}, "cases": cases}, separators=(",", ":"))
(HERE / "training-steps.json").write_text(re.sub(r'(\{"id":)', r"\n\1", text) + "\n")  # a case a line
