"""Writes parity.json: a run of three levels on 64 nodes in PyTorch (float64), without dropout, teacher-forcing negatives only.
Needs torch and numpy; the tests read the JSON alone."""
import json, math, random
import numpy as np, torch

random.seed(1); rng = np.random.default_rng(1)
n, d, steps, batch, rate = 64, 8, 10, 8, 0.01
words = [f"{a}{b}" for a in ("ka", "lo", "mi", "nu") for b in ("ra", "se", "ti", "vo", "xu")]
texts = [" ".join(random.choice(words[5 * (i % 4):5 * (i % 4) + 5] if random.random() < 0.6 else words) for _ in range(7)) for i in range(n)]
edges = sorted({tuple(sorted((i, j))) for i in range(n) for j in random.sample([k for k in range(n) if k % 4 == i % 4 or random.random() < 0.1], 2) if i != j})
near = [sorted({b if a == i else a for a, b in edges if i in (a, b)}) for i in range(n)]

# TF-IDF: 1-grams and 2-grams, sublinear, smoothed, 2 <= df <= n / 2; columns by (df, length, tokens).
grams = [[(w,) for w in t.split()] + list(zip(t.split(), t.split()[1:])) for t in texts]
df = {}
for g in grams:
    for k in set(g): df[k] = df.get(k, 0) + 1
kept = sorted((k for k in df if 2 <= df[k] <= n / 2), key=lambda k: (df[k], len(k), k))
column = {k: c for c, k in enumerate(kept)}
X = np.zeros((n, len(kept)))
for i, g in enumerate(grams):
    for k in set(g):
        if k in column: X[i, column[k]] = (1 + math.log(g.count(k))) * (math.log((1 + n) / (1 + df[k])) + 1)
unit = lambda m: m / np.maximum(np.linalg.norm(m, axis=-1, keepdims=True), 1e-300)
X = unit(X)
Y = np.zeros((n, n))
for i in range(n): Y[i, near[i]] = 1
Z = unit(unit(Y).T @ X)

# Tree: 8 leaves; the first direction of a list of labels is last minus first.
def split(ids):
    right, left = ids[-1], ids[0]
    c, before = Z[right] - Z[left], None
    for it in range(20):
        if it: c = unit(Z[high].sum(0)) - unit(Z[low].sum(0))
        order = sorted(ids, key=lambda i: (np.float32(Z[i] @ c), i))
        low, high = sorted(order[:len(ids) // 2]), sorted(order[len(ids) // 2:])
        if low == before: break
        before = low
    return low, high
parts = [list(range(n))]
for _ in range(3): parts = [half for part in parts for half in split(part)]
codes = [0] * n
for leaf, part in enumerate(parts):
    for i in part: codes[i] = leaf
levels, splits = [2, 4, 8], 2
cluster = lambda j, t: codes[j] // splits ** (2 - t)

T = lambda a: torch.tensor(a, dtype=torch.float64, requires_grad=True)
r6 = lambda a: np.round(a, 6)
words0, out0, bias0 = r6(rng.normal(0, 0.5, (len(kept), d))), r6(rng.normal(0, 0.3, (d, d))), r6(rng.normal(0, 0.1, d))
heads0 = r6(rng.normal(0, 0.2, (2, d)))
P = {"words": T(words0), "gamma": T(np.ones(d)), "beta": T(np.zeros(d)), "out": T(out0), "bias": T(bias0)}
tx = torch.tensor(X)
def encode(rows):
    h = tx[rows] @ P["words"]
    h = torch.nn.functional.layer_norm(h, (d,), P["gamma"], P["beta"], 1e-5)
    return torch.tanh(h @ P["out"] + P["bias"])
rows = [i for i in range(n) if near[i]]
result, W, b = [], T(heads0), T(np.zeros(2))
def adam(p, grad, state, lr, touched=None):
    # Lazy Adam: rows that took part, each with a count of its own.
    m, v, count = state
    if touched is None: touched = torch.ones(grad.shape[0], dtype=torch.bool)
    count[touched] += 1
    shape = [-1] + [1] * (grad.dim() - 1)
    m[touched] = 0.9 * m[touched] + 0.1 * grad[touched]; v[touched] = 0.999 * v[touched] + 0.001 * grad[touched] ** 2
    c = count[touched].reshape(shape)
    with torch.no_grad(): p[touched] -= lr * (m[touched] / (1 - 0.9 ** c)) / ((v[touched] / (1 - 0.999 ** c)).sqrt() + 1e-8)
losses = []
for t, K in enumerate(levels):
    if t:
        W, b = T(W.detach().numpy()[np.arange(K) // splits]), T(b.detach().numpy()[np.arange(K) // splits])
    new = lambda p: (torch.zeros_like(p), torch.zeros_like(p), torch.zeros(p.shape[0], dtype=torch.float64))
    states = {k: new(p) for k, p in P.items()}; sw, sb = new(W), new(b)
    for step in range(steps):
        chosen = [rows[(step * batch + k) % len(rows)] for k in range(batch)]
        h, loss = encode(chosen), 0
        used = set()
        for k, i in enumerate(chosen):
            pos = {cluster(j, t) for j in near[i]}
            act = set(range(K)) if t == 0 else pos | {c for p in {cluster(j, t - 1) for j in near[i]} for c in range(p * splits, p * splits + splits)}
            used |= act
            act = sorted(act)
            y = torch.tensor([1.0 if c in pos else -1.0 for c in act], dtype=torch.float64)
            loss = loss + torch.relu(1 - y * (h[k] @ W[act].T + b[act])).pow(2).mean() / batch
        for p in [*P.values(), W, b]: p.grad = None
        loss.backward(); losses.append(loss.item())
        norm = lambda ps: math.sqrt(sum(float((p.grad ** 2).sum()) for p in ps))
        se, sh = min(1, 1 / norm(P.values())), min(1, 1 / norm([W, b]))
        lr = rate * (steps - step) / steps
        lines = torch.zeros(len(kept), dtype=torch.bool); lines[(tx[chosen] != 0).any(0)] = True
        for k, p in P.items(): adam(p, p.grad * se, states[k], lr, lines if k == "words" else None)
        part = torch.tensor([c in used for c in range(K)])
        adam(W, W.grad * sh, sw, lr, part); adam(b, b.grad * sh, sb, lr, part)
    result.append(W.detach().numpy().round(7).reshape(-1).tolist())
json.dump({"texts": texts, "edges": edges, "X": X.round(7).tolist(), "Z": Z.round(7).tolist(), "codes": codes, "words": words0.reshape(-1).tolist(), "out": out0.reshape(-1).tolist(), "bias": bias0.tolist(),
           "heads": heads0.reshape(-1).tolist(), "losses": losses, "W": result, "H": encode(list(range(n))).detach().numpy().round(7).reshape(-1).tolist()}, open("parity.json", "w"))
print(losses[::5], len(kept), len(edges))
