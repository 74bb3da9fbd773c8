"""Makes goldens.json: decoders with attention in float64, step by step.

    pip install numpy torch
    TF_CPP_MIN_LOG_LEVEL=3 python make-goldens.py

The values are NumPy, written from the equations of Bahdanau 2015, Luong 2015, tensorflow/addons' AttentionWrapper and
Raffel 2017 with loops over rows and positions, so that they share nothing with the library. The gradients are those of
torch's autograd over a second implementation, which is batched; the script stops unless both give the same values.

The loss is sum(outputs * lossOutputs) + sum(alignments * lossAlignments). A tensor is { shape, data }, row-major; inputs
are multiples of 1/64, which float32 holds too, results the shortest decimal that reads back as the same double; masks are
lists of 0 and 1.
"""

import json
import math
import pathlib
import platform

import numpy as np
import torch

FILE = pathlib.Path(__file__).with_name("goldens.json")
SEED = 20261123
rng = np.random.default_rng(SEED)


def draw(*shape, scale=0.7):
    return np.round(rng.standard_normal(shape) * scale * 64) / 64


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


# The cells, one row of the batch. Keras's layout: LSTM i, f, c, o; GRU z, r, h with reset_after.

GATES = {"simpleRNN": 1, "lstm": 4, "gru": 3}


def cell_params(kind, inputs, u):
    g = GATES[kind]
    bias = (2, g * u) if kind == "gru" else (g * u,)
    return {"kernel": draw(inputs, g * u), "recurrentKernel": draw(u, g * u), "bias": draw(*bias)}


def cell_row(kind, p, x, state):
    W, U, b = p["kernel"], p["recurrentKernel"], p["bias"]
    u = U.shape[0]
    h = state["h"]
    if kind == "simpleRNN":
        h = np.tanh(x @ W + h @ U + b)
        return h, {"h": h}
    if kind == "lstm":
        z = x @ W + h @ U + b
        i, f, g, o = (z[k * u : (k + 1) * u] for k in range(4))
        c = sigmoid(f) * state["c"] + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        return h, {"h": h, "c": c}
    zx, zh = x @ W + b[0], h @ U + b[1]
    z = sigmoid(zx[:u] + zh[:u])
    r = sigmoid(zx[u : 2 * u] + zh[u : 2 * u])
    new = np.tanh(zx[2 * u :] + r * zh[2 * u :])
    h = z * h + (1 - z) * new
    return h, {"h": h}


# The scores of one query over one row of the memory.

SCORES = {
    "dot": lambda Dq, M, u: {},
    "general": lambda Dq, M, u: {"kernel": draw(Dq, M)},
    "concat": lambda Dq, M, u: {"kernel": draw(Dq + M, u), "v": draw(u)},
    "additive": lambda Dq, M, u: {"queryKernel": draw(Dq, u), "keyKernel": draw(M, u), "v": draw(u)},
    "luongMechanism": lambda Dq, M, u: {"memoryKernel": draw(M, u)},
    "luongMechanism scaled": lambda Dq, M, u: {"memoryKernel": draw(M, u), "g": np.array(1.375)},
    "bahdanauMechanism": lambda Dq, M, u: {"queryKernel": draw(Dq, u), "memoryKernel": draw(M, u), "v": draw(u)},
    "bahdanauMechanism normalized": lambda Dq, M, u: {
        "queryKernel": draw(Dq, u),
        "memoryKernel": draw(M, u),
        "v": draw(u),
        "g": np.array(0.84375),
        "b": draw(u),
    },
}


def score_one(kind, p, q, m):
    if kind == "dot":
        return q @ m
    if kind == "general":
        return q @ p["kernel"] @ m
    if kind == "concat":
        return p["v"] @ np.tanh(np.concatenate([q, m]) @ p["kernel"])
    if kind == "additive":
        return p["v"] @ np.tanh(q @ p["queryKernel"] + m @ p["keyKernel"])
    if kind.startswith("luongMechanism"):
        return float(p.get("g", 1)) * (q @ (m @ p["memoryKernel"]))
    v = p["v"]
    if "g" in p:
        v = p["g"] * v / math.sqrt(sum(a * a for a in v))
    return v @ np.tanh(m @ p["memoryKernel"] + q @ p["queryKernel"] + p.get("b", 0))


# The alignments of one row.


