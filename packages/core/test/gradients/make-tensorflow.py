"""Values and gradients of Keras and TensorFlow at the points where conventions differ: kinks, ties, ends, NaN, infinity.

    python make-tensorflow.py > tensorflow.json

Made with keras 3.15.1 and tensorflow-cpu 2.21.0, in float64.
"""

import json
import math
import os

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
import tensorflow as tf

inf, nan = math.inf, math.nan
LINE = [-inf, -1000.0, -6.0, -3.0, -1.0, -0.5, -0.0, 0.0, 0.5, 1.0, 3.0, 6.0, 1000.0, inf, nan]

a = keras.activations
UNARY = {
    "abs": tf.abs, "neg": tf.negative, "square": tf.square, "sqrt": tf.sqrt, "exp": tf.exp, "expm1": tf.math.expm1,
    "sin": tf.sin, "cos": tf.cos, "log": tf.math.log, "log1p": tf.math.log1p, "erf": tf.math.erf, "tanh": tf.tanh, "sigmoid": tf.sigmoid,
    "sign": tf.sign, "floor": tf.floor, "relu": a.relu, "relu6": a.relu6, "elu": a.elu,
    "elu alpha 0.3": lambda x: a.elu(x, alpha=0.3), "selu": a.selu, "gelu": a.gelu,
    "gelu approximate": lambda x: a.gelu(x, approximate=True), "silu": a.silu, "softplus": a.softplus,
    "softsign": a.softsign, "leakyRelu": a.leaky_relu, "mish": a.mish, "hardSigmoid": a.hard_sigmoid,
    "hardTanh": a.hard_tanh, "hardSilu": a.hard_silu, "exponential": a.exponential, "linear": a.linear,
    "clip -1 3": lambda x: tf.clip_by_value(x, -1.0, 3.0),
    "pow 3": lambda x: tf.pow(x, tf.constant(3.0, tf.float64)),
    "pow 0.5": lambda x: tf.pow(x, tf.constant(0.5, tf.float64)),
    "maximum 1": lambda x: tf.maximum(x, tf.constant(1.0, tf.float64)),
    "minimum 1": lambda x: tf.minimum(x, tf.constant(1.0, tf.float64)),
}
BINARY = {"add": tf.add, "sub": tf.subtract, "maximum": tf.maximum, "minimum": tf.minimum, "div": tf.divide, "pow": tf.pow, "mul": tf.multiply}
PAIRS = [
    (x, y)
    for x in [-inf, -2.0, -0.0, 0.0, 0.5, 2.0, inf, nan]
    for y in [-inf, -1.0, 0.0, 1.0, 2.0, inf, nan]
]
ROWS = [
    [1.0, 3.0, 3.0, -2.0], [0.0, -0.0, 0.0, -1.0], [5.0, 5.0, 5.0, 5.0], [1000.0, 999.0, -1000.0, 0.0],
    [-inf, 0.0, 1.0, -inf], [-inf, -inf, -inf, -inf], [1.0, inf, 2.0, 0.0], [inf, inf, 0.0, -inf], [1.0, nan, 2.0, inf],
]
REDUCTIONS = {
    "sum": tf.reduce_sum, "mean": tf.reduce_mean, "max": tf.reduce_max, "min": tf.reduce_min,
    "logSumExp": tf.reduce_logsumexp,
}
ALONG = {"softmax": a.softmax, "logSoftmax": a.log_softmax}
WEIGHTS = [0.7, -1.3, 2.1, 0.4]


def plain(values):
    """JSON has neither NaN nor infinity nor -0."""
    return [("-0" if v == 0 and math.copysign(1, v) < 0 else float(v) if math.isfinite(v) else str(float(v)))
            for v in np.asarray(values, dtype=np.float64).ravel()]


def run(f, inputs, weights=None):
    xs = [tf.constant(x, tf.float64) for x in inputs]
    with tf.GradientTape() as tape:
        for x in xs:
            tape.watch(x)
        y = f(*xs)
    grads = tape.gradient(y, xs, output_gradients=None if weights is None else tf.constant(weights, tf.float64))
    return {
        "inputs": [plain(x) for x in inputs],
        "value": plain(y),
        "gradients": [plain(tf.zeros_like(x) if g is None else g) for g, x in zip(grads, xs)],
    }


out = {
    "versions": {"keras": keras.__version__, "tensorflow": tf.__version__},
    "unary": {name: run(f, [LINE]) for name, f in UNARY.items()},
    "binary": {name: run(f, list(zip(*PAIRS))) for name, f in BINARY.items()},
    "reductions": {name: [run(f, [row]) for row in ROWS] for name, f in REDUCTIONS.items()},
    "along": {name: [run(f, [row], WEIGHTS) for row in ROWS] for name, f in ALONG.items()},
    "weights": WEIGHTS,
}
print(json.dumps(out).replace('{"inputs"', '\n{"inputs"'))
