"""Trains a small network on the sunspots with the real Keras and writes sunspots-run.json: the initial weights, the
rows of every batch, and the loss of every step.

    pip install keras==3.15.1 tensorflow-cpu==2.21.0
    python train_sunspots.py

examples/train-sunspots.ts trains from the same weights on the same batches and compares the losses. The numbers are the
yearly sunspot numbers 1700-2008 in apps/demo/data/sunspots.json (SIDC / statsmodels, public domain).
"""

import json
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import numpy as np
import tensorflow as tf

HERE = os.path.dirname(os.path.abspath(__file__))
WINDOW, TRAIN, SCALE = 33, 216, 200.0  # from 33 years the next one; the last 60 windows are not trained on
BATCH, EPOCHS, SEED, RATE = 24, 10, 42, 0.005

with open(os.path.join(HERE, "../../apps/demo/data/sunspots.json")) as file:
    years = np.asarray(json.load(file)["sunspots"], np.float32) / np.float32(SCALE)
x = np.stack([years[i : i + WINDOW] for i in range(TRAIN)])[:, :, None]
y = years[WINDOW : WINDOW + TRAIN, None]

keras.utils.set_random_seed(SEED)
model = keras.Sequential(
    [
        keras.Input((WINDOW, 1)),
        keras.layers.LSTM(16, return_sequences=True),
        keras.layers.GRU(8),
        keras.layers.Dense(1),
    ]
)
model.compile(keras.optimizers.Adam(RATE), keras.losses.MeanSquaredError())
names = ["lstm/kernel", "lstm/recurrentKernel", "lstm/bias", "gru/kernel", "gru/recurrentKernel", "gru/bias", "dense/kernel", "dense/bias"]
initial = dict(zip(names, [w.copy() for w in model.get_weights()], strict=True))

order = np.random.default_rng(SEED)
batches, losses = [], []
for _ in range(EPOCHS):
    rows = order.permutation(TRAIN)
    for at in range(0, TRAIN, BATCH):
        batch = rows[at : at + BATCH]
        model.reset_metrics()  # else train_on_batch gives the mean of all steps so far
        losses.append(np.float32(model.train_on_batch(x[batch], y[batch])))
        batches.append(batch.tolist())


def shortest(values):
    """float32 values in the shortest decimals that read back as the same float32."""
    return "[" + ",".join(np.format_float_positional(v, unique=True, trim="-") for v in np.ravel(values)) + "]"


meta = {
    "about": "Sequential [LSTM(16, return_sequences), GRU(8), Dense(1)], Adam, mean squared error, on yearly sunspot numbers / scale",
    "by": "train_sunspots.py",
    "keras": keras.__version__,
    "tensorflow": tf.__version__,
    "numpy": np.__version__,
}
lines = [f'"meta":{json.dumps(meta)}']
lines += [f'"{name}":{json.dumps(value)}' for name, value in [("window", WINDOW), ("scale", SCALE), ("learningRate", RATE)]]
weights = [f'"{n}":{{"shape":{json.dumps(list(w.shape))},"data":{shortest(w)}}}' for n, w in initial.items()]
lines.append('"weights":{\n' + ",\n".join(weights) + "\n}")
lines.append('"batches":[\n' + ",\n".join(json.dumps(b, separators=(",", ":")) for b in batches) + "\n]")
lines.append(f'"losses":{shortest(losses)}')
with open(os.path.join(HERE, "sunspots-run.json"), "w") as file:
    file.write("{\n" + ",\n".join(lines) + "\n}\n")
