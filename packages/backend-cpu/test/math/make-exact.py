"""Writes exact.json: float32 arguments and the exact values of our functions there, 12 digits each.

    pip install mpmath==1.3.0
    python make-exact.py

About 2000 arguments a function: bit patterns drawn over all exponents, the range in which the function lives (evenly,
and evenly in magnitude), edges, and hard spots: where our code changes from one formula or table entry to the next,
overflow and underflow, and the float32 numbers that come closest to a multiple of pi/2.
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


def word(x):
    return struct.unpack("<I", struct.pack("<f", x))[0]


def bits(b):
    return struct.unpack("<f", struct.pack("<I", b))[0]


def near(x, steps=2):
    """The float32 next to x and its neighbours, with both signs."""
    at = word(f32(abs(x)))
    found = [bits(b) for b in range(max(0, at - steps), min(0x7F7FFFFF, at + steps) + 1)]
    return found + [-v for v in found]


def anywhere():
    while True:
        x = bits(random.getrandbits(32))
        if x == x and abs(x) != float("inf"):
            return x


def spread(low, high, n):
    """n numbers of either sign, evenly spread in magnitude."""
    return [f32(random.choice((-1, 1)) * 2 ** random.uniform(low, high)) for _ in range(n)]


def evenly(low, high, n):
    return [f32(random.uniform(low, high)) for _ in range(n)]


EDGES = [v for x in (0.0, bits(0x007FFFFF), bits(0x00800000), 1.0, 0.5, 2.0, bits(0x7F7FFFFE)) for v in near(x)]


def around_pi():
    """For each power of two the float32 that comes closest to a multiple of pi/2, from its continued fraction."""
    found = []
    for e in range(-24, 105):
        step = mpf(2) ** e * 2 / mp.pi
        rest, q0, q1 = step, 0, 1
        while True:
            whole = int(mpmath.floor(rest))
            if rest == whole:
                break
            rest = 1 / (rest - whole)
            q0, q1 = q1, q0 + q1 * int(mpmath.floor(rest))
            if q1 >= 2**24:
                break
            for times in range(1, min(3, (2**24 - 1) // q1) + 1):
                if q1 * times >= 2**20:
                    found.append(float(mpf(q1 * times) * mpf(2) ** e))
    return found


LN2 = float(mpmath.log(2))
STEPS = [v for n in range(-40, 41) for v in near((n + 0.5) * LN2 / 64, 0)]
POINTS = [v for i in range(64) for v in near((176.5 + 2 * i if i < 40 else 97 + 4 * i) / 256, 1)]
ANGLES = [v for n in range(1, 60) for v in near(n * float(mp.pi) / 2, 0)] + near(2.0**20) + around_pi()

CASES = {
    "exp": (mpmath.exp, lambda x: x < 200, spread(-30, 7, 400) + evenly(-104, 89, 900) + STEPS + near(88.7228) + near(87.3365) + near(103.9721)),
    "expm1": (mpmath.expm1, lambda x: x < 200, spread(-40, 7, 500) + evenly(-20, 89, 800) + STEPS + near(88.7228) + near(17.3)),
    "log": (mpmath.log, lambda x: x > 0, evenly(0, 4, 600) + near(1.0, 60) + POINTS + [abs(v) for v in spread(-149, 128, 700)] + [bits(b) for b in range(1, 40)]),
    "log1p": (mpmath.log1p, lambda x: x > -1, spread(-40, 5, 700) + evenly(-1, 4, 400) + near(0.03125, 5) + near(1.0, 40) + [v - 1 for v in POINTS if v < 1]),
    "tanh": (mpmath.tanh, lambda x: True, spread(-40, 4, 500) + evenly(-10, 10, 700) + [v / 2 for v in STEPS] + near(9.0109) + near(20.0)),
    "sigmoid": (lambda x: 1 / (1 + mpmath.exp(-x)), lambda x: True, spread(-30, 6, 400) + evenly(-104, 20, 800) + STEPS + near(103.9721) + near(87.3365) + near(16.6355)),
    "erf": (mpmath.erf, lambda x: True, spread(-40, 3, 500) + evenly(-4, 4, 600) + near(1.25, 5) + near(3.8325, 5) + near(6.0)),
    "sin": (mpmath.sin, lambda x: True, spread(-14, 128, 400) + evenly(-20, 20, 300) + ANGLES),
    "cos": (mpmath.cos, lambda x: True, spread(-14, 128, 400) + evenly(-20, 20, 300) + ANGLES),
}


def powers():
    """x and y drawn so that about as many results overflow or vanish as there are at the far ends of float32."""
    for i in range(2000):
        kind = i % 4
        if kind == 0:
            x, y = abs(anywhere()), 0.0
        elif kind == 1:
            x, y = f32(1 + random.uniform(-1, 1) * 2.0 ** -random.randint(1, 23)), 0.0
        elif kind == 2:
            x, y = f32(random.uniform(-20, 20)), float(random.randint(-24, 24))
        else:
            x, y = f32(random.uniform(0, 20)), f32(random.uniform(-20, 20))
        if kind < 2:
            if x in (0.0, 1.0):
                continue
            y = f32(float(random.uniform(-105, 90) / mpmath.log(x)))
        if abs(y) < 3.4e38:
            yield (x, y), mpf(x) ** (int(y) if y == int(y) else mpf(y))


def short(x):
    """The fewest digits that give the same float32."""
    if abs(x) > 3.4028234e38:
        return repr(x)
    return next(s for s in (f"{x:.{n}g}" for n in range(1, 10)) if abs(float(s)) < 3.4028235e38 and f32(float(s)) == x)


def row(arguments, value):
    # Far below the smallest denormal (1.4e-45) every value is 0; far above the largest number it is infinite.
    y = 0.0 if abs(value) < mpf(2) ** -200 else float(mpmath.sign(value)) * 1e60 if abs(value) > mpf(2) ** 200 else float(value)
    return " ".join([short(x) for x in arguments] + [f"{y:.12g}"])


cases = {}
for name, (function, inside, chosen) in CASES.items():
    drawn = EDGES + [f32(x) for x in chosen] + [anywhere() for _ in range(600)]
    # Without twins: near 0 many functions say little.
    arguments = sorted({x for x in drawn if inside(x)}, key=lambda x: (x, str(x)))
    cases[name] = [row((x,), function(mpf(x))) for x in arguments]
cases["pow"] = [row(xy, value) for xy, value in powers()]

meta = {"by": "make-exact.py", "mpmath": mpmath.__version__, "bits": mp.prec, "rows": "float32 argument(s), exact value"}
here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "exact.json"), "w") as file:
    file.write(json.dumps({"meta": meta, "cases": cases}, indent=0) + "\n")
print({name: len(rows) for name, rows in cases.items()})
