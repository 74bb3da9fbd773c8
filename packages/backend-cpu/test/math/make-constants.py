"""Prints the tables and polynomials of src/math as the shortest decimals that give the same doubles.

    pip install mpmath==1.3.0
    python make-constants.py

The polynomials have the least relative error of their degree on their interval (Remez's exchange).
"""

import mpmath
from mpmath import mp, mpf

mp.prec = 300


def remez(f, weight, low, high, degree, rounds=12):
    """The p of that degree with the least max |weight·(p − f)| on [low, high], coefficients ascending, and that error."""
    n = degree + 2
    low, high = mpf(low), mpf(high)
    points = [(low + high) / 2 + (high - low) / 2 * mpmath.cos(mp.pi * (n - 1 - i) / (n - 1)) for i in range(n)]
    grid = [low + (high - low) * i / 400 for i in range(401)]
    for _ in range(rounds):
        # p + (−1)ⁱ·error/weight = f at n points ...
        a = mpmath.matrix(n, n)
        for i, x in enumerate(points):
            for j in range(degree + 1):
                a[i, j] = x**j
            a[i, degree + 1] = (-1) ** i / weight(x)
        p = list(mpmath.lu_solve(a, mpmath.matrix([f(x) for x in points])))[:-1]
        errors = [weight(x) * (mpmath.polyval(p[::-1], x) - f(x)) for x in grid]
        # ... which then move to the largest error between two changes of its sign.
        top = [0]
        for i in range(1, len(grid)):
            if (errors[i] > 0) != (errors[top[-1]] > 0):
                top.append(i)
            elif abs(errors[i]) > abs(errors[top[-1]]):
                top[-1] = i
        if len(top) != n:
            break
        points = [vertex(grid, errors, i) for i in top]
    return p, max(abs(e) for e in errors)


def vertex(grid, errors, i):
    """The top of the parabola through three neighbours."""
    if i in (0, len(grid) - 1):
        return grid[i]
    before, at, after = errors[i - 1 : i + 2]
    return grid[i] + (grid[1] - grid[0]) * (before - after) / (2 * (before - 2 * at + after))


def show(name, numbers, error=None):
    print(name, "" if error is None else f"(relative error {mpmath.nstr(error, 3)})")
    print("  " + ", ".join(repr(float(x)) for x in numbers))


def polynomial(name, f, low, high, degree, whole=None):
    """For the sine, p is only a part of the value whose relative error counts; `whole` is p's weight there."""
    show(name, *remez(f, whole or (lambda x: 1 / f(x)), low, high, degree))


step = mpmath.log(2) / 64
show("exp: 2^(k/64)", [mpf(2) ** (mpf(k) / 64) for k in range(64)])
show("exp: 64/ln2", [1 / step])
polynomial("exp, expm1: p(r)/r", lambda r: mpmath.expm1(step * r) / r if r else step, -0.5, 0.5, 3)

show("log: log c", [mpmath.log(mpf(88 + i if i < 40 else 48 + 2 * i) / 128) for i in range(64)])
show("log: 64·ln2", [64 * mpmath.log(2)])


def near(q):
    return mpmath.erf(mpmath.sqrt(q)) / mpmath.sqrt(q) if q else 2 / mpmath.sqrt(mp.pi)


def far(t):
    x = 2 * (1 + t) / (1 - t)
    return mpmath.exp(x * x) * mpmath.erfc(x)


polynomial("erf: P(q)", near, 0, mpf(25) / 16, 10)
polynomial("erf: Q(t)", far, mpf(-3) / 13, mpf(1) / 2, 11)


def sine(q):
    return mpmath.sin(mpmath.sqrt(q)) / mpmath.sqrt(q)


polynomial("sin: (sin s/s − 1)/q, q = s²", lambda q: (sine(q) - 1) / q, 1e-6, (mp.pi / 2) ** 2, 5, lambda q: q / sine(q))

first = mpmath.floor(mp.pi * 2**31) / 2**31
show("reduceAngle: 1/π, π in two pieces", [1 / mp.pi, first, mp.pi - first])
digits = int(mpmath.floor(2**216 / mp.pi))
show("reduceAngle: 1/π in nine", [mpf((digits >> (24 * (8 - j))) & 0xFFFFFF) / mpf(2) ** (24 * (j + 1)) for j in range(9)])
