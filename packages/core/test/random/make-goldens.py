"""Writes goldens.json: random numbers of the real Keras, which the tests compare bit for bit.

    pip install keras==3.15.1 tensorflow-cpu==2.21.0
    KERAS_BACKEND=tensorflow python make-goldens.py

A value is {shape, dtype} with one of
    data                every element, row-major; float32 as the shortest decimal that reads back the same
    sha256, head        a digest of the little-endian bytes, and the first elements for reading
    every, data         every n-th element, where Keras's own rounding sets the tolerance
"""

import hashlib
import json
import os
import random
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import numpy as np
import tensorflow as tf

draw = keras.random
cases = []


def number(x):
    return int(x) if isinstance(x, np.integer) else float(str(x))


def add(name, args, values, digest=False, every=None):
    values = values.numpy() if hasattr(values, "numpy") else np.asarray(values)
    if values.dtype.name in ("float16", "bfloat16"):
        values = values.astype(np.float32)
    flat = values.ravel()
    value = {"shape": list(values.shape), "dtype": values.dtype.name}
    if digest:
        value["sha256"] = hashlib.sha256(flat.astype(flat.dtype.newbyteorder("<")).tobytes()).hexdigest()
        value["head"] = [number(x) for x in flat[:4]]
    elif every:
        value["every"] = every
        value["data"] = [number(x) for x in flat[::every]]
    else:
        value["data"] = [number(x) for x in flat]
    cases.append({"name": name, "args": args, "value": value})


CLASSES = {
    "zeros": keras.initializers.Zeros,
    "ones": keras.initializers.Ones,
    "constant": keras.initializers.Constant,
    "identity": keras.initializers.Identity,
    "glorot_uniform": keras.initializers.GlorotUniform,
    "glorot_normal": keras.initializers.GlorotNormal,
    "he_uniform": keras.initializers.HeUniform,
    "he_normal": keras.initializers.HeNormal,
    "lecun_uniform": keras.initializers.LecunUniform,
    "lecun_normal": keras.initializers.LecunNormal,
    "random_uniform": keras.initializers.RandomUniform,
    "random_normal": keras.initializers.RandomNormal,
    "truncated_normal": keras.initializers.TruncatedNormal,
    "variance_scaling": keras.initializers.VarianceScaling,
    "orthogonal": keras.initializers.Orthogonal,
}


def initializer(name, shape, digest=False, every=None, **config):
    add(name, {**config, "shape": list(shape)}, CLASSES[name](**config)(tuple(shape)), digest, every)


def initializers():
    for seed in (0, 1, 42, 1337, 2**31 - 3, 2**31 - 2, 2**31 + 5, -1, -(2**31), 2**40 + 3, 2**53 - 1, -(2**53) + 1):
        initializer("glorot_uniform", [12, 8], seed=seed)
    scaled = [f"{family}_{kind}" for family in ("glorot", "he", "lecun") for kind in ("uniform", "normal")]
    for name in scaled + ["random_uniform", "random_normal", "truncated_normal", "variance_scaling"]:
        for shape in ([7], [6, 5], [3, 3, 2, 4]):
            initializer(name, shape, seed=42)
        for shape in ([], [1], [0, 3], [1, 13], [2, 3, 5]):
            initializer(name, shape, seed=20261)
        initializer(name, [317, 211], digest=True, seed=9)
    for name in scaled:
        initializer(name, [5, 2, 3], seed=8, input_axes=[0], output_axes=[1, 2])
        initializer(name, [2, 3, 5], seed=8, input_axes=[0, 1], output_axes=[-1])
    for mode in ("fan_in", "fan_out", "fan_avg"):
        for distribution in ("truncated_normal", "untruncated_normal", "uniform", "normal"):
            initializer("variance_scaling", [9, 5], seed=3, scale=1.7, mode=mode, distribution=distribution)
    initializer("random_uniform", [5, 3], seed=77, minval=-1.3, maxval=0.1)
    initializer("random_normal", [5, 3], seed=77, mean=0.1, stddev=1.3)
    initializer("truncated_normal", [5, 3], seed=77, mean=-2.7, stddev=0.3)
    initializer("zeros", [2, 3])
    initializer("ones", [2, 3])
    initializer("constant", [3], value=0.1)
    for shape in ([3, 3], [2, 5], [5, 2], [0, 2]):
        initializer("identity", shape)
        initializer("identity", shape, gain=-0.3)