def align_row(kind, p, e, mask, before):
    n = len(e)
    if kind == "softmax":
        valid = [j for j in range(n) if mask[j]]
        if not valid:
            return np.full(n, 1 / n)
        top = max(e[j] for j in valid)
        w = [math.exp(e[j] - top) if mask[j] else 0.0 for j in range(n)]
        return np.array(w) / sum(w)
    if kind == "hardmax":
        best = max((e[j], -j) for j in range(n) if mask[j])
        return np.array([float(j == -best[1]) for j in range(n)])
    e = e + float(p["scoreBias"])
    if kind == "hard":
        # Walk on from where the step before stopped.
        a = np.zeros(n)
        started = False
        for j in range(n):
            started = started or before[j] == 1
            if started and mask[j] and e[j] > 0:
                a[j] = 1
                break
        return a
    # The probability to be at j and to stop there: over all starting points i.
    p_stop = [sigmoid(e[j]) if mask[j] else 0.0 for j in range(n)]
    a = np.zeros(n)
    for j in range(n):
        for i in range(j + 1):
            passed = 1.0
            for k in range(i, j):
                passed *= 1 - p_stop[k]
            a[j] += before[i] * passed * p_stop[j]
    return a


def first_alignments(kind, n):
    a = np.zeros(n)
    if kind in ("recursive", "parallel", "hard"):
        a[0] = 1
    return a


def decode_numpy(case):
    p, form, x = case["params"], case["form"], case["x"]
    B, T, _ = x.shape
    _, Tk, M = case["memory"].shape
    u = case["units"]
    outputs, alignments = [], []
    for b in range(B):
        mask = case["mask"][b] if case["mask"] is not None else np.ones(Tk)
        memory = np.array([m if ok else np.zeros(M) for m, ok in zip(case["memory"][b], mask)])

        def look(q, before):
            e = np.array([score_one(case["score"], p["score"], q, m) for m in memory])
            a = align_row(case["alignment"], p["alignment"], e, mask, before)
            return sum(w * m for w, m in zip(a, memory)), a

        state = {"h": np.zeros(u), "c": np.zeros(u)}
        a = first_alignments(case["alignment"], Tk)
        fed = np.zeros(case["attentionUnits"])
        ys, aligned = [], []
        for t in range(T):
            if form == "bahdanau":
                c, a = look(state["h"], a)
                y, state = cell_row(case["cell"], p["cell"], np.concatenate([x[b, t], c]), state)
            else:
                cell_in = x[b, t] if case["options"].get("inputFeeding") is False else np.concatenate([x[b, t], fed])
                h, state = cell_row(case["cell"], p["cell"], cell_in, state)
                c, a = look(h, a)
                if form == "luong":
                    y = fed = np.tanh(np.concatenate([c, h]) @ p["attention"]["kernel"])
                else:
                    fed = np.concatenate([h, c]) @ p["attention"]["kernel"] if "kernel" in p["attention"] else c
                    y = fed if case["options"].get("outputAttention", True) else h
            ys.append(y)
            aligned.append(a)
        outputs.append(ys)
        alignments.append(aligned)
    return np.array(outputs), np.array(alignments)


# The second implementation: batched, in torch, for the gradients.


