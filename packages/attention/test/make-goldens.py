"""Makes goldens.json: what Keras's Attention and AdditiveAttention give.

    pip install keras==3.15.1 tensorflow-cpu==2.21.0
    python make-goldens.py             # asks Keras about every case and writes goldens.json anew
    python make-goldens.py --check     # asks Keras about the inputs in goldens.json, compares, writes nothing

"init" holds the scales that two AdditiveAttention layers start with, one made after the other, after set_random_seed(42).
Then two sets of cases. "grid": every combination of layer, options, key given or not, query mask, value mask and causal on
small sizes; their inputs are kept in goldens.json itself. "random": random options on random, unequal sizes, drawn here
from SEED, some of them in float16 and float64, some with rows in which nothing is valid. Weights are random and unequal,
so that no two can be swapped unseen.

A tensor is { shape, data }, row-major, each number the shortest decimal that reads back as the same float32 (float64
cases: as the same float64); masks are lists of 0 and 1.
"""

import itertools
import json
import os
import pathlib
import sys
import warnings

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import keras
import numpy as np
import tensorflow as tf

# Keras warns of a softmax over one position; here it is wanted.
warnings.filterwarnings("ignore", message="You are using a softmax over axis")

FILE = pathlib.Path(__file__).with_name("goldens.json")
SEED = 20260719
LAYERS = {"Attention": keras.layers.Attention, "AdditiveAttention": keras.layers.AdditiveAttention}
CONFIGS = [
    ("Attention", {}),
    ("Attention", {"use_scale": True}),
    ("Attention", {"score_mode": "concat"}),
    ("Attention", {"use_scale": True, "score_mode": "concat"}),
    ("AdditiveAttention", {}),
    ("AdditiveAttention", {"use_scale": False}),
]


def weight_shapes(layer, config, dim):
    """In the order in which Keras makes them."""
    if layer == "AdditiveAttention":
        return {"scale": [dim]} if config.get("use_scale", True) else {}
    shapes = {"scale": []} if config.get("use_scale", False) else {}
    return shapes | ({"concat_score_weight": []} if config.get("score_mode") == "concat" else {})


def draw(rng, shape, dtype, scale=1.0):
    return (rng.standard_normal(shape) * scale).astype(dtype)


def draw_mask(rng, kind, batch, length):
    """Ragged, with at least one valid position a row; 'dead' hides the whole first row."""
    if kind is None:
        return None
    mask = rng.random((batch, length)) < 0.6
    mask[np.arange(batch), rng.integers(0, length, batch)] = True
    if kind == "dead":
        mask[0] = False
    return mask


def make_case(rng, layer, config, sizes, with_key, query_mask, value_mask, causal, dtype):
    b, tq, tv, d, dv = sizes
    return {
        "layer": layer,
        "dtype": dtype,
        "config": config,
        "causal": causal,
        "weights": {n: draw(rng, s, dtype) for n, s in weight_shapes(layer, config, d).items()},
        "query": draw(rng, (b, tq, d), dtype),
        "value": draw(rng, (b, tv, dv), dtype),
        "key": draw(rng, (b, tv, d), dtype) if with_key else None,
        "query_mask": draw_mask(rng, query_mask, b, tq),
        "value_mask": draw_mask(rng, value_mask, b, tv),
    }


def grid():
    """The inputs of the grid, as they are in the file."""
    for case in json.loads(FILE.read_text())["cases"]:
        if case["id"].startswith("grid/"):
            yield case["id"], parse(case)


def random_cases():
    rng = np.random.default_rng(SEED)
    for dtype, count in [("float32", 64), ("float64", 24), ("float16", 16)]:
        for i in range(count):
            layer, config = CONFIGS[rng.integers(len(CONFIGS))]
            with_key = bool(rng.random() < 0.6)
            b, tq, tv, d, dv = (int(n) for n in rng.integers(1, [4, 7, 8, 7, 6]))
            masks = [None, "ragged", "dead"]
            sizes = (b, tq, tv, d, dv if with_key else d)
            kinds = masks[rng.integers(2)], masks[rng.integers(3)]
            yield f"random/{dtype}/{i}", make_case(rng, layer, config, sizes, with_key, *kinds, bool(rng.random() < 0.5), dtype)


