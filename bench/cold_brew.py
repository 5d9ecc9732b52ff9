#!/usr/bin/env python3
"""Cold Brew's standard plan for one seed in PyTorch and SciPy, as a yardstick of time for `lathe run cold-brew`.

    cold_brew.py FOLDER [--seed 1] [--threads 1]      FOLDER in the plain layout, such as cora

The same twelve models, widths, batches, epochs and patience as `--plan standard --condition "public labels"`. Prints accuracy on
isolated nodes and overall by model, then user seconds by stage. Needs torch, numpy and scipy.
"""
import argparse, gzip, math, os, resource
import numpy as np, scipy.sparse as sp, torch
from torch import nn
import torch.nn.functional as F

EPOCHS, PATIENCE, RATE, DECAY = 400, 60, 0.005, 5e-4


def read(folder):
    nodes = [line.split("\t") for line in open(f"{folder}/nodes.tsv").read().splitlines()[1:]]
    labels, split = np.array([int(n[1]) for n in nodes]), [n[2] for n in nodes]
    edges = np.array([[int(v) for v in line.split("\t")] for line in open(f"{folder}/edges.tsv").read().splitlines()[1:]])
    path = f"{folder}/features.txt"
    text = (open(path) if os.path.exists(path) else gzip.open(path + ".gz", "rt")).read().split("\n")
    lines = [l for l in text if not l.startswith("#")][: len(nodes)]
    rows, cols, values = [], [], []
    for i, line in enumerate(lines):
        for word in line.split():
            j, _, v = word.partition(":")
            rows.append(i), cols.append(int(j)), values.append(float(v) if v else 1.0)
    x = sp.csr_matrix((values, (rows, cols)), shape=(len(nodes), max(cols) + 1))
    total = np.asarray(x.sum(1)).ravel()
    x = sp.diags(1 / np.where(total > 0, total, 1)) @ x
    return edges, labels, split, x.tocsr()


def sparse(m):
    m = m.tocsr()
    return torch.sparse_csr_tensor(m.indptr, m.indices, torch.tensor(m.data, dtype=torch.float32), m.shape)