def decode_torch(case, p, x, memory):
    form, kind, u = case["form"], case["cell"], case["units"]
    B, T, _ = x.shape
    Tk, M = memory.shape[1:]
    mask = torch.ones(B, Tk, dtype=torch.bool) if case["mask"] is None else torch.tensor(case["mask"]).bool()
    values = memory * mask[:, :, None]
    sp, W, U, bias = p["score"], p["cell"]["kernel"], p["cell"]["recurrentKernel"], p["cell"]["bias"]

    def score(q):
        name = case["score"]
        if name == "dot":
            return torch.einsum("bd,bkd->bk", q, values)
        if name == "general":
            return torch.einsum("bd,de,bke->bk", q, sp["kernel"], values)
        if name == "concat":
            pairs = torch.cat([q[:, None].expand(-1, Tk, -1), values], -1)
            return torch.tanh(pairs @ sp["kernel"]) @ sp["v"]
        if name == "additive":
            return torch.tanh((q @ sp["queryKernel"])[:, None] + values @ sp["keyKernel"]) @ sp["v"]
        if name.startswith("luong"):
            return sp.get("g", 1) * torch.einsum("bd,bkd->bk", q, values @ sp["memoryKernel"])
        v = sp["v"] if "g" not in sp else sp["g"] * sp["v"] * torch.rsqrt((sp["v"] ** 2).sum())
        return (torch.tanh(values @ sp["memoryKernel"] + (q @ sp["queryKernel"])[:, None] + sp.get("b", 0)) * v).sum(-1)

    def look(q, before):
        e, how = score(q), case["alignment"]
        if how == "softmax":
            hidden = torch.where(mask.any(-1, keepdim=True), -torch.inf, torch.zeros(1, dtype=e.dtype))
            a = torch.softmax(torch.where(mask, e, hidden), -1)
        elif how == "hardmax":
            a = torch.nn.functional.one_hot(torch.where(mask, e, -torch.inf).argmax(-1), Tk).to(e.dtype)
        else:
            e = e + p["alignment"]["scoreBias"]
            stop = (e > 0).to(e.dtype) if how == "hard" else torch.sigmoid(e)
            stop = torch.where(mask, stop, torch.zeros_like(stop))
            if how == "hard":
                stop = stop * torch.cumsum(before, -1)
                a = stop * torch.cat([torch.ones(B, 1, dtype=e.dtype), torch.cumprod(1 - stop, -1)[:, :-1]], -1)
            else:
                q_j, a = torch.zeros(B, dtype=e.dtype), []
                for j in range(Tk):
                    q_j = (q_j * (1 - stop[:, j - 1]) if j else q_j) + before[:, j]
                    a.append(stop[:, j] * q_j)
                a = torch.stack(a, -1)
        return torch.einsum("bk,bkm->bm", a, values), a

    def run(z, h, c):
        if kind == "simpleRNN":
            h = torch.tanh(z @ W + h @ U + bias)
        elif kind == "lstm":
            i, f, g, o = (z @ W + h @ U + bias).chunk(4, -1)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
        else:
            xz, xr, xh = (z @ W + bias[0]).chunk(3, -1)
            hz, hr, hh = (h @ U + bias[1]).chunk(3, -1)
            z_t, r_t = torch.sigmoid(xz + hz), torch.sigmoid(xr + hr)
            h = z_t * h + (1 - z_t) * torch.tanh(xh + r_t * hh)
        return h, c

    h = c_state = torch.zeros(B, u, dtype=x.dtype)
    a = torch.tensor(np.tile(first_alignments(case["alignment"], Tk), (B, 1)))
    fed = torch.zeros(B, case["attentionUnits"], dtype=x.dtype)
    ys, aligned = [], []
    for t in range(T):
        if form == "bahdanau":
            c, a = look(h, a)
            h, c_state = run(torch.cat([x[:, t], c], -1), h, c_state)
            y = h
        else:
            feeding = case["options"].get("inputFeeding", True)
            h, c_state = run(torch.cat([x[:, t], fed], -1) if feeding else x[:, t], h, c_state)
            c, a = look(h, a)
            if form == "luong":
                y = fed = torch.tanh(torch.cat([c, h], -1) @ p["attention"]["kernel"])
            else:
                fed = torch.cat([h, c], -1) @ p["attention"]["kernel"] if "kernel" in p["attention"] else c
                y = fed if case["options"].get("outputAttention", True) else h
        ys.append(y)
        aligned.append(a)
    return torch.stack(ys, 1), torch.stack(aligned, 1)


def make(id, form, cell, score, alignment, sizes, options=None, mask=None):
    B, T, F, Tk, M, u, su, A = (sizes[k] for k in ("B", "T", "F", "Tk", "M", "u", "score", "A"))
    options = options or {}
    attention_units = M if form == "bahdanau" or (form == "addonsWrapper" and A is None) else A
    fed = 0 if options.get("inputFeeding") is False else attention_units
    attention = {}
    if form == "luong":
        attention = {"kernel": draw(M + u, A)}
    elif form == "addonsWrapper" and A is not None:
        attention = {"kernel": draw(u + M, A)}
    monotonic = alignment in ("recursive", "parallel", "hard")
    case = {
        "id": id,
        "form": form,
        "cell": cell,
        "score": score,
        "alignment": alignment,
        "options": options,
        "units": u,
        "scoreUnits": su,
        "attentionUnits": attention_units,
        "params": {
            "cell": cell_params(cell, F + fed, u),
            "score": SCORES[score](u, M, su),
            "attention": attention,
            "alignment": {"scoreBias": np.array(-0.359375)} if monotonic else {},
        },
        "memory": draw(B, Tk, M, scale=1.0),
        "mask": None if mask is None else np.array(mask),
        "x": draw(B, T, F, scale=1.0),
    }
    outputs, alignments = decode_numpy(case)
    case["lossOutputs"], case["lossAlignments"] = draw(*outputs.shape, scale=1.0), draw(*alignments.shape, scale=1.0)

    def leaf(a):
        return torch.tensor(np.asarray(a, dtype=np.float64), requires_grad=True)

    params = {part: {name: leaf(a) for name, a in tree.items()} for part, tree in case["params"].items()}
    x, memory = leaf(case["x"]), leaf(case["memory"])
    y, a = decode_torch(case, params, x, memory)
    for ours, theirs in ((outputs, y), (alignments, a)):
        off = np.abs(ours - theirs.detach().numpy()).max()
        assert off < 1e-13, (id, off)
    loss = (y * torch.tensor(case["lossOutputs"])).sum() + (a * torch.tensor(case["lossAlignments"])).sum()
    loss.backward()

    def gradient(leaf):
        return np.zeros(leaf.shape) if leaf.grad is None else leaf.grad.numpy()

    case["outputs"], case["alignments"] = outputs, alignments
    case["grads"] = {part: {name: gradient(l) for name, l in tree.items()} for part, tree in params.items()}
    case["gradMemory"], case["gradX"] = gradient(memory), gradient(x)
    return case


