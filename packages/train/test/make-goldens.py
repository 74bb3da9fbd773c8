"""Makes goldens.json: what Keras's optimizers, schedules, losses, metrics and training give, in float64.

    pip install keras==3.15.1 tensorflow-cpu==2.21.0
    python make-goldens.py             # draws inputs anew from SEED, asks Keras and writes goldens.json

"optimizers": four updates of three variables of unequal shapes (one of them a scalar) with given gradients, and the
variables after each. "schedules": learning rates by step. "losses": the reduced value, the values of the samples where
there is no reduction, and the gradient of the value (for 'none': of its sum) with respect to the predictions. "metrics":
their values; perplexity, which Keras does not have, is e to the power of its SparseCategoricalCrossentropy metric; "masked"
ones are of predictions of two axes that carry a mask.
"clipping": Keras's own functions. "stopping": the EarlyStopping callback.
"float32": updates in float32. "curves": the loss before each step of a small model, trained on one batch, and its
weights after the last step, in Keras's order.

A tensor is { shape, data }, row-major; inputs are rounded to three decimals, results are the shortest decimals that read
back as the same float64.
"""

import json
import os
import pathlib

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import keras
import numpy as np
import tensorflow as tf

keras.config.set_floatx("float64")

FILE = pathlib.Path(__file__).with_name("goldens.json")
SEED = 20260801
rng = np.random.default_rng(SEED)


def draw(*shape, scale=1.0):
    return np.round(rng.normal(size=shape) * scale, 3)


def to_json(x):
    x = np.asarray(x)
    kind = float if x.dtype.kind == "f" else int
    return {"shape": list(x.shape), "data": [kind(v) for v in x.ravel()]}


def camel(name):
    # beta_1 is beta1
    head, *rest = name.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)


def doubles(options):
    """TensorFlow takes Python's numbers through float32, so that 0.9 is 0.8999999762; NumPy's doubles stay as they are."""
    one = lambda x: np.float64(x) if isinstance(x, float) else [one(v) for v in x] if isinstance(x, list) else x
    return {name: one(value) for name, value in options.items()}


def optimizer_of(keras_name, options):
    """With the defaults written out, as doubles too."""
    kind = getattr(keras.optimizers, keras_name)
    defaults = {name: value for name, value in kind().get_config().items() if isinstance(value, float)}
    return kind(**doubles({**defaults, **options}))


def camels(options):
    return {camel(name): value for name, value in options.items()}


