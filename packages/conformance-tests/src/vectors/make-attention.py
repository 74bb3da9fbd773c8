"""Makes attention-heads.json and attention-windows.json, in the manner of make-vectors.py.

    pip install keras==3.15.1 tensorflow-cpu==2.21.0 torch==2.13.0
    python make-attention.py

Inputs are multiples of 1/64, random and unequal, no two sizes the same. Everything is computed in float64. "keras" are
MultiHeadAttention and GroupQueryAttention, each compared with the NumPy equations below; "torch" is PyTorch's
nn.MultiheadAttention and its scaled_dot_product_attention with enable_gqa, with the gradients of its autograd. The windows
are the equations of Luong et al. 2015 in PyTorch, each compared with loops over the positions.

A tensor is { shape, data }, row-major; a mask is one too, of 0 and 1. Names are Keras's in camelCase.
"""

import json
import math
import os
import pathlib

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import keras
import numpy as np
import tensorflow as tf
import torch

HERE = pathlib.Path(__file__).parent
SEED = 20261125
rng = np.random.default_rng(SEED)


def draw(*shape, scale=1.0):
    """Multiples of 1/64 in ±scale, none of them 0."""
    n = np.rint(rng.uniform(-1, 1, shape) * 64 * scale)
    return np.where(n == 0, 1, n) / 64


def number(v):
    v = round(float(v), 14)
    assert np.isfinite(v)
    return int(v) if v == int(v) and abs(v) < 1e15 else v


def tensor(a):
    if a is None:
        return None
    a = np.asarray(a)
    return {"shape": list(a.shape), "data": [number(v) for v in a.ravel()]}


def tree(x):
    if isinstance(x, dict):
        return {k: tree(v) for k, v in x.items()}
    if isinstance(x, torch.Tensor):
        x = x.detach().numpy()
    return tensor(x) if isinstance(x, np.ndarray) else x


def write(name, meta, body):
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in body)
    text = f'{{"meta":{json.dumps({"by": "make-attention.py", "seed": SEED, **meta})},\n"cases":[\n{lines}\n]}}\n'
    (HERE / name).write_text(text)
    print(f"{name}: {len(body)} cases, {len(text) // 1024} KB")


def camel(name):
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


VERSIONS = {"keras": keras.__version__, "tensorflow": tf.__version__, "torch": torch.__version__, "numpy": np.__version__}

# ---------------------------------------------------------------- heads, by Keras


def softmax(e):
    x = np.exp(e - e.max(-1, keepdims=True))
    return x / x.sum(-1, keepdims=True)


