"""Makes training-gradients.json: what Keras gives as outputs and gradients of whole layers, in float64.

    pip install keras==3.15.1 tensorflow-cpu==2.21.0
    python make-gradients.py           # computes every expected number of the file anew from its inputs

Inputs, weights and cotangents are normal random numbers rounded to float32, printed as the shortest decimals that give
the same float32 again. L = Σ outputs·cotangent over all outputs and states; its gradients are those of tf.GradientTape with
Keras's layers in float64, rounded to 13 decimals.

A tensor is { shape, data }, row-major. A mask is a list of rows, '0' for a masked step. Options are Keras's, with names in
camelCase; outputs of a reversed layer are in input order (Keras's go_backwards hands them out flipped).
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
FILE = pathlib.Path(__file__).with_name("training-gradients.json")
LAYERS = {"simpleRnn": keras.layers.SimpleRNN, "lstm": keras.layers.LSTM, "gru": keras.layers.GRU}
STATES = {"simpleRnn": ["h"], "lstm": ["h", "c"], "gru": ["h"]}
WEIGHTS = ["kernel", "recurrentKernel", "bias"]


def double(numbers):
    """float32 numbers, as float64."""
    return np.array(numbers["data"], np.float32).astype(np.float64).reshape(numbers["shape"])


def expected(a):
    a = np.asarray(a, np.float64)
    plain = [round(float(v), 13) + 0.0 for v in a.ravel()]
    return {"shape": list(a.shape), "data": [int(v) if v == int(v) else v for v in plain]}


def mask_of(rows):
    return None if rows is None else np.array([[step == "1" for step in row] for row in rows])


def snake(options):
    return {re.sub("[A-Z]", lambda c: "_" + c[0].lower(), k): snaked(v) for k, v in options.items()}


def snaked(value):
    return re.sub("[A-Z]", lambda c: "_" + c[0].lower(), value) if isinstance(value, str) else value


def recurrent(case):
    """∂L/∂x, ∂L/∂params and ∂L/∂state of a recurrent layer, of one direction or both."""
    sides, mode = case["params"], case.get("mergeMode")
    options = snake(case["options"]) | {"return_sequences": case["returnSequences"]}
    make = lambda **more: LAYERS[case["cell"]](**options, **more)
    flip = case["reverse"] and case["returnSequences"]
    layer = make(return_state=True, go_backwards=case["reverse"]) if mode is None else None
    layer = layer or keras.layers.Bidirectional(make(), merge_mode=mode)
    x = tf.constant(double(case["x"]))
    layer.build(x.shape)
    names = [name for name in WEIGHTS if name in sides[0]]
    layer.set_weights([double(side[name]) for side in sides for name in names])
    parts = STATES[case["cell"]]
    state = [tf.constant(double(side[part])) for side in case.get("state", []) for part in parts]
    with tf.GradientTape() as tape:
        tape.watch([x, *state])
        made = layer(x, mask=mask_of(case.get("mask")), initial_state=state or None)
        made = list(made) if mode is None else [made]
        if flip:
            made[0] = made[0][:, ::-1]
        found = dict(zip(["outputs", *parts], made))
        loss = sum(tf.reduce_sum(found[name] * double(g)) for name, g in case["cotangents"].items())
    variables = [v.value for v in layer.trainable_variables]
    of_x, of_state, of_weights = tape.gradient(loss, [x, state, variables])
    chunks = lambda names, flat: [
        {name: expected(g) for name, g in zip(names, flat[i : i + len(names)])} for i in range(0, len(flat), len(names))
    ]
    gradients = {"x": expected(of_x), "params": chunks(names, of_weights)}
    if state:
        gradients["state"] = chunks(parts, of_state)
    return {name: expected(found[name]) for name in case["cotangents"]}, gradients


def attention(case):
    """The same of attention: ∂L/∂query, ∂L/∂value, ∂L/∂key where it is an input of its own, and ∂L/∂params."""
    layer = getattr(keras.layers, case["layer"])(**snake(case["options"]))
    inputs = [tf.constant(double(case[name])) for name in ("query", "value", "key") if name in case]
    layer.build([x.shape for x in inputs])
    layer.set_weights([double(w) for w in case["params"].values()])
    value_mask = mask_of(case.get("mask"))
    mask = None if value_mask is None else [None, tf.constant(value_mask)]
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        outputs = layer(inputs, mask=mask, use_causal_mask=case["causal"])
        loss = tf.reduce_sum(outputs * double(case["cotangents"]["outputs"]))
    of_inputs, of_weights = tape.gradient(loss, [inputs, [v.value for v in layer.trainable_variables]])
    gradients = {name: expected(g) for name, g in zip(("query", "value", "key"), of_inputs)}
    gradients["params"] = {name: expected(g) for name, g in zip(case["params"], of_weights)}
    return {"outputs": expected(outputs)}, gradients


def main():
    file = json.loads(FILE.read_text())
    for case in file["cells"]:
        case["expected"], case["gradients"] = recurrent(case)
    for case in file["attention"]:
        case["expected"], case["gradients"] = attention(case)
    file["meta"] = {"by": "make-gradients.py", "keras": keras.__version__, "tensorflow": tf.__version__, "numpy": np.__version__}
    text = json.dumps(file, separators=(",", ":"))
    text = re.sub(r'(\{"id":|"(?:cells|attention)":\[)', r"\n\1", text)  # a case a line: readable differences
    FILE.write_text(text + "\n")
    print(f"{FILE.name}: {len(text) // 1024} KB, {len(file['cells'])} + {len(file['attention'])} cases")


if __name__ == "__main__":
    main()