OPTIMIZERS = [
    ("sgd", "SGD", {}),
    ("sgd", "SGD", {"learning_rate": 0.1, "momentum": 0.9}),
    ("sgd", "SGD", {"learning_rate": 0.1, "momentum": 0.8, "nesterov": True, "weight_decay": 0.05}),
    ("sgd", "SGD", {"learning_rate": 0.2, "clipnorm": 0.7}),
    ("sgd", "SGD", {"learning_rate": 0.2, "global_clipnorm": 1.1}),
    ("sgd", "SGD", {"learning_rate": 0.2, "global_clipnorm": 100.0}),
    ("sgd", "SGD", {"learning_rate": 0.2, "clipvalue": 0.4}),
    ("adam", "Adam", {}),
    ("adam", "Adam", {"learning_rate": 0.02, "beta_1": 0.8, "beta_2": 0.95, "epsilon": 0.001}),
    ("adam", "Adam", {"learning_rate": 0.05, "amsgrad": True, "beta_2": 0.5}),
    ("adam", "Adam", {"learning_rate": 0.05, "weight_decay": 0.1, "clipnorm": 0.5}),
    ("adamW", "AdamW", {}),
    ("adamW", "AdamW", {"learning_rate": 0.03, "weight_decay": 0.2, "amsgrad": True}),
    ("rmsprop", "RMSprop", {}),
    ("rmsprop", "RMSprop", {"learning_rate": 0.01, "rho": 0.7, "momentum": 0.6, "epsilon": 0.01}),
    ("rmsprop", "RMSprop", {"learning_rate": 0.01, "centered": True}),
    ("rmsprop", "RMSprop", {"learning_rate": 0.01, "centered": True, "momentum": 0.5, "weight_decay": 0.01}),
    ("adagrad", "Adagrad", {}),
    ("adagrad", "Adagrad", {"learning_rate": 0.3, "initial_accumulator_value": 0.02, "epsilon": 0.05}),
]
EXCLUDED = ("adamW", "AdamW", {"learning_rate": 0.03, "weight_decay": 0.2})
SCHEDULES = [
    ("exponentialDecay", "ExponentialDecay", {"initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 0.83}),
    ("exponentialDecay", "ExponentialDecay", {"initial_learning_rate": 0.3, "decay_steps": 3, "decay_rate": 0.5, "staircase": True}),
    ("exponentialDecay", "ExponentialDecay", {"initial_learning_rate": 0.003, "decay_steps": 11, "decay_rate": 1.7}),
    ("cosineDecay", "CosineDecay", {"initial_learning_rate": 0.1, "decay_steps": 13}),
    ("cosineDecay", "CosineDecay", {"initial_learning_rate": 0.1, "decay_steps": 9, "alpha": 0.2}),
    ("cosineDecay", "CosineDecay", {"initial_learning_rate": 0.01, "decay_steps": 9, "alpha": 0.1, "warmup_target": 0.2, "warmup_steps": 5}),
    ("piecewiseConstantDecay", "PiecewiseConstantDecay", {"boundaries": [3, 10], "values": [0.5, 0.2, 0.05]}),
]
STEPS = [0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 13, 14, 20, 137]


def schedule_of(keras_name, options):
    return getattr(keras.optimizers.schedules, keras_name)(**doubles(options))


def optimizer_case(name, keras_name, options, schedule=None, exclude=None):
    shapes = {"kernel": (2, 3), "bias": (3,), "scale": ()}
    start = {n: draw(*s) for n, s in shapes.items()}
    # The second gradient of the scalar is 0, and all of the third ones are large.
    grads = [{n: draw(*s, scale=[1, 1, 5, 0.3][i]) for n, s in shapes.items()} for i in range(4)]
    grads[1]["scale"] = np.zeros(())
    variables = {n: keras.Variable(v, dtype="float64", name=n) for n, v in start.items()}
    given = dict(options)
    if schedule is not None:
        given["learning_rate"] = schedule_of(*schedule[1:])
    optimizer = optimizer_of(keras_name, given)
    if exclude:
        optimizer.exclude_from_weight_decay(var_names=exclude)
    after = []
    for g in grads:
        optimizer.apply([tf.constant(g[n], "float64") for n in shapes], list(variables.values()))
        after.append({n: to_json(v.numpy()) for n, v in variables.items()})
    case = {"name": name, "options": camels(options)}
    if schedule is not None:
        case["schedule"] = {"name": schedule[0], "options": camels(schedule[2])}
    if exclude:
        case["options"]["excludeFromWeightDecay"] = exclude
    named = lambda tree: {n: to_json(v) for n, v in tree.items()}
    return {**case, "params": named(start), "grads": [named(g) for g in grads], "after": after}


def schedule_case(name, keras_name, options):
    schedule = schedule_of(keras_name, options)
    return {"name": name, "options": camels(options), "steps": STEPS, "values": [float(schedule(s)) for s in STEPS]}


def probabilities(*shape):
    x = np.exp(rng.normal(size=shape) * 1.5)
    return np.round(x / x.sum(-1, keepdims=True), 3)


def one_hot(classes, depth):
    return np.eye(depth)[classes]


REDUCTIONS = ["sum_over_batch_size", "sum", "none", "mean_with_sample_weight"]


def loss_case(name, keras_name, options, y_true, y_pred, weight=None, mask=None, reduction="sum_over_batch_size"):
    loss = getattr(keras.losses, keras_name)(reduction=reduction, dtype="float64", **options)
    pred = tf.Variable(y_pred, dtype="float64")
    with tf.GradientTape() as tape:
        p = tf.identity(pred)
        if mask is not None:
            keras.src.backend.set_keras_mask(p, tf.constant(mask.astype(bool)))
            value = masked_call(loss, y_true, p, weight, mask)
        else:
            value = loss(y_true, p, sample_weight=weight)
        total = tf.reduce_sum(value)
    case = {"name": name, "options": camels(options), "reduction": camel(reduction)}
    case |= {"yTrue": to_json(y_true), "classes": bool(np.asarray(y_true).dtype.kind == "i"), "yPred": to_json(y_pred)}
    case |= {"sampleWeight": None if weight is None else to_json(weight), "mask": None if mask is None else to_json(mask)}
    return {**case, "value": to_json(value.numpy()), "gradient": to_json(tape.gradient(total, pred).numpy())}


def masked_call(loss, y_true, y_pred, weight, mask):
    # Loss.__call__ makes a tensor of its own of y_pred, which may lose the mask that it carries.
    from keras.src.losses.loss import reduce_weighted_values

    values = loss.call(tf.constant(np.asarray(y_true, "float64")), y_pred)
    made = keras.src.backend.get_keras_mask(values)
    both = tf.constant(mask.astype(bool)) if made is None else tf.constant(mask.astype(bool)) & made
    return reduce_weighted_values(values, sample_weight=weight, mask=both, reduction=loss.reduction, dtype="float64")


def loss_cases():
    real = [("meanSquaredError", "MeanSquaredError", {}), ("meanAbsoluteError", "MeanAbsoluteError", {}), ("huber", "Huber", {}), ("huber", "Huber", {"delta": 0.3})]
    for name, keras_name, options in real:
        yield loss_case(name, keras_name, options, draw(4, 3), draw(4, 3))
        yield loss_case(name, keras_name, options, draw(5), draw(5, 1), weight=np.abs(draw(5)))
        yield loss_case(name, keras_name, options, draw(3), draw(3), reduction="sum")
        for i, reduction in enumerate(REDUCTIONS):
            mask = (rng.random((2, 5)) < 0.6).astype(int)
            weight = np.abs(draw(2, 5)) if i % 2 == 0 else np.abs(draw(2, 1))
            yield loss_case(name, keras_name, options, draw(2, 5, 3), draw(2, 5, 3), weight, mask, reduction)
    yield loss_case(*real[0], draw(2, 3, 2), draw(2, 3, 2), mask=np.zeros((2, 3), int))
    for smoothing in [0.0, 0.2]:
        for logits in [False, True]:
            options = {"from_logits": logits, "label_smoothing": smoothing}
            guess = draw(4, 3, scale=2) if logits else np.round(rng.random((4, 3)), 3)
            if not logits:
                # 1 is limited to 1 - 1e-7, which float32 does not have: "edge" below, for float64 alone.
                guess[0, :2] = [0.0, 0.9]
            else:
                guess[0, :2] = [0.0, 40.0]
            truth = (rng.random((4, 3)) < 0.5).astype(float)
            yield loss_case("binaryCrossentropy", "BinaryCrossentropy", options, truth, guess, np.abs(draw(4)))
            guess = draw(2, 3, 4, scale=2) if logits else probabilities(2, 3, 4)
            truth = one_hot(rng.integers(0, 4, (2, 3)), 4)
            mask = np.array([[1, 1, 0], [1, 0, 0]])
            yield loss_case("categoricalCrossentropy", "CategoricalCrossentropy", options, truth, guess, None, mask)
            yield loss_case("categoricalCrossentropy", "CategoricalCrossentropy", options, truth, guess, np.abs(draw(2, 3)), None, "mean_with_sample_weight")
    edge = np.array([[0.0, 1.0, 0.0, 1.0]])
    yield {**loss_case("binaryCrossentropy", "BinaryCrossentropy", {}, np.array([[0.0, 1.0, 1.0, 0.0]]), edge), "edge": True}
    for logits in [False, True]:
        guess = lambda: draw(3, 4, 5, scale=2) if logits else probabilities(3, 4, 5)
        classes = rng.integers(0, 5, (3, 4))
        options = {"from_logits": logits}
        yield loss_case("sparseCategoricalCrossentropy", "SparseCategoricalCrossentropy", options, classes, guess())
        yield loss_case("sparseCategoricalCrossentropy", "SparseCategoricalCrossentropy", options, classes[:, :1], guess()[:, 0])
        mask = (rng.random((3, 4)) < 0.7).astype(int)
        for ignored in [2, -1]:
            some = np.where(rng.random((3, 4)) < 0.3, ignored, classes)
            ignoring = {**options, "ignore_class": ignored}
            yield loss_case("sparseCategoricalCrossentropy", "SparseCategoricalCrossentropy", ignoring, some, guess(), np.abs(draw(3, 4)))
            yield loss_case("sparseCategoricalCrossentropy", "SparseCategoricalCrossentropy", ignoring, some, guess(), None, mask)


def metric_cases():
    def case(name, metric, y_true, y_pred, weight=None, options=None, after=lambda x: x):
        metric.update_state(y_true, y_pred, sample_weight=weight)
        value = after(float(metric.result()))
        kept = {"yTrue": to_json(y_true), "classes": bool(np.asarray(y_true).dtype.kind == "i"), "yPred": to_json(y_pred)}
        return {"name": name, "options": options or {}, **kept, "sampleWeight": None if weight is None else to_json(weight), "value": value}

    m = keras.metrics
    for weight in [None, np.abs(draw(7))]:
        truth = (rng.random((7, 1)) < 0.5).astype(float)
        yield case("binaryAccuracy", m.BinaryAccuracy(dtype="float64"), truth, np.round(rng.random((7, 1)), 3), weight)
        yield case("binaryAccuracy", m.BinaryAccuracy(threshold=0.2, dtype="float64"), truth, np.round(rng.random((7, 1)), 3), weight, {"threshold": 0.2})
        classes = rng.integers(0, 3, 7)
        guess = probabilities(7, 3) + 0.5 * one_hot(np.where(rng.random(7) < 0.5, classes, 0), 3)
        guess = np.round(guess / guess.sum(-1, keepdims=True), 3)
        yield case("categoricalAccuracy", m.CategoricalAccuracy(dtype="float64"), one_hot(classes, 3), guess, weight)
        yield case("sparseCategoricalAccuracy", m.SparseCategoricalAccuracy(dtype="float64"), classes, guess, weight)
        for logits in [False, True]:
            metric = m.SparseCategoricalCrossentropy(from_logits=logits, dtype="float64")
            yield case("perplexity", metric, classes, draw(7, 3) if logits else guess, weight, {"fromLogits": logits}, np.exp)


def masked_metric_cases():
    m = keras.metrics
    for weighted in [False, True]:
        classes, guess = rng.integers(0, 4, (3, 5)), probabilities(3, 5, 4)
        kinds = [
            ("binaryAccuracy", m.BinaryAccuracy(dtype="float64"), (rng.random((3, 5, 4)) < 0.5).astype(float), np.round(rng.random((3, 5, 4)), 3)),
            ("categoricalAccuracy", m.CategoricalAccuracy(dtype="float64"), one_hot(classes, 4), guess),
            ("sparseCategoricalAccuracy", m.SparseCategoricalAccuracy(dtype="float64"), classes, guess),
            ("perplexity", m.SparseCategoricalCrossentropy(dtype="float64"), classes, guess),
        ]
        for name, metric, truth, pred in kinds:
            mask, weight = rng.random((3, 5)) < 0.6, np.abs(draw(3, 5)) if weighted else None
            given = tf.constant(pred)
            keras.src.backend.set_keras_mask(given, tf.constant(mask))
            metric.update_state(truth, given, sample_weight=weight)
            value = float(metric.result())
            kept = {"yTrue": to_json(truth), "classes": bool(truth.dtype.kind == "i"), "yPred": to_json(pred), "mask": to_json(mask)}
            kept |= {"sampleWeight": None if weight is None else to_json(weight)}
            yield {"name": name, "options": {}, **kept, "value": float(np.exp(value)) if name == "perplexity" else value}


def clipping_cases():
    from keras.src.optimizers.base_optimizer import clip_by_global_norm, global_norm

    for scale, limit in [(1, 0.5), (1, 50.0), (0, 0.5)]:
        tree = {"a": draw(2, 3, scale=scale), "b": [draw(4, scale=scale)]}
        flat = [tf.constant(tree["a"]), tf.constant(tree["b"][0])]
        one = keras.optimizers.SGD(clipnorm=limit)
        pack = lambda xs: {"a": to_json(xs[0].numpy()), "b": [to_json(xs[1].numpy())]}
        yield {
            "limit": limit,
            "tree": {"a": to_json(tree["a"]), "b": [to_json(tree["b"][0])]},
            "globalNorm": float(global_norm(flat)),
            "byNorm": pack([one._clip_by_norm(x) for x in flat]),
            "byGlobalNorm": pack(clip_by_global_norm(flat, limit)),
            "byValue": pack([keras.ops.clip(x, -limit, limit) for x in flat]),
        }


CURVES = [
    ("simpleRNN", "sgd", "SGD", {"learning_rate": 0.1}),
    ("lstm", "sgd", "SGD", {"learning_rate": 0.1, "momentum": 0.9, "nesterov": True}),
    ("lstm", "adam", "Adam", {"learning_rate": 0.02}),
    ("lstm", "adam", "Adam", {"learning_rate": 0.02, "amsgrad": True, "global_clipnorm": 0.1}),
    ("lstm", "adamW", "AdamW", {"learning_rate": 0.02, "weight_decay": 0.05}),
    ("gru", "rmsprop", "RMSprop", {"learning_rate": 0.01, "momentum": 0.5, "centered": True}),
    ("gru", "adagrad", "Adagrad", {"learning_rate": 0.1}),
    ("additive", "adam", "Adam", {"learning_rate": 0.05}),
    ("multiHead", "sgd", "SGD", {"learning_rate": 0.1, "momentum": 0.9}),
]


def curve_case(cell, name, keras_name, options):
    batch, time, features, units = (6, 4, 2, 3)
    steps = 8
    x = keras.Input((time, features), batch_size=batch)
    layers = {"simpleRNN": keras.layers.SimpleRNN, "lstm": keras.layers.LSTM, "gru": keras.layers.GRU}
    if cell in layers:
        h = layers[cell](units)(x)
    else:
        attend = keras.layers.AdditiveAttention() if cell == "additive" else keras.layers.MultiHeadAttention(2, 3)
        h = keras.layers.GlobalAveragePooling1D()(attend([x, x]) if cell == "additive" else attend(x, x))
    model = keras.Model(x, keras.layers.Dense(2)(h))
    model.set_weights([draw(*w.shape, scale=0.6) for w in model.get_weights()])
    start = [w.copy() for w in model.get_weights()]
    xs, ys = draw(batch, time, features), draw(batch, 2)
    model.compile(optimizer_of(keras_name, options), "mean_squared_error", run_eagerly=True)
    losses = []
    for _ in range(steps):
        losses.append(float(model.train_on_batch(xs, ys)))
        model.reset_metrics()
    case = {"cell": cell, "name": name, "options": camels(options), "x": to_json(xs), "y": to_json(ys)}
    case["weights"] = [to_json(w) for w in start]
    return {**case, "losses": losses, "final": [to_json(w) for w in model.get_weights()]}


def float32_case(name, keras_name, options):
    """Two updates in float32, whose factors Keras rounds on the way; a large learning rate shows it."""
    start, grads = draw(5).astype("float32"), [draw(5).astype("float32") for _ in range(2)]
    variable = keras.Variable(start, dtype="float32")
    optimizer = getattr(keras.optimizers, keras_name)(**options)
    after = []
    for g in grads:
        optimizer.apply([tf.constant(g)], [variable])
        after.append(to_json(variable.numpy()))
    return {"name": name, "options": camels(options), "w": to_json(start), "grads": [to_json(g) for g in grads], "after": after}


STOPPING = [
    {},
    {"patience": 2},
    {"patience": 2, "restore_best_weights": True},
    {"patience": 1, "min_delta": 0.15},
    {"patience": 2, "min_delta": 0.06, "restore_best_weights": True},
    {"patience": 1, "start_from_epoch": 3},
    {"patience": 1, "start_from_epoch": 3, "restore_best_weights": True},
    {"mode": "max", "patience": 1},
    {"patience": 3, "baseline": 0.5},
    {"patience": 3, "baseline": 0.72, "restore_best_weights": True},
    {"monitor": "loss", "patience": 3, "restore_best_weights": True},
    {"monitor": "loss", "mode": "max", "patience": 3, "restore_best_weights": True},
]


def stopping_case(options):
    """The callback with a model of one weight that counts epochs; the training loss falls by 1 an epoch."""

    class Model:
        stop_training = False
        weight = 0

        def get_weights(self):
            return self.weight

        def set_weights(self, weight):
            self.weight = weight

    values = [1.0, 0.9, 0.95, 0.7, 0.8, 0.75, 0.72, 0.71]
    callback = keras.callbacks.EarlyStopping(**options)
    model = Model()
    callback.set_model(model)
    callback.on_train_begin()
    epochs = 0
    for epoch, value in enumerate(values):
        model.weight += 1
        epochs += 1
        callback.on_epoch_end(epoch, {"loss": -float(epoch), "val_loss": value})
        if model.stop_training:
            break
    callback.on_train_end()
    named = {("restoreBest" if k == "restore_best_weights" else camel(k)): v for k, v in options.items()}
    return {"options": named, "values": values, "epochs": epochs, "weight": model.weight, "stopped": model.stop_training}


def main():
    sections = {
        "optimizers": [
            *(optimizer_case(*case) for case in OPTIMIZERS),
            optimizer_case("sgd", "SGD", {"momentum": 0.5}, schedule=("exponentialDecay", "ExponentialDecay", {"initial_learning_rate": 0.2, "decay_steps": 2, "decay_rate": 0.5})),
            optimizer_case("adam", "Adam", {"weight_decay": 0.1}, schedule=("cosineDecay", "CosineDecay", {"initial_learning_rate": 0.0, "decay_steps": 3, "warmup_target": 0.1, "warmup_steps": 2})),
            optimizer_case(*EXCLUDED, exclude=["bias", "scale"]),
        ],
        "schedules": [schedule_case(*case) for case in SCHEDULES],
        "losses": list(loss_cases()),
        "metrics": list(metric_cases()),
        "clipping": list(clipping_cases()),
        "float32": [
            float32_case("adam", "Adam", {"learning_rate": 1.0}),
            float32_case("adamW", "AdamW", {"learning_rate": 3.0, "amsgrad": True}),
        ],
        "stopping": [stopping_case(options) for options in STOPPING],
        "curves": [*(curve_case(*case) for case in CURVES)],
        "masked": list(masked_metric_cases()),
    }
    meta = {
        "made": "packages/train/test/make-goldens.py",
        "keras": keras.__version__,
        "tensorflow": tf.__version__,
        "numpy": np.__version__,
        "device": "CPU",
        "seed": SEED,
        "note": "float64",
    }
    dump = lambda x: json.dumps(x, separators=(",", ":"), allow_nan=False)
    body = ",\n".join(f'"{name}":[\n' + ",\n".join(map(dump, cases)) + "\n]" for name, cases in sections.items())
    FILE.write_text(f'{{"meta":{json.dumps(meta)},\n{body}}}\n')
    print({name: len(cases) for name, cases in sections.items()}, FILE.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
