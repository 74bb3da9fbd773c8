"""Writes notebook.json and verdicts.json: what the real Keras computes for the demo's questions.

    pip install keras==3.15.1 tensorflow-cpu==2.21.0
    python make-data.py

sunspots.json holds a network that Keras trained on the yearly sunspot numbers 1700-2008 (public domain), with the
forecasts that Keras makes of all its windows.
"""

import json
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import numpy as np
import tensorflow as tf

UNITS, FEATURES, STEPS = 8, 12, 16
META = {"keras": keras.__version__, "tensorflow": tf.__version__, "by": "make-data.py"}


def numbers(tensor):
    """float32 values in the shortest decimals that read back as the same float32."""
    array = np.asarray(tensor, np.float32)
    data = "[" + ",".join(np.format_float_positional(v, unique=True, trim="-") for v in array.ravel()) + "]"
    return {"shape": list(array.shape), "data": json.loads(data)}


def write(name, value):
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), name), "w") as file:
        json.dump(value, file, separators=(",", ":"))
        file.write("\n")


def glorot(shape, seed):
    return keras.initializers.GlorotUniform(seed=seed)(shape).numpy()


# The notebook: a SimpleRNN without a bias, seed 42 everywhere.
tf.random.set_seed(42)
x = tf.random.normal((32, STEPS, FEATURES))
layer = keras.layers.SimpleRNN(
    UNITS,
    use_bias=False,
    kernel_initializer=keras.initializers.GlorotUniform(seed=42),
    recurrent_initializer=keras.initializers.Orthogonal(seed=42),
    return_sequences=True,
)
y = layer(x)
kernel, recurrent = layer.get_weights()
write(
    "notebook.json",
    {"meta": META, "input": numbers(x), "kernel": numbers(kernel), "recurrentKernel": numbers(recurrent), "output": numbers(y)},
)

# The same question of the other cells and of two attentions, on the first rows of the same input.
x = x[:4]
cells = []
for name, layer_class, options in [
    ("LSTM", keras.layers.LSTM, {}),
    ("GRU, reset after", keras.layers.GRU, {"reset_after": True}),
    ("GRU, reset before", keras.layers.GRU, {"reset_after": False}),
]:
    layer = layer_class(
        UNITS,
        kernel_initializer=keras.initializers.GlorotUniform(seed=42),
        recurrent_initializer=keras.initializers.Orthogonal(seed=42),
        bias_initializer=keras.initializers.RandomNormal(stddev=0.5, seed=7),
        return_sequences=True,
        return_state=True,
        **options,
    )
    y, *state = layer(x)
    cells.append({"name": name, "weights": [numbers(w) for w in layer.get_weights()], "output": numbers(y), "state": [numbers(s) for s in state]})

# Bahdanau's score is AdditiveAttention behind two projections; Luong's dot is Attention.
query, memory = x[:, :5, :], x[:, 5:, :]
mask = np.arange(11)[None, :] < np.array([11, 7, 4, 1])[:, None]
w, u, v = glorot((FEATURES, UNITS), 1), glorot((FEATURES, UNITS), 2), glorot((UNITS,), 3)
additive = keras.layers.AdditiveAttention()
projected = [tf.matmul(query, w), memory, tf.matmul(memory, u)]
additive.build([t.shape for t in projected])
additive.set_weights([v])
context, weights = additive(projected, mask=[None, tf.constant(mask)], return_attention_scores=True)
attentions = [
    {
        "name": "Additive attention (Bahdanau)",
        "params": {"queryKernel": numbers(w), "keyKernel": numbers(u), "v": numbers(v)},
        "context": numbers(context),
        "weights": numbers(weights),
    }
]
context, weights = keras.layers.Attention()([query, memory], mask=[None, tf.constant(mask)], return_attention_scores=True)
attentions.append({"name": "Dot attention (Luong)", "params": {}, "context": numbers(context), "weights": numbers(weights)})
write("verdicts.json", {"meta": META, "cells": cells, "attention": {"mask": mask.astype(int).tolist(), "cases": attentions}})
