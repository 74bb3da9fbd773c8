"""Makes goldens.json: what Keras's attention layers give.

    pip install keras==3.15.1 tensorflow-cpu==2.21.0
    python make-goldens.py             # asks Keras about every case and writes goldens.json anew
    python make-goldens.py --check     # asks Keras about the inputs in goldens.json, compares, writes nothing

"init" holds the scales that two AdditiveAttention layers start with, one made after the other, after set_random_seed(42).
"cases" are two sets. "grid": every combination of layer, options, key given or not, query mask, value mask and causal on
small sizes; their inputs are kept in goldens.json itself. "random": random options on random, unequal sizes, drawn here
from SEED, some of them in float16 and float64, some with rows in which nothing is valid. Weights are random and unequal,
so that no two can be swapped unseen.

"heads" are random configurations of MultiHeadAttention and GroupQueryAttention: both code paths, every option, all kinds of
masks. Their "mask" entries are lists of { shape, data } with 0 and 1; "calls" is how often the layer was called in training
before. A query mask is carried by the query: MultiHeadAttention ignores the argument. "dropout" are cases of the other two
layers in training, with the same key. "made" are layers made one after the other after set_random_seed(42): the seeds and
weights they start with.

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
# And of sub-layers that do not look at the mask a query carries; the layer itself does.
warnings.filterwarnings("ignore", message="Layer .* was passed an input with a mask attached")

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
    training = "calls" in case
    for _ in range(case.get("calls", 0) + 1):
        outputs, scores = layer(inputs, mask=mask, use_causal_mask=case["causal"], return_attention_scores=True, training=training)
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


def masked(x, mask):
    """x, carrying its mask as an Embedding or Masking would give it."""
    x = tf.constant(x)
    if mask is not None:
        keras.src.backend.set_keras_mask(x, tf.constant(mask))
    return x


def maybe(rng, probability, value):
    return value if rng.random() < probability else None


def heads_case(rng, dtype):
    """Random options that Keras itself gives a meaning to."""
    # Short decimals: many cases, and nobody needs their digits.
    draw = lambda rng, shape, dtype, scale=1.0: np.round(rng.standard_normal(shape) * scale, 2).astype(dtype)
    pick = lambda *values: values[rng.integers(len(values))]
    n, b, tq, tv = pick(1, 2, 3), pick(1, 2, 3), pick(1, 2, 4, 5), pick(1, 3, 4)
    # Keras 3.15 on TensorFlow adds a bias (N, 1) along axis 1 of the inputs when that has length N; it means the heads.
    width = lambda heads: pick(2, 3, 5) if heads > 1 else pick(1, 2, 4)
    grouped = bool(rng.random() < 0.4)
    config = {"use_bias": bool(rng.random() < 0.8), "use_gate": bool(rng.random() < 0.3)}
    if grouped:
        groups = pick(1, 2, 3)
        config |= {"head_dim": width(n * groups), "num_query_heads": n * groups, "num_key_value_heads": n}
        n *= groups
    else:
        config |= {"num_heads": n, "key_dim": width(n)}
        config |= {k: v for k, v in {"value_dim": maybe(rng, 0.5, width(n)), "output_shape": pick(None, None, 3, (2, 3))}.items() if v}
    axes = None if grouped else pick(*[None] * 8, (1,), (2,), (-2,), (1, 2), (2, 1))
    rank = 3 if axes in (None, (1,)) else 4
    if axes is not None:
        config["attention_axes"] = axes
    several = axes is not None and len(axes) > 1
    dims = [(tq,), (tv,)]
    if rank == 4:
        other = pick(1, 2, 3)
        dims = [(tq, other), (tv, pick(1, 2))] if several else [(other, tq), (other, tv)]
    training = dtype == "float32" and rng.random() < 0.25
    dropout = pick(0.3, 0.5, 0.8) if training or rng.random() < 0.1 else 0.0
    if dropout > 0 or rng.random() < 0.1:
        config |= {"dropout": dropout, "seed": int(rng.integers(1, 10**6))}
    if rank == 3 and rng.random() < 0.25:
        config["sliding_window"] = pick(1, 2, 3)

    eq, ev, ek = (int(e) for e in rng.integers(1, 6, 3))
    with_key = bool(rng.random() < 0.4)
    # Attended axes in the order the scores have them.
    q_axes, v_axes = ([d[a - 1 if a > 0 else a + 3] for a in axes] if rank == 4 else list(d) for d in dims)
    bools = lambda *shape: rng.random(shape) < 0.65
    if rank == 3:
        shapes = [(tq, tv), (b, tq, tv), (1, tq, tv), (b, 1, tv), (b, n, tq, tv), (b, 1, tq, tv)]
    else:
        batch = (b,) if several else (b, other)
        shapes = [(*batch, *q_axes, *v_axes), (*batch, n, *q_axes, *v_axes), (b, *q_axes, *v_axes)]
    attention_mask = bools(*pick(*shapes)) if rng.random() < 0.45 else None
    # Keras adds padding to a mask of rank 4 as if its heads were batches.
    carried = rng.random() < 0.6 and not several and (attention_mask is None or (rank == 3 and attention_mask.ndim < 4))
    padding = lambda d, probability: bools(b, *d) if carried and rng.random() < probability else None
    case = {
        "layer": "GroupQueryAttention" if grouped else "MultiHeadAttention",
        "dtype": dtype,
        "config": config,
        "causal": bool(rank == 3 and rng.random() < 0.35),
        "return_scores": bool(rng.random() < 0.4),
        "training": bool(training),
        "calls": pick(0, 0, 1, 3) if training else 0,
        "query": draw(rng, (b, *dims[0], eq), dtype),
        "value": draw(rng, (b, *dims[1], ev), dtype),
        "key": draw(rng, (b, *dims[1], ek), dtype) if with_key else None,
        "attention_mask": attention_mask,
        "query_mask": padding(dims[0], 0.4),
        "value_mask": padding(dims[1], 0.6),
        "key_mask": padding(dims[1], 0.3),
    }
    if case["attention_mask"] is not None and rng.random() < 0.3:
        case["attention_mask"][0] = False
    layer = build_heads(case)
    case["weights"] = {"/".join(w.path.split("/")[-2:]): draw(rng, w.shape, dtype, 0.7) for w in layer.weights}
    return case


def build_heads(case):
    layer = getattr(keras.layers, case["layer"])(**case["config"], dtype=case["dtype"])
    shapes = [case["query"].shape, case["value"].shape] + ([case["key"].shape] if case["key"] is not None else [])
    layer.build(*shapes)
    return layer


def ask_heads(case):
    """(outputs, scores or None)"""
    layer = build_heads(case)
    assert ["/".join(w.path.split("/")[-2:]) for w in layer.weights] == list(case["weights"])
    layer.set_weights(list(case["weights"].values()))

    def call():
        optional = lambda x: None if x is None else tf.constant(x)
        return layer(
            masked(case["query"], case["query_mask"]),
            tf.constant(case["value"]),
            key=optional(case["key"]),
            value_mask=optional(case["value_mask"]),
            key_mask=optional(case["key_mask"]),
            attention_mask=optional(case["attention_mask"]),
            use_causal_mask=case["causal"],
            return_attention_scores=case["return_scores"],
            training=case["training"],
        )

    for _ in range(case["calls"]):
        call()
    made = call()
    return (np.asarray(made[0]), np.asarray(made[1])) if case["return_scores"] else (np.asarray(made), None)


def heads_cases():
    rng = np.random.default_rng(SEED + 1)
    for dtype, count in [("float32", 110), ("float64", 40), ("float16", 24)]:
        for i in range(count):
            yield f"heads/{dtype}/{i}", heads_case(rng, dtype)


def dropout_cases():
    rng = np.random.default_rng(SEED + 2)
    for i in range(12):
        layer, config = CONFIGS[i % len(CONFIGS)]
        b, tq, tv, d, dv = (int(n) for n in rng.integers(2, 5, 5))
        config = config | {"dropout": [0.25, 0.6, 1.0][i % 3], "seed": int(rng.integers(1, 10**6))}
        mask = [None, "ragged"][i % 2]
        case = make_case(rng, layer, config, (b, tq, tv, d, dv), True, None, mask, bool(i % 4 == 3), "float32")
        yield f"dropout/{i}", case | {"calls": [0, 1, 2][i // 4]}


def made_layers():
    """Layers one after the other, each with the seed of its dropout (or null) and its weights."""
    keras.utils.set_random_seed(42)
    made = []
    for name, config, shapes in [
        ("MultiHeadAttention", {"num_heads": 2, "key_dim": 3}, [(1, 2, 4), (1, 3, 5)]),
        ("Attention", {"dropout": 0.5}, [(1, 2, 4), (1, 3, 4)]),
        (
            "MultiHeadAttention",
            {"num_heads": 3, "key_dim": 2, "value_dim": 4, "output_shape": (2, 3), "use_gate": True, "dropout": 0.5, "bias_initializer": "random_normal"},
            [(1, 2, 4), (1, 3, 5), (1, 3, 2)],
        ),
        ("AdditiveAttention", {"dropout": 0.25}, [(1, 2, 4), (1, 3, 4)]),
        (
            "GroupQueryAttention",
            {"head_dim": 3, "num_query_heads": 4, "num_key_value_heads": 2, "dropout": 0.1, "kernel_initializer": "he_normal", "use_gate": True},
            [(1, 2, 4), (1, 3, 4)],
        ),
        ("GroupQueryAttention", {"head_dim": 2, "num_query_heads": 2, "num_key_value_heads": 1, "use_bias": False}, [(1, 2, 3), (1, 3, 5)]),
        ("MultiHeadAttention", {"num_heads": 2, "key_dim": 2, "dropout": 0.1, "seed": 7, "kernel_initializer": "orthogonal"}, [(1, 2, 3), (1, 3, 3)]),
        (
            "MultiHeadAttention",
            {"num_heads": 2, "key_dim": 3, "kernel_initializer": {"class_name": "GlorotUniform", "config": {"seed": 5}}},
            [(1, 2, 4), (1, 3, 4)],
        ),
        ("AdditiveAttention", {}, [(1, 2, 3), (1, 3, 3)]),
    ]:
        layer = getattr(keras.layers, name)(**config)
        layer.build(shapes) if name in LAYERS else layer.build(*shapes)
        generator = getattr(layer, "seed_generator", None) or getattr(getattr(layer, "_dropout_layer", None), "seed_generator", None)
        made.append(
            {
                "layer": name,
                "config": config,
                "widths": [shape[-1] for shape in shapes],
                "seed": None if generator is None else int(np.asarray(generator.state)[0]),
                "weights": {"/".join(w.path.split("/")[1:]): to_json(np.asarray(w)) for w in layer.weights},
            }
        )
    return made


MASKS = ["attention_mask", "query_mask", "value_mask", "key_mask"]


def heads_to_json(case_id, case):
    outputs, scores = ask_heads(case)
    tensors = {k: to_json(case[k]) for k in ["query", "value", "key"]}
    bits = {k: None if case[k] is None else {"shape": list(case[k].shape), "data": case[k].astype(int).ravel().tolist()} for k in MASKS}
    plain = {k: case[k] for k in ["layer", "dtype", "config", "causal", "return_scores", "training", "calls"]}
    weights = {"weights": {n: to_json(w) for n, w in case["weights"].items()}}
    return {"id": case_id} | plain | weights | tensors | bits | {"outputs": to_json(outputs), "scores": to_json(scores)}


def parse_heads(case):
    arrays = {k: from_json(case[k], case["dtype"]) for k in ["query", "value", "key"]}
    bits = {k: None if case[k] is None else from_json(case[k], bool) for k in MASKS}
    return case | arrays | bits | {"weights": {n: from_json(w, case["dtype"]) for n, w in case["weights"].items()}}


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
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(dump(v) for v in value) + "]"
    return json.dumps(value)


def case_to_json(case_id, case):
    outputs, scores = ask_keras(case)
    tensors = {k: to_json(case[k]) for k in ["query", "value", "key", "query_mask", "value_mask"]}
    plain = {k: case[k] for k in ["layer", "dtype", "config", "causal", "calls"] if k in case}
    weights = {"weights": {n: to_json(w) for n, w in case["weights"].items()}}
    return {"id": case_id} | plain | weights | tensors | {"outputs": to_json(outputs), "scores": to_json(scores)}


def write():
    sections = {
        "cases": [case_to_json(*c) for c in itertools.chain(grid(), random_cases())],
        "dropout": [case_to_json(*c) for c in dropout_cases()],
        "heads": [heads_to_json(*c) for c in heads_cases()],
    }
    ids = [c["id"] for cases in sections.values() for c in cases]
    assert len(set(ids)) == len(ids)
    meta = {
        "made by": "make-goldens.py",
        "keras": keras.__version__,
        "tensorflow": tf.__version__,
        "numpy": np.__version__,
        "device": "CPU",
        "seed": SEED,
    }
    init = {"seed": 42, "scales": [to_json(scale) for scale in initial_scales()]}
    lines = lambda cases: "[\n" + ",\n".join(dump(c) for c in cases) + "\n]"
    made = lines(made_layers())
    body = ",\n".join(f'"{name}":{lines(cases)}' for name, cases in sections.items())
    FILE.write_text(f'{{"meta":{json.dumps(meta)},\n"init":{dump(init)},\n"made":{made},\n{body}}}\n')
    print(f"{len(ids)} cases, {FILE.stat().st_size} bytes")


def check():
    worst = {}
    stored = json.loads(FILE.read_text())
    plain, heads = stored["cases"] + stored["dropout"], stored["heads"]
    answers = [(c, ask_keras(parse(c))) for c in plain] + [(c, ask_heads(parse_heads(c))) for c in heads]
    for case, answer in answers:
        for name, got in zip(["outputs", "scores"], answer):
            if got is None:
                continue
            expected = from_json(case[name], case["dtype"])
            difference = float(np.max(np.abs(got.astype(np.float64) - expected.astype(np.float64)), initial=0))
            worst[case["dtype"]] = max(worst.get(case["dtype"], 0.0), difference)
    print(f"{len(answers)} cases, largest difference", worst)


if __name__ == "__main__":
    check() if "--check" in sys.argv[1:] else write()
