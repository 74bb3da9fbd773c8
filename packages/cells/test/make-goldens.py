"""Writes goldens.json: random configurations of Keras's recurrent layers and what the real Keras makes of them.

    pip install keras==3.15.1 tensorflow-cpu==2.21.0
    python make-goldens.py

Weights, inputs and states are random float32 numbers, different in every gate; Keras computes in float64, so that the
expected values are those of the formula. Masked steps hold NaN in half of the cases: what is masked must not matter.
Some drawn recurrences amplify every rounding (an unbounded activation times large weights): where Keras's own float32 is
further than 5e-7 from its float64, the case is redrawn and counted.
"""

import json
import os
import random

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import numpy as np
import tensorflow as tf

SEED = 20261123
CASES_PER_LAYER = 30
LAYERS = {"SimpleRNN": keras.layers.SimpleRNN, "LSTM": keras.layers.LSTM, "GRU": keras.layers.GRU}
ACTIVATIONS = ["tanh", "sigmoid", "relu", "linear", "hard_sigmoid", "softsign", "elu", "selu", "gelu", "silu", "softplus",
               "relu6", "leaky_relu", "mish", "hard_tanh", "hard_silu"]

rng = np.random.default_rng(SEED)
dice = random.Random(SEED)


def floats(shape, scale=1.0):
    return (rng.standard_normal(shape) * scale).astype(np.float32)


def mask_of(batch, time):
    """Padding on the right, on the left, in the middle, at random, everything, nothing: a row each, drawn."""
    mask = np.ones((batch, time), bool)
    for row in mask:
        kind = dice.choice(["right", "left", "middle", "random", "all", "none"])
        cut = dice.randrange(time + 1)
        if kind == "right":
            row[cut:] = False
        elif kind == "left":
            row[:cut] = False
        elif kind == "middle":
            row[min(cut, time - 1)] = False
        elif kind == "random":
            row[:] = rng.random(time) < 0.6
        elif kind == "all":
            row[:] = False
    return mask


def numbers(array, digits):
    return {"shape": list(array.shape), "data": [float(f"{v:.{digits}g}") for v in np.asarray(array, np.float64).ravel()]}


def case(name):
    batch, time, inputs, units = dice.randint(1, 3), dice.choice([1, 2, 3, 5, 7]), dice.randint(1, 4), dice.randint(1, 5)
    config = {
        "units": units,
        "use_bias": dice.random() < 0.8,
        "go_backwards": dice.random() < 0.4,
        "return_sequences": dice.random() < 0.6,
        "zero_output_for_mask": dice.random() < 0.4,
        "activation": dice.choice(ACTIVATIONS) if dice.random() < 0.6 else "tanh",
    }
    if name != "SimpleRNN":
        config["recurrent_activation"] = dice.choice(ACTIVATIONS) if dice.random() < 0.4 else "sigmoid"
    if name == "GRU":
        config["reset_after"] = dice.random() < 0.5
    layer, single = (LAYERS[name](**config, return_state=True, dtype=dtype) for dtype in ("float64", "float32"))
    for each in (layer, single):
        each.build((batch, time, inputs))
    weights = [floats(w.shape, 0.6) for w in layer.weights]
    for each in (layer, single):
        each.set_weights(weights)
    x = floats((batch, time, inputs))
    mask = mask_of(batch, time) if dice.random() < 0.7 else None
    states = [floats((batch, units)) for _ in range(2 if name == "LSTM" else 1)] if dice.random() < 0.5 else None
    padding = mask is not None and dice.random() < 0.5

    def run(on):
        made = on(
            tf.constant(x, on.dtype),
            mask=None if mask is None else tf.constant(mask),
            initial_state=None if states is None else [tf.constant(s, on.dtype) for s in states],
        )
        return [np.asarray(part, np.float64) for part in made]

    exact, rounded = run(layer), run(single)
    if max(np.max(np.abs(e - r) / (1 + np.abs(e))) for e, r in zip(exact, rounded)) > 5e-7:
        global redrawn
        redrawn += 1
        return case(name)
    outputs, *final = exact
    if config["go_backwards"] and config["return_sequences"]:
        outputs = outputs[:, ::-1]  # to input order
    return {
        "layer": name,
        "config": config,
        "weights": [numbers(w, 9) for w in weights],
        "input": numbers(x, 9),
        "mask": None if mask is None else mask.astype(int).tolist(),
        "paddingIsNaN": padding,
        "initialState": None if states is None else [numbers(s, 9) for s in states],
        "outputs": numbers(outputs, 12),
        "state": [numbers(s, 12) for s in final],
    }


redrawn = 0
cases = [case(name) for name in LAYERS for _ in range(CASES_PER_LAYER)]
meta = {
    "keras": keras.__version__,
    "tensorflow": tf.__version__,
    "numpy": np.__version__,
    "seed": SEED,
    "redrawn": redrawn,
    "by": "make-goldens.py",
    "note": "weights and inputs are float32, computed in float64; outputs are in input order",
}
lines = ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases)
with open(os.path.join(os.path.dirname(__file__), "goldens.json"), "w") as file:
    file.write('{"meta":' + json.dumps(meta) + ',"cases":[\n' + lines + "\n]}\n")
