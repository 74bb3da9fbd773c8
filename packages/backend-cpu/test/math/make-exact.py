"""Writes exact.json: float32 arguments over the whole range and the exact values of our functions there.

    pip install mpmath==1.3.0 numpy
    python make-exact.py
"""

import json
import os
import random
import struct

import mpmath
from mpmath import mp, mpf

mp.prec = 400
random.seed(20261123)


def f32(x):
    return struct.unpack("<f", struct.pack("<f", x))[0]


def bits(b):
    return struct.unpack("<f", struct.pack("<I", b))[0]


def anywhere():
    while True:
        x = bits(random.getrandbits(32))
        if x == x and abs(x) != float("inf"):
            return x


EDGES = [0.0, bits(1), -bits(1), bits(0x007FFFFF), bits(0x00800000), 1.0, -1.0, bits(0x3F7FFFFF), bits(0x3F800001),
         bits(0x7F7FFFFF), -bits(0x7F7FFFFF), 0.25, 0.3, 0.35, -0.25, -0.35, 4.0, bits(0x407FFFFF), 9.01, 88.72, -103.9]


def arguments():
    """Edges, any bit pattern, and what people compute with."""
    drawn = [anywhere() for _ in range(80)] + [f32(random.uniform(-6, 6)) for _ in range(100)] + [f32(random.uniform(-110, 90)) for _ in range(60)]
    return [f32(x) for x in EDGES] + drawn


def exact(value):
    return float(value)


FUNCTIONS = {
    "exp": (mpmath.exp, lambda x: x < 89),
    "expm1": (mpmath.expm1, lambda x: x < 89),
    "log": (mpmath.log, lambda x: x > 0),
    "log1p": (mpmath.log1p, lambda x: x > -1),
    "tanh": (mpmath.tanh, lambda x: True),
    "sigmoid": (lambda x: 1 / (1 + mpmath.exp(-x)), lambda x: True),
    "erf": (mpmath.erf, lambda x: True),
    "sin": (mpmath.sin, lambda x: True),
    "cos": (mpmath.cos, lambda x: True),
}


def of(function, inside):
    # Results below half the smallest float32 denormal are 0, whatever their double.
    pairs = [(x, exact(function(mpf(x)))) for x in arguments() if inside(x)]
    return [[x, 0.0 if abs(y) < 2.0**-151 else y] for x, y in pairs]


cases = {name: of(*what) for name, what in FUNCTIONS.items()}
powers = []
while len(powers) < 400:
    x = abs(anywhere()) if random.random() < 0.5 else f32(random.uniform(0.01, 20))
    y = f32(random.uniform(-12, 12))
    if x > 0 and abs(y * mpmath.log(x)) < 87:
        powers.append([x, y, exact(mpf(x) ** mpf(y))])
cases["pow"] = powers

here = os.path.dirname(os.path.abspath(__file__))
lines = ",\n".join(f'"{name}":{json.dumps(rows, separators=(",", ":"))}' for name, rows in cases.items())
meta = {"by": "make-exact.py", "mpmath": mpmath.__version__, "bits": mp.prec}
with open(os.path.join(here, "exact.json"), "w") as file:
    file.write('{"meta":' + json.dumps(meta) + ',"cases":{\n' + lines + "\n}}\n")