def normalised(edges, n):
    a = sp.coo_matrix((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(n, n))
    a = (a + a.T + sp.eye(n)).tocsr()
    d = sp.diags(1 / np.sqrt(np.asarray(a.sum(1)).ravel()))
    return d @ a @ d


def dropped(x, rate, training):
    """Dropout of a sparse matrix's entries."""
    if not training:
        return x
    return torch.sparse_csr_tensor(x.crow_indices(), x.col_indices(), F.dropout(x.values(), rate), x.shape)


class GCN(nn.Module):
    def __init__(self, n, widths, embedding):
        super().__init__()
        self.w = nn.ParameterList([nn.init.xavier_uniform_(torch.empty(a, b)) for a, b in zip(widths, widths[1:])])
        self.b = nn.ParameterList([torch.zeros(b) for b in widths[1:]])
        self.e = nn.Parameter(torch.randn(n, widths[1])) if embedding else None

    def forward(self, x, a):
        h = dropped(x, 0.6, self.training) @ self.w[0]
        if self.e is not None:
            h = h + self.e
        h = F.dropout(torch.relu(a @ h + self.b[0]), 0.6, self.training)
        return a @ (h @ self.w[1]) + self.b[1]


class SAGE(nn.Module):
    def __init__(self, widths):
        super().__init__()
        self.own = nn.ParameterList([nn.init.xavier_uniform_(torch.empty(a, b)) for a, b in zip(widths, widths[1:])])
        self.near = nn.ParameterList([nn.init.xavier_uniform_(torch.empty(a, b)) for a, b in zip(widths, widths[1:])])
        self.b = nn.ParameterList([torch.zeros(b) for b in widths[1:]])

    def forward(self, x, mean):
        x = dropped(x, 0.6, self.training)
        h = F.dropout(torch.relu(x @ self.own[0] + mean @ (x @ self.near[0]) + self.b[0]), 0.6, self.training)
        return h @ self.own[1] + mean @ (h @ self.near[1]) + self.b[1]


class MLP(nn.Module):
    def __init__(self, inputs, dense, hidden, outputs, rate=0.5):
        super().__init__()
        bound = 1 / math.sqrt(inputs + dense)
        self.sparse = nn.Parameter(torch.empty(inputs, hidden[0]).uniform_(-bound, bound))
        self.dense = nn.Parameter(torch.empty(dense, hidden[0]).uniform_(-bound, bound)) if dense else None
        self.bias = nn.Parameter(torch.zeros(hidden[0]))
        self.norms = nn.ModuleList([nn.LayerNorm(h) for h in hidden])
        self.linears = nn.ModuleList([nn.Linear(a, b) for a, b in zip(hidden, hidden[1:] + [outputs])])
        self.rate = rate

    def forward(self, x, dense=None):
        h = x @ self.sparse + self.bias
        if self.dense is not None:
            h = h + dense @ self.dense
        for norm, linear in zip(self.norms, self.linears):
            h = linear(F.dropout(F.gelu(norm(h)), self.rate, self.training))
        return h


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("folder"), p.add_argument("--seed", type=int, default=1), p.add_argument("--threads", type=int, default=1)
    o = p.parse_args()
    torch.manual_seed(o.seed), torch.set_num_threads(o.threads)
    rng = np.random.default_rng(o.seed)
    edges, labels, split, features = read(o.folder)
    n, classes = len(labels), labels.max() + 1
    degree = np.bincount(edges.ravel(), minlength=n)
    order = rng.permutation(n)
    order = order[np.argsort(degree[order], kind="stable")]
    isolated = np.sort(order[: round(0.1 * n)])
    is_isolated = np.zeros(n, bool)
    is_isolated[isolated] = True
    reduced = edges[~(is_isolated[edges[:, 0]] | is_isolated[edges[:, 1]])]
    connected = np.flatnonzero(~is_isolated)
    train, valid = [np.flatnonzero(np.array([s == c and y >= 0 for s, y in zip(split, labels)])) for c in "tv"]
    rest = np.setdiff1d(np.flatnonzero(labels >= 0), np.union1d(train, valid))
    y, x = torch.tensor(labels), sparse(features)
    part = lambda nodes: sparse(features[nodes])
    a, whole = sparse(normalised(reduced, n)), sparse(normalised(edges, n))
    near = sp.coo_matrix((np.ones(len(reduced)), (reduced[:, 0], reduced[:, 1])), shape=(n, n))
    near = (near + near.T).tocsr()
    mean = sparse(sp.diags(1 / np.maximum(1, np.asarray(near.sum(1)).ravel())) @ near)
    seconds, found = {}, {}

    def clock():
        return resource.getrusage(resource.RUSAGE_SELF).ru_utime

    def fit(name, model, loss, score):
        """Adam until validation has not improved for PATIENCE epochs; accuracy of all groups every fifth, as the workbench draws it."""
        start, best, kept, at = clock(), (-math.inf, 0), None, 0
        adam = torch.optim.Adam(model.parameters(), RATE, weight_decay=DECAY)
        for epoch in range(EPOCHS):
            model.train(), adam.zero_grad()
            loss(epoch).backward()
            adam.step()
            model.eval()
            with torch.no_grad():
                s = score(epoch)
            if s > best:
                best, kept, at = s, {k: v.clone() for k, v in model.state_dict().items()}, epoch
            if epoch - at >= PATIENCE:
                break
        model.load_state_dict(kept), model.eval()
        seconds[name] = clock() - start
        return epoch + 1

    def groups(logits):
        hit = (logits.argmax(1) == y).numpy()
        return 100 * hit[np.intersect1d(isolated, rest)].mean(), 100 * hit[rest].mean()

    def verdict(name, logits, epochs):
        found[name] = (*groups(logits), epochs)

    def judged(logits, nodes):
        return (logits.argmax(1) == y[nodes]).float().mean().item(), -F.cross_entropy(logits, y[nodes]).item()

    def graph(name, model, matrix, penalty=None):
        def loss(_):
            value = F.cross_entropy(model(x, matrix)[train], y[train])
            return value + penalty() if penalty else value
        def score(epoch):
            logits = model(x, matrix)
            if epoch % 5 == 0:
                groups(logits)
            return judged(logits[valid], valid)
        epochs = fit(name, model, loss, score)
        with torch.no_grad():
            logits = model(x, matrix)
        verdict(name, logits, epochs)
        return logits

    widths = [x.shape[1], 64, classes]
    graph("GCN", GCN(n, widths, False), a)
    teacher = GCN(n, widths, True)
    z = graph("teacher", teacher, a, lambda: 32 * teacher.e.norm())
    e = z - z[connected].mean(0)
    e = e / e[connected].square().mean().sqrt()

    shuffled = rng.permutation(connected)
    held, seen = np.sort(shuffled[: len(connected) // 10]), np.sort(shuffled[len(connected) // 10:])
    guess = MLP(x.shape[1], 0, [256], classes)
    xs, xh = part(seen), part(held)
    fit("xi1", guess, lambda _: F.mse_loss(guess(xs), e[seen]), lambda _: (-F.mse_loss(guess(xh), e[held]).item(), 0))
    start = clock()
    with torch.no_grad():
        ehat, mixture = guess(x), torch.empty(n, classes)
        for rows in torch.arange(n).split(128):
            values, places = (ehat[rows] @ e[connected].T).topk(8)
            mixture[rows] = (values.softmax(1).unsqueeze(2) * e[connected][places]).sum(1)
    seconds["neighbours"] = clock() - start

    xt, xv, xc = part(train), part(valid), part(connected)

    def perceptron(name, hidden, dense=None, distils=False):
        model = MLP(x.shape[1], 0 if dense is None else dense.shape[1], hidden, classes)
        rows = lambda nodes: None if dense is None else dense[nodes]
        soft = z[connected].softmax(1)
        def loss(_):
            value = F.cross_entropy(model(xt, rows(train)), y[train])
            return value + F.kl_div(model(xc, rows(connected)).log_softmax(1), soft, reduction="batchmean") if distils else value
        def score(epoch):
            if epoch % 5 == 0:
                groups(model(x, dense))
            return judged(model(xv, rows(valid)), valid)
        epochs = fit(name, model, loss, score)
        with torch.no_grad():
            verdict(name, model(x, dense), epochs)

    perceptron("student", [256], torch.cat([mixture, ehat], 1))
    perceptron("MLP 256", [256])
    perceptron("MLP 128", [128, 128])
    perceptron("distilled MLP", [256], distils=True)

    body, head = MLP(x.shape[1], 0, [256], 256, 0.6), nn.Linear(256, classes)
    power = normalised(reduced, n)
    power = torch.tensor((power @ power @ power).toarray(), dtype=torch.float32)
    both = nn.ModuleList([body, head])

    def contrast(_):
        rows = torch.randperm(n)[:1500] if n > 1500 else torch.arange(n)
        u = F.normalize(body(part(rows.numpy())))
        near = power[rows][:, rows].fill_diagonal_(0)
        likeness = (u @ u.T).exp()
        counted = near.sum(1) > 0
        top, all_ = (likeness * near).sum(1)[counted], (likeness.sum(1) - likeness.diagonal())[counted]
        return F.cross_entropy(head(body(xt)), y[train]) + 10 * (all_.log() - top.log()).mean()

    def contrast_score(epoch):
        logits = head(body(x))
        if epoch % 5 == 0:
            groups(logits)
        return judged(logits[valid], valid)

    epochs = fit("GraphMLP", both, contrast, contrast_score)
    with torch.no_grad():
        verdict("GraphMLP", head(body(x)), epochs)
    graph("GraphSAGE", SAGE(widths), mean)
    perceptron("student, guess only", [256], ehat)
    perceptron("student, mixture only", [256], mixture)
    start = clock()
    for name, matrix in (("label propagation", normalised(reduced, n)), ("label propagation, whole graph", normalised(edges, n))):
        onehot = np.zeros((n, classes))
        onehot[train, labels[train]] = 1
        best = (-1, None)
        for alpha in (0.1, 0.5, 0.9):
            f = onehot
            for _ in range(50):
                f = np.clip(alpha * (matrix @ f) + (1 - alpha) * onehot, 0, 1)
            right = (f[valid].argmax(1) == labels[valid]).mean()
            if right > best[0]:
                best = (right, f)
        verdict(name, torch.tensor(best[1]), 0)
    seconds["label propagation"] = clock() - start
    graph("GCN, whole graph", GCN(n, widths, False), whole)
    for name, (alone, overall, epochs) in found.items():
        print(f"{name:32} isolation {alone:5.1f} %   overall {overall:5.1f} %   {epochs} epochs")
    for name, s in seconds.items():
        print(f"{name:32} {s:6.2f} s")
    print(f"{'all stages':32} {sum(seconds.values()):6.2f} user s on {o.threads} thread(s)")


main()