def sizes(B, T, F, Tk, M, u, score, A=None):
    return {"B": B, "T": T, "F": F, "Tk": Tk, "M": M, "u": u, "score": score, "A": A}


HOLES = [[1, 0, 1, 1, 0], [1, 1, 0, 1, 0]]
ENDS = [[1, 1, 1, 0], [1, 0, 0, 0], [1, 1, 1, 1]]
CASES = [
    ("bahdanau", "bahdanau", "gru", "additive", "softmax", sizes(2, 3, 2, 5, 3, 4, 5), {}, HOLES),
    ("bahdanau of an LSTM, no mask", "bahdanau", "lstm", "general", "softmax", sizes(2, 2, 3, 3, 2, 3, 0)),
    ("luong general", "luong", "lstm", "general", "softmax", sizes(3, 3, 2, 4, 3, 2, 0, 5), {}, ENDS),
    ("luong dot", "luong", "simpleRNN", "dot", "softmax", sizes(2, 4, 1, 3, 4, 4, 0, 3)),
    (
        "luong concat without input feeding, a row of padding",
        "luong",
        "gru",
        "concat",
        "softmax",
        sizes(2, 3, 3, 4, 2, 3, 4, 2),
        {"inputFeeding": False},
        [[0, 1, 1, 0], [0, 0, 0, 0]],
    ),
    ("wrapper luong", "addonsWrapper", "lstm", "luongMechanism", "softmax", sizes(3, 3, 2, 4, 2, 3, 3), {}, ENDS),
    (
        "wrapper luong scaled, attention layer, cell output",
        "addonsWrapper",
        "gru",
        "luongMechanism scaled",
        "softmax",
        sizes(2, 3, 2, 5, 3, 2, 2, 4),
        {"outputAttention": False},
        HOLES,
    ),
    ("wrapper bahdanau", "addonsWrapper", "simpleRNN", "bahdanauMechanism", "softmax", sizes(2, 3, 2, 3, 4, 3, 5, 2)),
    (
        "wrapper bahdanau normalized",
        "addonsWrapper",
        "lstm",
        "bahdanauMechanism normalized",
        "softmax",
        sizes(3, 3, 1, 4, 3, 2, 4, 3),
        {},
        ENDS,
    ),
    (
        "wrapper luong monotonic, recursive",
        "addonsWrapper",
        "gru",
        "luongMechanism",
        "recursive",
        sizes(2, 4, 2, 5, 3, 2, 2, 3),
        {},
        HOLES,
    ),
    (
        "wrapper bahdanau monotonic, parallel",
        "addonsWrapper",
        "lstm",
        "bahdanauMechanism normalized",
        "parallel",
        sizes(3, 4, 2, 4, 2, 3, 4),
        {},
        ENDS,
    ),
    (
        "wrapper luong monotonic, hard",
        "addonsWrapper",
        "simpleRNN",
        "luongMechanism",
        "hard",
        sizes(2, 5, 2, 5, 3, 4, 4, 2),
        {},
        HOLES,
    ),
    ("bahdanau monotonic", "bahdanau", "lstm", "additive", "recursive", sizes(3, 3, 2, 4, 2, 3, 2), {}, ENDS),
    ("luong hardmax", "luong", "gru", "general", "hardmax", sizes(2, 4, 2, 5, 3, 2, 0, 4), {}, HOLES),
]


def moving(*args):
    """A hard case is drawn anew until a row moves on after its first step, and a row runs off the end of the memory."""
    while True:
        case = make(*args)
        a = case["alignments"]
        moves = (a.argmax(-1)[:, 1:] > a.argmax(-1)[:, :1]).any()
        if case["alignment"] != "hard" or (moves and (a.sum(-1) == 0).any()):
            return case


def plain(value):
    if isinstance(value, np.ndarray):
        if value.dtype.kind == "i":
            return value.tolist()
        return {"shape": list(value.shape), "data": [v + 0.0 for v in value.reshape(-1).tolist()]}
    if isinstance(value, dict):
        return {key: plain(v) for key, v in value.items()}
    return value


def main():
    cases = [moving(*case) for case in CASES]
    meta = {
        "note": "decoders with attention in float64, made by make-goldens.py",
        "seed": SEED,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "torch": torch.__version__,
    }
    lines = ",\n".join("  " + json.dumps(plain(case)) for case in cases)
    FILE.write_text('{\n"meta": ' + json.dumps(meta) + ',\n"cases": [\n' + lines + "\n]\n}\n")
    hard = [case for case in cases if case["alignment"] == "hard"]
    print(len(cases), "cases;", "hard alignments", hard[0]["alignments"].argmax(-1).tolist(), hard[0]["alignments"].sum(-1).tolist())


if __name__ == "__main__":
    main()