def equations(config, w, q, v, k, mask, scores_asked, drop=None):
    """What Keras is compared with: [B, T, E] inputs, mask [B, 1 or N, T, S] or None."""
    into = lambda x, name: np.einsum("bte,enh->bnth", x, w[name]["kernel"]) + (w[name]["bias"][:, None] if "bias" in w[name] else 0)
    Q, K, V = into(q, "query"), into(k, "key"), into(v, "value")
    K, V = (np.repeat(x, Q.shape[1] // K.shape[1], axis=1) for x in (K, V))
    e = np.einsum("bnth,bnsh->bnts", Q * np.float64(np.float32(1 / math.sqrt(Q.shape[-1]))), K)
    m = np.ones_like(e, bool) if mask is None else np.broadcast_to(mask, e.shape)
    explicit = scores_asked or config.get("dropout", 0) > 0
    a = softmax(np.where(m, e, -1e9 if explicit else -0.7 * 3.38953e38))
    if explicit:
        a = np.where(m, a, 0)
    c = (a if drop is None else a * drop) @ V
    if "gate" in w:
        c = c / (1 + np.exp(-into(q, "gate")))
    out = w["attentionOutput"]
    return np.tensordot(c.transpose(0, 2, 1, 3), out["kernel"], 2) + out.get("bias", 0), a


def keras_case(case_id, kind, config, *, scores=False, causal=False, own_key=False, masks={}, sizes=(2, 3, 4), dims=(3, 5, 2), training=0, compare=True):
    """`training` counts the calls; `masks` are arrays by the name of Keras's argument."""
    B, T, S = sizes
    q, v, k = draw(B, *np.atleast_1d(T), dims[0]), draw(B, *np.atleast_1d(S), dims[1]), draw(B, *np.atleast_1d(S), dims[2])
    if not own_key:
        k = v
    # Keras draws the masks of dropout at the precision it works in; those of float32 are meant.
    layers = {d: getattr(keras.layers, kind)(**config, dtype=d) for d in (["float32"] if training else ["float64"])}
    (dtype, layer), = layers.items()
    layer.build(q.shape, v.shape, k.shape)
    weights = {"/".join(x.path.split("/")[-2:]): draw(*x.shape) for x in layer.weights}
    layer.set_weights(list(weights.values()))
    w = {}
    for path, x in weights.items():
        projection, name = path.split("/")
        w.setdefault(camel(projection), {})[name] = x

    query = tf.constant(q, dtype)
    given = {n: tf.constant(np.asarray(m, bool)) for n, m in masks.items()}
    if "query_mask" in given:
        # As an Embedding hands it on; the argument is ignored.
        keras.src.backend.set_keras_mask(query, given.pop("query_mask"))
    call = lambda: layer(
        query,
        tf.constant(v, dtype),
        key=tf.constant(k, dtype) if own_key else None,
        **given,
        use_causal_mask=causal,
        return_attention_scores=scores,
        training=bool(training),
    )
    for _ in range(max(training - 1, 0)):
        call()
        if "query_mask" in masks:
            keras.src.backend.set_keras_mask(query, tf.constant(np.asarray(masks["query_mask"], bool)))
    made = call()
    y, a = (np.asarray(x) for x in made) if scores else (np.asarray(made), None)

    if compare:
        m = np.ones((B, 1, T, S), bool)
        for name, mask in masks.items():
            mask = np.asarray(mask, bool)
            shape = {"query_mask": (B, 1, T, 1), "value_mask": (B, 1, 1, S), "key_mask": (B, 1, 1, S)}.get(name)
            m = m & (mask.reshape(shape) if shape else mask if mask.ndim == 4 else mask.reshape(-1, 1, T, S))
        i, j = np.arange(T)[:, None], np.arange(S)
        if causal:
            m = m & (j <= i)
        if config.get("sliding_window"):
            m = m & (abs(i - j) < config["sliding_window"])
        drop = None
        if training:
            N = config.get("num_heads") or config["num_query_heads"]
            seeds = keras.random.SeedGenerator(config["seed"])
            for _ in range(training):
                drop = np.asarray(keras.random.dropout(tf.ones((B, N, T, S)), config["dropout"], seed=seeds), np.float64)
        assert m.any(-1).all() or "nothing-visible" in case_id or "query_mask" in masks, case_id
        ours, weights_of = equations(config, w, q, v, k, m, scores, drop)
        tolerance = 1e-5 if training else 1e-13
        assert abs(ours - y).max() < tolerance, (case_id, abs(ours - y).max())
        assert a is None or abs(weights_of - a).max() < tolerance, case_id
        if training:
            # The masks are Keras's, the rest is wanted in float64.
            y, a = ours, weights_of if scores else None
    return {
        "id": case_id,
        "layer": "multiHeadAttention" if kind == "MultiHeadAttention" else "groupedQueryAttention",
        "options": {camel(n): x for n, x in config.items()},
        "params": tree(w),
        "query": tensor(q),
        "value": tensor(v),
        **({"key": tensor(k)} if own_key else {}),
        "masks": {camel(n): tensor(np.asarray(m, int)) for n, m in masks.items()},
        "call": {
            **({"useCausalMask": True} if causal else {}),
            **({"returnAttentionScores": True} if scores else {}),
            **({"training": True, "dropoutCounter": training - 1} if training else {}),
        },
        "outputs": tensor(y),
        **({"scores": tensor(a)} if scores else {}),
    }


def keras_heads():
    multi, grouped = "MultiHeadAttention", "GroupQueryAttention"
    heads = {"num_heads": 2, "key_dim": 3}
    pairs = {"head_dim": 3, "num_query_heads": 4, "num_key_value_heads": 2}
    value_mask = [[1, 0, 1, 1], [0, 1, 1, 0]]
    # Rows of queries: the second sees nothing.
    blind = [[[1, 0, 1, 1], [0, 0, 0, 0], [1, 1, 1, 0]], [[0, 1, 1, 0], [0, 0, 0, 0], [0, 0, 0, 1]]]
    every = [[1, 1, 0, 1], [1, 0, 1, 1], [0, 1, 1, 1]]
    per_head = rng.random((2, 2, 3, 4)) < 0.6
    per_head[..., 0] = True
    yield keras_case("multi-head/plain", multi, heads)
    yield keras_case("multi-head/own-key", multi, heads, own_key=True)
    yield keras_case("multi-head/scores", multi, heads, scores=True)
    yield keras_case("multi-head/one-head", multi, {"num_heads": 1, "key_dim": 5})
    yield keras_case("multi-head/value-dim", multi, heads | {"value_dim": 2})
    yield keras_case("multi-head/output-shape", multi, heads | {"output_shape": [2, 3]})
    yield keras_case("multi-head/no-bias", multi, heads | {"use_bias": False}, own_key=True)
    yield keras_case("multi-head/gate", multi, heads | {"use_gate": True, "value_dim": 4}, own_key=True)
    yield keras_case("multi-head/causal", multi, heads, causal=True)
    yield keras_case("multi-head/causal-scores", multi, heads, causal=True, scores=True)
    yield keras_case("multi-head/value-mask", multi, heads, masks={"value_mask": value_mask})
    yield keras_case("multi-head/attention-mask", multi, heads, masks={"attention_mask": [every]}, scores=True)
    yield keras_case("multi-head/mask-per-head", multi, heads, masks={"attention_mask": per_head})
    yield keras_case("multi-head/sliding-window", multi, heads | {"sliding_window": 2}, sizes=(1, 4, 5))
    # Each of them hides a key that all others show, and each query sees one: i, j with |i − j| < 3.
    some = {
        "attention_mask": [[[1, 0, 1, 1, 1], [1, 1, 1, 1, 1], [1, 1, 0, 1, 1], [1, 1, 1, 1, 0]]],
        "value_mask": [[1, 1, 0, 1, 1], [0, 1, 1, 1, 1]],
        "key_mask": [[1, 1, 1, 1, 1], [1, 1, 1, 0, 1]],
    }
    yield keras_case("multi-head/all-masks", multi, heads | {"sliding_window": 3}, masks=some, own_key=True, sizes=(2, 4, 5))
    yield keras_case("multi-head/all-masks-causal", multi, heads | {"sliding_window": 3}, masks=some | {"value_mask": [[1, 1, 0, 1, 1], [1, 1, 1, 1, 1]]}, causal=True, sizes=(2, 4, 5))
    yield keras_case("multi-head/nothing-visible", multi, heads, masks={"attention_mask": blind})
    yield keras_case("multi-head/nothing-visible-scores", multi, heads, masks={"attention_mask": blind}, scores=True)
    yield keras_case("multi-head/nothing-visible-dropout", multi, heads | {"dropout": 0.5, "seed": 1}, masks={"attention_mask": blind})
    yield keras_case("multi-head/query-mask", multi, heads, masks={"query_mask": [[1, 1, 0], [0, 1, 1]]})
    yield keras_case("multi-head/attention-axes", multi, heads | {"attention_axes": [2]}, sizes=(2, (3, 2), (3, 4)), scores=True, compare=False)
    yield keras_case("multi-head/two-axes", multi, heads | {"attention_axes": [2, 1]}, sizes=(1, (3, 2), (2, 3)), scores=True, compare=False)
    dropout = {"dropout": 0.5, "seed": 1234}
    yield keras_case("multi-head/dropout", multi, heads | dropout, training=1, scores=True)
    yield keras_case("multi-head/dropout-third-call", multi, heads | dropout, training=3)
    yield keras_case("grouped/plain", grouped, pairs)
    yield keras_case("grouped/scores", grouped, pairs, scores=True, own_key=True)
    yield keras_case("grouped/multi-query", grouped, pairs | {"num_query_heads": 3, "num_key_value_heads": 1})
    yield keras_case("grouped/gate-no-bias", grouped, pairs | {"num_query_heads": 6, "use_gate": True, "use_bias": False})
    yield keras_case("grouped/masks", grouped, pairs, masks={"value_mask": value_mask, "query_mask": [[1, 1, 0], [0, 1, 1]]}, causal=True)
    yield keras_case("grouped/nothing-visible-scores", grouped, pairs, masks={"attention_mask": blind}, scores=True)
    yield keras_case("grouped/sliding-window", grouped, pairs | {"sliding_window": 1}, sizes=(1, 3, 5))
    yield keras_case("grouped/dropout", grouped, pairs | dropout, training=2, masks={"value_mask": value_mask})


# ---------------------------------------------------------------- heads, by PyTorch


def torch_heads():
    T = lambda *s: torch.tensor(draw(*s), requires_grad=True)
    B, t, S, N, H = 2, 3, 5, 2, 4
    E, Ek, Ev = N * H, 3, 6
    theirs = torch.nn.MultiheadAttention(E, N, kdim=Ek, vdim=Ev, batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        for p in theirs.parameters():
            p.copy_(torch.tensor(draw(*p.shape)))
    q, k, v, g = T(B, t, E), T(B, S, Ek), T(B, S, Ev), torch.tensor(draw(B, t, E))
    valid = torch.tensor([[1, 1, 0, 1, 1], [0, 1, 1, 0, 1]], dtype=torch.bool)
    y, a = theirs(q, k, v, key_padding_mask=~valid, average_attn_weights=False)
    (y * g).sum().backward()
    P = dict(theirs.named_parameters())

    def laid_out(get):
        """Kernels (out, in) to [in, N, H]; the bias of all three in one."""
        into = lambda name: get(P[f"{name}_proj_weight"]).T.reshape(-1, N, H)
        biases = get(P["in_proj_bias"]).reshape(3, N, H)
        out = {"kernel": get(P["out_proj.weight"]).T.reshape(N, H, E), "bias": get(P["out_proj.bias"])}
        return {
            "query": {"kernel": into("q"), "bias": biases[0]},
            "key": {"kernel": into("k"), "bias": biases[1]},
            "value": {"kernel": into("v"), "bias": biases[2]},
            "attentionOutput": out,
        }

    yield {
        "id": "multi-head/torch",
        "layer": "multiHeadAttention",
        "options": {"numHeads": N, "keyDim": H},
        "params": tree(laid_out(lambda p: p.detach())),
        "query": tree(q),
        "value": tree(v),
        "key": tree(k),
        "masks": {"valueMask": tensor(valid.numpy().astype(int))},
        "call": {},
        "outputs": tree(y),
        "cotangent": tree(g),
        "gradients": {"params": tree(laid_out(lambda p: p.grad)), "query": tree(q.grad), "value": tree(v.grad), "key": tree(k.grad)},
    }
    yield {
        "id": "multi-head/torch-scores",
        "layer": "multiHeadAttention",
        "options": {"numHeads": N, "keyDim": H},
        "params": tree(laid_out(lambda p: p.detach())),
        "query": tree(q),
        "value": tree(v),
        "key": tree(k),
        "masks": {"valueMask": tensor(valid.numpy().astype(int))},
        "call": {"returnAttentionScores": True},
        "outputs": tree(y),
        "scores": tree(a),
        "cotangent": tree(g),
        "gradients": {"params": tree(laid_out(lambda p: p.grad)), "query": tree(q.grad), "value": tree(v.grad), "key": tree(k.grad)},
    }

    N, M, E, Ev = 6, 2, 3, 5
    shapes = {"query": (E, N, H), "key": (Ev, M, H), "value": (Ev, M, H), "attentionOutput": (N, H, E)}
    w = {name: {"kernel": T(*s), "bias": T(*(s[1:] if name != "attentionOutput" else s[2:]))} for name, s in shapes.items()}
    q, v, g = T(B, t, E), T(B, S, Ev), torch.tensor(draw(B, t, E))
    into = lambda x, name: torch.einsum("bte,enh->bnth", x, w[name]["kernel"]) + w[name]["bias"][:, None]
    c = torch.nn.functional.scaled_dot_product_attention(into(q, "query"), into(v, "key"), into(v, "value"), is_causal=True, enable_gqa=True)
    y = torch.einsum("bnth,nhe->bte", c, w["attentionOutput"]["kernel"]) + w["attentionOutput"]["bias"]
    (y * g).sum().backward()
    yield {
        "id": "grouped/torch",
        "layer": "groupedQueryAttention",
        "options": {"headDim": H, "numQueryHeads": N, "numKeyValueHeads": M},
        "params": tree(w),
        "query": tree(q),
        "value": tree(v),
        "masks": {},
        "call": {"useCausalMask": True},
        "outputs": tree(y),
        "cotangent": tree(g),
        "gradients": {"params": tree({n: {k: p.grad for k, p in ps.items()} for n, ps in w.items()}), "query": tree(q.grad), "value": tree(v.grad)},
    }


# ---------------------------------------------------------------- windows


def window_case(case_id, *, D, sizes, centred, lengths=None, mask=None, first=0):
    """General score; `centred` on W and v of the predicted centres, else monotonic."""
    T = lambda *s, **how: torch.tensor(draw(*s, **how), requires_grad=True)
    B, Tq, Tk, dq, dk, dv, u = sizes
    q, k, v, W = T(B, Tq, dq), T(B, Tk, dk), T(B, Tk, dv), T(dq, dk)
    where = {"kernel": T(dq, u, scale=2), "v": T(u, scale=2)}
    S = torch.tensor(lengths or [Tk] * B, dtype=torch.float64)
    j = torch.arange(Tk)
    if centred:
        p = S[:, None] * torch.sigmoid(torch.tanh(q @ where["kernel"]) @ where["v"])
    else:
        p = (torch.arange(Tq) + first).double().expand(B, Tq)
    inside = (j - p[..., None]).abs() <= D
    if mask is not None:
        inside = inside & torch.tensor(mask, dtype=torch.bool)[:, None]
    assert inside.any(-1).all() and not inside.all()
    e = torch.einsum("bid,de,bje->bij", q, W, k)
    a = torch.softmax(e.masked_fill(~inside, -torch.inf), -1)
    if centred:
        a = a * torch.exp(-((j - p[..., None]) ** 2) / (2 * (D / 2) ** 2))
    c = a @ v
    g = torch.tensor(draw(B, Tq, dv))
    (c * g).sum().backward()

    for b in range(B):
        for t in range(Tq):
            centre = float(p[b, t])
            window = [s for s in range(Tk) if centre - D <= s <= centre + D and (mask is None or mask[b][s])]
            x = [math.exp(float(e[b, t, s])) for s in window]
            for s in range(Tk):
                w = x[window.index(s)] / sum(x) if s in window else 0
                w *= math.exp(-((s - centre) ** 2) / (2 * (D / 2) ** 2)) if centred else 1
                assert abs(w - float(a[b, t, s])) < 1e-14
    inputs = {"kernel": W, "query": q, "keys": k, "values": v}
    return {
        "id": case_id,
        "radius": D,
        "first": first,
        "kernel": tree(W),
        "query": tree(q),
        "keys": tree(k),
        "values": tree(v),
        "where": tree(where) if centred else None,
        "lengths": lengths,
        "mask": None if mask is None else tensor(np.asarray(mask)),
        **({"centres": tree(p)} if centred else {}),
        "weights": tree(a),
        "context": tree(c),
        "cotangent": tree(g),
        "gradients": {n: tree(x.grad) for n, x in inputs.items()} | ({"where": {n: tree(x.grad) for n, x in where.items()}} if centred else {}),
    }


def windows():
    mask = [[1, 0, 1, 1, 0, 1, 1], [0, 1, 1, 0, 1, 1, 0]]
    yield window_case("local-m", D=2, sizes=(2, 4, 7, 3, 5, 2, 1), centred=False)
    yield window_case("local-m-later", D=1, sizes=(2, 3, 7, 3, 2, 4, 1), centred=False, first=3)
    yield window_case("local-m-masked", D=2, sizes=(2, 4, 7, 3, 5, 2, 1), centred=False, mask=mask)
    yield window_case("local-p", D=2, sizes=(2, 4, 7, 3, 5, 2, 3), centred=True)
    yield window_case("local-p-lengths", D=1, sizes=(2, 3, 6, 2, 4, 3, 3), centred=True, lengths=[6, 4])
    yield window_case("local-p-masked", D=3, sizes=(2, 3, 7, 3, 5, 2, 2), centred=True, mask=mask)


if __name__ == "__main__":
    note = "keras and torch in float64; the masks of dropout are those of Keras in float32"
    write("attention-heads.json", {**VERSIONS, "note": note}, [*keras_heads(), *torch_heads()])
    note = "Luong et al. 2015, section 3.2, in PyTorch, checked with loops over the positions"
    write("attention-windows.json", {"torch": torch.__version__, "numpy": np.__version__, "note": note}, list(windows()))