def orthogonals():
    # Below 48 rows or columns every bit is compared.
    for shape in ([8, 8], [4, 16], [16, 4], [4, 12], [3, 3, 2, 8], [1, 3], [47, 47]):
        initializer("orthogonal", shape, seed=42, gain=1.0, digest=shape[0] > 40)
    initializer("orthogonal", [6, 6], seed=7, gain=1.5)
    initializer("orthogonal", [5, 3], seed=7, gain=-0.3)
    rng = np.random.default_rng(48)
    shapes = [[1, 1], [2, 1], [1, 2], [9, 1], [1, 130], [130, 1], [2, 2], [3, 3], [1, 1, 1], [2, 3, 4, 5], [2, 130]]
    shapes += [[127, 3], [128, 2], [128, 3], [129, 2], [129, 3], [130, 5], [260, 7], [300, 47], [47, 300], [46, 46]]
    shapes += [[45, 46], [40, 160], [46, 184], [33, 132], [17, 68], [1000, 13], [13, 1000]]
    shapes += [[int(rng.integers(1, 48)), int(rng.integers(1, 48))] for _ in range(24)]
    shapes += [[int(rng.integers(1, 48)), int(rng.integers(100, 400))] for _ in range(8)]
    shapes += [[int(rng.integers(100, 400)), int(rng.integers(1, 48))] for _ in range(8)]
    for shape in shapes:
        initializer("orthogonal", shape, digest=np.prod(shape) > 40, seed=int(rng.integers(1, 10**9)))
    # From 48 on Keras works in blocks.
    for shape in ([48, 48], [49, 200], [200, 49], [64, 256], [64, 192], [128, 512], [256, 1024]):
        initializer("orthogonal", shape, every=np.prod(shape).item() // 300 | 1, seed=42)


def draws():
    for dtype in ("float32", "float16", "bfloat16", "float64"):
        for shape, config in (
            ([6], {}),
            ([13], {"seed": 5}),
            ([3, 7], {"seed": -12345678901}),
            ([60001], {"seed": 6}),
        ):
            common = {"seed": 42, "dtype": dtype, **config}
            big = shape[0] > 1000
            # float64 normals go through glibc's double sine and logarithm, which are not reproduced to the last bit.
            loose = {"every": 101} if big and dtype == "float64" else {"digest": big}
            for name, options in (
                ("uniform", {}),
                ("uniform", {"minval": -0.37, "maxval": 1.93}),
                ("normal", {}),
                ("normal", {"mean": 0.3, "stddev": 1.7}),
                ("truncated_normal", {}),
                ("truncated_normal", {"mean": -0.3, "stddev": 0.7}),
            ):
                values = getattr(draw, name)(tuple(shape), **options, **common)
                how = {"digest": big} if name == "uniform" else loose
                add(f"keras.random.{name}", {**options, **common, "shape": shape}, values, **how)
    # float16 below its normal range, and above its range.
    for name, options in (
        ("uniform", {"minval": -3e-5, "maxval": 4e-5}),
        ("normal", {"mean": 1e-6, "stddev": 1e-5}),
        ("truncated_normal", {"stddev": 40000.0}),
    ):
        common = {**options, "seed": 12, "dtype": "float16"}
        add(f"keras.random.{name}", {**common, "shape": [501]}, getattr(draw, name)((501,), **common), digest=True)
    for seed in (42, 5, -6):
        for low, high in ((0, 100), (-3, 4), (-(2**31), 2**31 - 1), (2**31 - 2, 2**31 - 1), (-7, 2**30 + 11)):
            args = {"seed": seed, "shape": [10], "minval": low, "maxval": high}
            add("keras.random.randint", args, draw.randint((10,), low, high, seed=seed))


def dropout_masks():
    for pair in ([123, 0], [123, 1], [123, 2], [-9, 3], [2**31 + 5, 2**31], [686579304, 123456789]):

        class Fixed(draw.SeedGenerator):
            def next(self, ordered=True):
                return tf.constant(pair, "int64")

        # The last rate is one of the numbers drawn: what equals the rate is kept.
        for rate in (0.3, 0.5, 0.1, 0.999, 0.0, 1.0, float(draw.uniform((5, 6), seed=Fixed(0))[1, 2])):
            mask = draw.dropout(tf.ones((5, 6)), rate, seed=Fixed(0))
            add("dropout_ones", {"seed": pair, "rate": rate, "shape": [5, 6]}, mask)


def streams():
    # Raw blocks, across the carry from the first counter word to the second.
    key, high = 0x9D39247E33776D41, 0x2AF7398005AAA5C7
    for block in (0, 1, 2**32 - 2, 2**40 + 2**32 - 1):
        words = tf.raw_ops.StatelessRandomUniformFullIntV2(
            shape=[16],
            key=tf.constant([key], tf.uint64),
            counter=tf.constant([block, high], tf.uint64),
            alg=1,
            dtype=tf.uint32,
        )
        args = {"key": [key & 0xFFFFFFFF, key >> 32], "high": [high & 0xFFFFFFFF, high >> 32], "block": block}
        add("philox words", args, words)

    for seed in (42, 0, 7, -7, 2**31 - 1, 2**32 + 1):
        tf.random.set_seed(seed)
        calls = [
            ("normal", [32, 16, 12], {}),
            ("normal", [5], {}),
            ("uniform", [7], {}),
            ("truncated_normal", [999], {}),
            ("uniform", [3, 2], {"minval": -1.1, "maxval": 0.3}),
            ("normal", [3], {"mean": 0.3, "stddev": 1.7}),
            ("truncated_normal", [3], {"mean": 0.3, "stddev": 1.7}),
        ]
        for call, (name, shape, options) in enumerate(calls):
            values = getattr(tf.random, name)(shape, **options)
            add("tf.random", {"set_seed": seed, "call": call, "op": name, "shape": shape, **options}, values, shape[0] > 9)

    for seed in (0, 1, 42, -3, 2**32 - 1, 2**32, 2**45 + 17, 2**53 - 1):
        for low, high in ((1, 10**9), (0, 2**31 - 1), (-5, 9)):
            twister = random.Random(seed)
            sequence = np.array([twister.randint(low, high) for _ in range(1500)], np.int32)
            add("python random.Random.randint", {"seed": seed, "low": low, "high": high}, sequence, digest=True)


def global_state():
    for seed in (42, 0, 11, 2**32 - 1):
        keras.utils.set_random_seed(seed)
        add("nextSeed after set_random_seed", {"seed": seed}, [keras.initializers.RandomNormal().seed for _ in range(8)])
        keras.utils.set_random_seed(seed)
        for call in range(3):
            add("keras.random.uniform without a seed", {"seed": seed, "call": call, "shape": [4]}, draw.uniform((4,)))
        # One program: initializers, the global generator and SeedGenerators take their seeds from the same sequence.
        keras.utils.set_random_seed(seed)
        kernel = keras.initializers.GlorotUniform()
        steps = [("glorot_uniform", kernel((3, 2))), ("keras.random.uniform", draw.uniform((4,)))]
        steps += [("keras.random.normal", draw.normal((3,))), ("orthogonal", keras.initializers.Orthogonal()((3, 3)))]
        generator = draw.SeedGenerator()
        steps += [("SeedGenerator normal", draw.normal((2,), seed=generator)) for _ in range(3)]
        steps += [("keras.random.randint", draw.randint((5,), 0, 1000)), ("glorot_uniform again", kernel((3, 2)))]
        steps += [("keras.random.truncated_normal", draw.truncated_normal((3,)))]
        steps += [("keras.random.uniform", draw.uniform((4,))) for _ in range(4)]
        for step, (name, values) in enumerate(steps):
            add("program after set_random_seed", {"seed": seed, "step": step, "does": name}, values)


initializers()
orthogonals()
draws()
dropout_masks()
streams()
global_state()

meta = {"keras": keras.__version__, "tensorflow": tf.__version__, "numpy": np.__version__, "made by": "make-goldens.py"}
lines = ",\n".join(json.dumps(case, separators=(",", ":"), allow_nan=False) for case in cases)
text = f'{{"meta":{json.dumps(meta)},"cases":[\n{lines}\n]}}\n'
Path(__file__).with_name("goldens.json").write_text(text)
print(len(cases), "cases,", len(text) // 1024, "KiB")