def ask_keras(case):
    """(outputs, scores)"""
    layer = LAYERS[case["layer"]](**case["config"], dtype=case["dtype"])
    inputs = [case["query"], case["value"]] + ([case["key"]] if case["key"] is not None else [])
    layer.build([x.shape for x in inputs])
    assert [w.name for w in layer.weights] == list(case["weights"])
    layer.set_weights(list(case["weights"].values()))
    masks = [None if m is None else tf.constant(m) for m in [case["query_mask"], case["value_mask"]]]
    mask = None if all(m is None for m in masks) else masks
    inputs = [tf.constant(x) for x in inputs]
    outputs, scores = layer(inputs, mask=mask, use_causal_mask=case["causal"], return_attention_scores=True)
    return np.asarray(outputs), np.asarray(scores)


def initial_scales():
    """In the order of creation: the second depends on how many draws the first took."""
    keras.utils.set_random_seed(42)
    scales = []
    for dim in [6, 4]:
        layer = keras.layers.AdditiveAttention()
        layer.build([(None, 2, dim), (None, 3, dim)])
        scales.append(np.asarray(layer.scale))
    return scales


def to_json(x):
    if x is None:
        return None
    if x.dtype == bool:
        return x.astype(int).tolist()
    # Every float16 is a float32, and a float32 prints as its own shortest decimal.
    wide = x if x.dtype == np.float64 else x.astype(np.float32)
    return {"shape": list(x.shape), "data": [Literal(shortest(v)) for v in wide.ravel()]}


def shortest(v):
    plain = v == 0 or 1e-4 <= abs(v) < 1e7
    return (np.format_float_positional if plain else np.format_float_scientific)(v, trim="-")


class Literal(str):
    """A number as it is to be written; the json module would print a float32 with the digits of a float64."""


def from_json(value, dtype):
    if value is None:
        return None
    if isinstance(value, list):
        return np.array(value, dtype=bool)
    return np.array(value["data"], dtype=dtype).reshape(value["shape"])


def parse(case):
    """A case of the file, its inputs as arrays."""
    dtype = case["dtype"]
    arrays = {k: from_json(case[k], dtype) for k in ["query", "value", "key", "query_mask", "value_mask"]}
    return case | arrays | {"weights": {n: from_json(w, dtype) for n, w in case["weights"].items()}}


def dump(value):
    """JSON, with literals as they are."""
    if isinstance(value, Literal):
        return value
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(k)}:{dump(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(dump(v) for v in value) + "]"
    return json.dumps(value)


def write():
    written = []
    for case_id, case in itertools.chain(grid(), random_cases()):
        outputs, scores = ask_keras(case)
        tensors = {k: to_json(case[k]) for k in ["query", "value", "key", "query_mask", "value_mask"]}
        plain = {k: case[k] for k in ["layer", "dtype", "config", "causal"]}
        weights = {"weights": {n: to_json(w) for n, w in case["weights"].items()}}
        written.append({"id": case_id} | plain | weights | tensors | {"outputs": to_json(outputs), "scores": to_json(scores)})
    assert len({c["id"] for c in written}) == len(written)
    meta = {
        "made by": "make-goldens.py",
        "keras": keras.__version__,
        "tensorflow": tf.__version__,
        "numpy": np.__version__,
        "device": "CPU",
        "seed": SEED,
    }
    lines = ",\n".join(dump(c) for c in written)
    init = {"seed": 42, "scales": [to_json(scale) for scale in initial_scales()]}
    FILE.write_text(f'{{"meta":{json.dumps(meta)},\n"init":{dump(init)},\n"cases":[\n{lines}\n]}}\n')
    print(f"{len(written)} cases, {FILE.stat().st_size} bytes")


def check():
    worst = {}
    stored = json.loads(FILE.read_text())["cases"]
    for case in stored:
        for name, got in zip(["outputs", "scores"], ask_keras(parse(case))):
            expected = from_json(case[name], case["dtype"])
            difference = float(np.max(np.abs(got.astype(np.float64) - expected.astype(np.float64))))
            worst[case["dtype"]] = max(worst.get(case["dtype"], 0.0), difference)
    print(f"{len(stored)} cases, largest difference", worst)


if __name__ == "__main__":
    check() if "--check" in sys.argv[1:] else write()
