"""Makes local-goldens.json: Luong's local attention (2015, section 3.2) in float64, one position at a time.

    pip install numpy
    python make-local-goldens.py

Written from the paper's equations with loops over rows, queries and keys, so that it shares nothing with the library: the
window is a list of positions, the softmax runs over that list alone, and the Gaussian is multiplied last. Positions count
from 0. Where a window holds no valid position the weights are uniform over all keys, which is the library's own rule.

A tensor is { shape, data }, row-major, inputs with two decimals, results as the shortest decimal that reads back as the
same double; masks are lists of 0 and 1.
"""

import json
import math
import pathlib

import numpy as np

FILE = pathlib.Path(__file__).with_name("local-goldens.json")
SEED = 20261124
rng = np.random.default_rng(SEED)


def draw(*shape, scale=1.0):
    return np.round(rng.standard_normal(shape) * scale, 2)


def score_of(kind, p, q, k):
    if kind == "dot":
        return sum(a * b for a, b in zip(q, k))
    if kind == "general":
        return float(q @ p["kernel"] @ k)
    if kind == "additive":
        return sum(v * math.tanh(a) for v, a in zip(p["v"], q @ p["queryKernel"] + k @ p["keyKernel"]))
    raise ValueError(kind)


def params_of(kind, dq, dk):
    if kind == "general":
        return {"kernel": draw(dq, dk)}
    if kind == "additive":
        return {"queryKernel": draw(dq, 3), "keyKernel": draw(dk, 3), "v": draw(3)}
    return {}


def predicted(p, h, length):
    """p_t = S σ(vᵀ tanh(W h_t))"""
    return length / (1 + math.exp(-sum(v * math.tanh(a) for v, a in zip(p["v"], h @ p["kernel"]))))


def attend_locally(case):
    q, k, v, D = case["query"], case["keys"], case["values"], case["radius"]
    B, Tq, _ = q.shape
    Tk = k.shape[1]
    weights = np.zeros((B, Tq, Tk))
    centres = np.zeros((B, Tq))
    for b in range(B):
        for t in range(Tq):
            if case["kind"] == "m":
                p = case["first"] + t
            else:
                p = predicted(case["where"], q[b, t], case["lengths"][b] if case["lengths"] else Tk)
            centres[b, t] = p
            window = [s for s in range(Tk) if p - D <= s <= p + D]
            if case["mask"] is not None:
                window = [s for s in window if case["mask"][b][s]]
            if window:
                e = [score_of(case["score"], case["params"], q[b, t], k[b, s]) for s in window]
                exps = [math.exp(x - max(e)) for x in e]
                for s, x in zip(window, exps):
                    weights[b, t, s] = x / sum(exps)
            else:
                weights[b, t] = 1 / Tk
            if case["kind"] == "p":
                sigma = D / 2
                for s in range(Tk):
                    weights[b, t, s] *= math.exp(-((s - p) ** 2) / (2 * sigma**2))
    context = np.einsum("bts,bsd->btd", weights, v)
    return {"centres": centres, "weights": weights, "context": context}


def cases():
    for i in range(24):
        kind, score = ["m", "p"][i % 2], ["dot", "general", "additive"][i % 3]
        B, Tq, Tk, dq, dv, u = (int(n) for n in rng.integers([1, 1, 1, 1, 1, 1], [4, 5, 9, 5, 4, 4]))
        dk = dq if score == "dot" else int(rng.integers(1, 5))
        masked = bool(rng.random() < 0.4)
        case = {
            "id": f"local-{kind}/{score}/{i}",
            "kind": kind,
            "score": score,
            "radius": int(rng.integers(1, 4)),
            "first": int(rng.integers(0, 4)) if kind == "m" else 0,
            "lengths": [int(n) for n in rng.integers(1, Tk + 1, B)] if kind == "p" and rng.random() < 0.5 else None,
            "query": draw(B, Tq, dq),
            "keys": draw(B, Tk, dk),
            "values": draw(B, Tk, dv),
            "params": params_of(score, dq, dk),
            "where": {"kernel": draw(dq, u, scale=1.5), "v": draw(u, scale=1.5)} if kind == "p" else {},
            "mask": [[int(x) for x in row] for row in rng.random((B, Tk)) < 0.7] if masked else None,
        }
        yield case | attend_locally(case)


def to_json(x):
    if isinstance(x, np.ndarray):
        return {"shape": list(x.shape), "data": [float(v) for v in x.ravel()]}
    if isinstance(x, dict):
        return {k: to_json(v) for k, v in x.items()}
    return x


if __name__ == "__main__":
    meta = {"made by": "make-local-goldens.py", "numpy": np.__version__, "seed": SEED, "note": "the paper's equations in loops, float64"}
    lines = ",\n".join(json.dumps(to_json(c), separators=(",", ":")) for c in cases())
    FILE.write_text(f'{{"meta":{json.dumps(meta)},\n"cases":[\n{lines}\n]}}\n')
    print(FILE.stat().st_size, "bytes")
