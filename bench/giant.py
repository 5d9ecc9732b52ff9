#!/usr/bin/env python3
"""GIANT-XRT's pre-training of the standard plan for one seed in PyTorch and SciPy, as a yardstick of time for `lathe run giant-xrt`.

    giant.py FOLDER [--epochs 6,6,10] [--singles] [--seed 1] [--threads 1]      FOLDER in the plain layout, such as debian-packages

TF-IDF, PIFA, the label tree of 256 leaves and the three levels of the `bag` encoder with teacher-forcing and matcher-aware negatives, as in
`--plan standard` up to the vectors. Prints user seconds by stage and recall@8 of the last level on the training rows. Needs torch, numpy and
scipy.
"""
import argparse, collections, gzip, math, os, re, resource
import numpy as np, scipy.sparse as sp, torch
from torch import nn

WIDTH, BATCH, RATE, MATCHES, ACTIVE, LEAF, SPLITS, TOP = 128, 64, 2e-3, 8, 128, 16, 8, 8


def lines(path):
    text = (open(path) if os.path.exists(path) else gzip.open(path + ".gz", "rt")).read()
    return text.split("\n")


def read(folder):
    nodes = [l for l in lines(f"{folder}/nodes.tsv") if l and not l.startswith("#")]
    edges = np.array([[int(v) for v in l.split("\t")[:2]] for l in lines(f"{folder}/edges.tsv") if l and not l.startswith("#")])
    n = len(nodes)
    a = sp.coo_matrix((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(n, n))
    a = ((a + a.T) > 0).astype(np.float64).tolil()
    a.setdiag(0)
    a = a.tocsr()
    a.eliminate_zeros()
    return a, lines(f"{folder}/text.txt")[:n]


def unit(m):
    norm = np.sqrt(np.asarray(m.multiply(m).sum(1)).ravel())
    return sp.diags(1 / np.where(norm > 0, norm, 1)) @ m


def tfidf(texts, pairs):
    n, documents, counts = len(texts), collections.Counter(), []
    for text in texts:
        words = re.findall(r"[a-z0-9+#]{2,}", text.lower())
        terms = collections.Counter(words + [f"{a} {b}" for a, b in zip(words, words[1:])] if pairs else words)
        documents.update(terms.keys())
        counts.append(terms)
    kept = [t for t, d in documents.items() if d >= 2 and d <= 0.5 * n]
    kept = sorted(kept, key=lambda t: -documents[t])[:50_000]
    index = {t: i for i, t in enumerate(kept)}
    rows, cols, values = [], [], []
    for i, terms in enumerate(counts):
        for t, c in terms.items():
            j = index.get(t)
            if j is not None:
                rows.append(i), cols.append(j), values.append((1 + math.log(c)) * (math.log((1 + n) / (1 + documents[t])) + 1))
    return unit(sp.csr_matrix((values, (rows, cols)), shape=(n, len(kept)))).tocsr()


def tree(z, depth, rng):
    parts = [np.arange(z.shape[0])]
    for _ in range(depth):
        following = []
        for ids in parts:
            rows, size = z[ids], len(ids)
            right = int(rng.integers(size))
            left = (right + 1 + int(rng.integers(max(1, size - 1)))) % size
            direction = np.asarray((rows[right] - rows[left]).todense()).ravel()
            before = None
            for _ in range(20):
                order = np.lexsort((ids, rows @ direction))
                half = np.sort(order[: size // 2])
                if before is not None and np.array_equal(half, before):
                    break
                before = half
                is_left = np.zeros(size, bool)
                is_left[half] = True
                sums = [np.asarray(rows[m].sum(0)).ravel() for m in (~is_left, is_left)]
                sums = [s / (np.linalg.norm(s) or 1) for s in sums]
                direction = sums[0] - sums[1]
            following += [ids[np.sort(order[: size // 2])], ids[np.sort(order[size // 2:])]]
        parts = following
    codes = np.zeros(z.shape[0], np.int64)
    for leaf, ids in enumerate(parts):
        codes[ids] = leaf
    return codes


class Bag(nn.Module):
    def __init__(self, words):
        super().__init__()
        self.e = nn.EmbeddingBag(words, WIDTH, mode="sum", sparse=True)
        nn.init.normal_(self.e.weight, 0, 0.05)
        self.norm, self.linear = nn.LayerNorm(WIDTH), nn.Linear(WIDTH, WIDTH)

    def forward(self, x, rows):
        starts, ends = x.indptr[rows], x.indptr[rows + 1]
        places = np.concatenate([np.arange(a, b) for a, b in zip(starts, ends)]) if len(rows) else np.zeros(0, int)
        offsets = torch.from_numpy(np.concatenate([[0], np.cumsum(ends - starts)[:-1]]))
        weights = torch.from_numpy(x.data[places].astype(np.float32))
        if self.training:
            weights = weights * (torch.rand(len(weights)) >= 0.2) / 0.8
        return torch.tanh(self.linear(self.norm(self.e(torch.from_numpy(x.indices[places].astype(np.int64)), offsets, per_sample_weights=weights))))


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("folder"), p.add_argument("--epochs", default="6,6,10"), p.add_argument("--singles", action="store_true")
    p.add_argument("--seed", type=int, default=1), p.add_argument("--threads", type=int, default=1)
    o = p.parse_args()
    torch.manual_seed(o.seed), torch.set_num_threads(o.threads)
    rng, seconds = np.random.default_rng(o.seed), {}
    a, texts = read(o.folder)
    n = a.shape[0]
    now = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_utime
    at = now()

    def stage(name):
        nonlocal at
        seconds[name] = now() - at
        at = now()

    x = tfidf(texts, not o.singles)
    stage("TF-IDF")
    degree = np.asarray(a.sum(1)).ravel()
    rows = np.flatnonzero((degree >= 1) & (degree < 1000))
    y = unit(a)
    kept = np.zeros(n)
    kept[rows] = 1
    z = unit((sp.diags(kept) @ y).T @ x).tocsr()
    stage("PIFA")
    depth = max(1, math.ceil(math.log2(n / LEAF)))
    codes = tree(z, depth, rng)
    stage("tree")
    levels, clusters = [], 2 ** depth
    while True:
        levels.insert(0, clusters)
        if clusters <= SPLITS:
            break
        clusters = (clusters + SPLITS - 1) // SPLITS
    model, head, biases = Bag(x.shape[1]), None, None
    table = torch.optim.SparseAdam(model.e.parameters(), RATE)
    predicted = None
    epochs = [int(e) for e in o.epochs.split(",")]
    for level, k in enumerate(levels):
        own = codes // (SPLITS ** (len(levels) - 1 - level))
        targets = [np.unique(own[a.indices[a.indptr[i]:a.indptr[i + 1]]]) for i in range(n)]
        parents = [np.unique(t // SPLITS) for t in targets]
        w = nn.Embedding(k, WIDTH + 1, sparse=level > 0)
        with torch.no_grad():
            w.weight.copy_(torch.randn(k, WIDTH + 1) * 0.02 if head is None else head[torch.arange(k) // SPLITS])
        dense = list(model.norm.parameters()) + list(model.linear.parameters())
        adam, table = torch.optim.Adam(dense + ([] if level else list(w.parameters())), RATE), torch.optim.SparseAdam(list(model.e.parameters()) + (list(w.parameters()) if level else []), RATE)
        steps = max(1, math.ceil(epochs[min(level, len(epochs) - 1)] * len(rows) / BATCH))
        warm, order, model_order = min(100, steps // 10), [], 0
        model.train()
        for step in range(steps):
            if len(order) < BATCH:
                order = list(order) + list(rng.permutation(len(rows)))
            chosen, order = np.array(order[:BATCH]), order[BATCH:]
            nodes = rows[chosen]
            examples, active, signs = [], [], []
            for place, node in enumerate(nodes):
                positive = targets[node]
                if level == 0:
                    negative = np.setdiff1d(np.arange(k), positive, assume_unique=True)
                else:
                    above = np.union1d(parents[node], predicted[chosen[place]])
                    negative = np.setdiff1d((above[:, None] * SPLITS + np.arange(SPLITS)).ravel(), positive, assume_unique=True)
                    room = max(0, ACTIVE - len(positive))
                    if len(negative) > room:
                        negative = rng.choice(negative, room, replace=False)
                examples.append(np.full(len(positive) + len(negative), place)), active.append(positive), active.append(negative)
                signs.append(np.concatenate([np.ones(len(positive)), -np.ones(len(negative))]))
            example, cluster = torch.from_numpy(np.concatenate(examples)), torch.from_numpy(np.concatenate(active).astype(np.int64))
            sign = torch.from_numpy(np.concatenate(signs).astype(np.float32))
            h = torch.nn.functional.dropout(model(x, nodes), 0.1, True)
            wk = w(cluster)
            logits = (h[example] * wk[:, :WIDTH]).sum(1) + wk[:, WIDTH]
            share = 1 / torch.bincount(example, minlength=len(nodes)).float()
            loss = (torch.relu(1 - sign * logits).square() * share[example]).sum() / len(nodes)
            factor = step / max(1, warm) if step < warm else (steps - step) / max(1, steps - warm)
            for optimiser in (adam, table):
                optimiser.param_groups[0]["lr"] = RATE * factor
                optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(dense, 1.0)
            if factor > 0:
                adam.step(), table.step()
        model.eval()
        head = w.weight.detach().clone()
        found = []
        with torch.no_grad():
            for block in np.array_split(rows, max(1, len(rows) // 1024)):
                found.append((model(x, block) @ head[:, :WIDTH].T + head[:, WIDTH]).topk(min(MATCHES, k)).indices.numpy())
        predicted = np.concatenate(found)
        stage(f"level {level + 1}, K = {k}")
    hits = np.mean([len(np.intersect1d(predicted[i][:TOP], targets[node])) / len(targets[node]) for i, node in enumerate(rows)])
    with torch.no_grad():
        for block in np.array_split(np.arange(n), max(1, n // 1024)):
            model(x, block)
    stage("encode")
    for name, value in seconds.items():
        print(f"{name:24s} {value:7.2f} s")
    print(f"{'all':24s} {sum(seconds.values()):7.2f} s    recall@{TOP} of the last level {hits:.3f}    threads {o.threads}")


if __name__ == "__main__":
    main()
