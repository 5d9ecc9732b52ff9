#!/usr/bin/env python3
"""GRDA's standard plan on DG-15 for one seed in PyTorch, as a yardstick of time for `lathe run grda --data dg-15`.

    grda.py FOLDER [--seed 0] [--threads 1] [--epochs 100]      FOLDER with points.csv, domains.csv and edges.tsv

Source-only, DANN and GRDA with the three pairings, h 64, 20 samples a domain and step. Prints target accuracy and user seconds of
each. Needs torch and numpy.
"""
import argparse, csv, math, resource
import numpy as np, torch
from torch import nn
import torch.nn.functional as F

H, BATCH, RATE, GROUP = 64, 20, 3e-4, 10


def stack(*widths):
    layers = []
    for a, b in zip(widths, widths[1:]):
        linear = nn.Linear(a, b)
        nn.init.xavier_uniform_(linear.weight), nn.init.zeros_(linear.bias)
        layers += [linear, nn.ReLU()]
    return nn.Sequential(*layers[:-1])


class Encoder(nn.Module):
    def __init__(self, inputs, embedding):
        super().__init__()
        self.x, self.z = stack(inputs, H), stack(embedding, H, H)
        self.both = stack(2 * H, 2 * H, 2 * H, 2 * H, H)

    def forward(self, x, z):
        return self.both(torch.cat([torch.relu(self.x(x)), torch.relu(self.z(z)).expand(x.shape[0], x.shape[1], H)], 2))


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("folder"), p.add_argument("--seed", type=int, default=0), p.add_argument("--threads", type=int, default=1), p.add_argument("--epochs", type=int, default=100)
    o = p.parse_args()
    torch.manual_seed(o.seed), torch.set_num_threads(o.threads)
    rng = np.random.default_rng(o.seed)
    roles = [row["role"] for row in csv.DictReader(open(f"{o.folder}/domains.csv"))]
    n = len(roles)
    rows = [[] for _ in roles]
    for row in csv.DictReader(open(f"{o.folder}/points.csv")):
        rows[int(row["domain"])].append([float(row["x1"]), float(row["x2"]), float(row["label"])])
    data = torch.tensor(rows)
    x, y = data[:, :, :2], data[:, :, 2].long()
    x = (x - x.mean((0, 1))) / x.reshape(-1, 2).std(0, unbiased=False)
    a = torch.zeros(n, n)
    for line in open(f"{o.folder}/edges.tsv"):
        if not line.startswith("#"):
            i, j = map(int, line.split())
            a[i, j] = a[j, i] = 1
    upper = torch.triu_indices(n, n, 1)
    z = nn.Parameter(0.5 * torch.randn(n, 2))
    adam = torch.optim.Adam([z], 0.05)
    for _ in range(60):
        adam.zero_grad()
        F.binary_cross_entropy_with_logits((z @ z.T)[*upper], a[*upper]).backward()
        adam.step()
    z = z.detach().unsqueeze(1)
    source = [i for i, r in enumerate(roles) if r == "source"]
    target = [i for i, r in enumerate(roles) if r != "source"]
    samples = x.shape[1]

    def group():
        if rng.random() < 0.5:
            return rng.permutation(n)[:GROUP]
        left, chosen = set(range(n)), []
        while len(chosen) < GROUP:
            at = rng.choice(sorted(left))
            while at is not None and len(chosen) < GROUP:
                left.discard(at), chosen.append(at)
                near = [j for j in sorted(left) if a[at, j] > 0]
                at = rng.choice(near) if near else None
        return np.array(chosen)

    def graph_loss(d, pairing, g):
        d = d[g]
        i, j = torch.triu_indices(len(g), len(g), 1)
        labels = a[g][:, g][i, j]
        if pairing == "all":
            logits = torch.einsum("ibk,jck->ijbc", d, d)[i, j].flatten(1)
        else:
            logits = (d[i] * d[j]).sum(2)
        losses = F.binary_cross_entropy_with_logits(logits, labels[:, None].expand_as(logits), reduction="none").mean(1)
        return n * 0.5 * (losses[labels > 0].mean() + losses[labels == 0].mean())

    def train(kind, weight):
        start = resource.getrusage(resource.RUSAGE_SELF).ru_utime
        encoder, predictor = Encoder(2, 2), stack(H, H, H, 2)
        adversary = stack(H, H, H, H, H, H, n if kind == "dann" else 2) if kind != "source" else None
        both = torch.optim.Adam([*encoder.parameters(), *predictor.parameters()], RATE)
        other = torch.optim.Adam(adversary.parameters(), RATE) if adversary else None
        for epoch in range(o.epochs):
            scale = 0.5 ** (epoch / 100)
            for optimiser in filter(None, (both, other)):
                optimiser.param_groups[0]["lr"] = RATE * scale
            shared = torch.randperm(samples)
            order = torch.stack([shared if kind == "slot-shared" else torch.randperm(samples) for _ in range(n)])
            for slots in order.split(BATCH, 1):
                xs = torch.gather(x, 1, slots.unsqueeze(2).expand(-1, -1, 2))
                ys = torch.gather(y, 1, slots)
                e = encoder(xs, z)
                f = predictor(e[source])
                loss = -(f.softmax(2) + 1e-4).log().gather(2, ys[source].unsqueeze(2)).mean()
                both.zero_grad()
                if adversary:
                    g = group()
                    def play(encodings):
                        d = adversary(encodings)
                        if kind == "dann":
                            return F.cross_entropy(d.flatten(0, 1), torch.arange(n).repeat_interleave(d.shape[1]))
                        return graph_loss(d, kind, g)
                    other.zero_grad()
                    play(e.detach()).backward()
                    kept = [q.grad.clone() for q in adversary.parameters()]
                    loss = loss - weight * play(e)
                loss.backward()
                if adversary:
                    for q, k in zip(adversary.parameters(), kept):
                        q.grad = k
                    other.step()
                both.step()
            if epoch % 5 == 4:
                with torch.no_grad():
                    right = (predictor(encoder(x, z)).argmax(2) == y).float().mean(1)
        seconds = resource.getrusage(resource.RUSAGE_SELF).ru_utime - start
        print(f"{kind:12} targets {100 * right[target].mean():5.1f} %   {seconds:5.2f} user s")
        return seconds

    total = train("source", 0) + train("dann", 0.5) + sum(train(k, 0.1) for k in ("slot-shared", "slot", "all"))
    print(f"{'all five':12} {total:.2f} user s on {o.threads} thread(s)")


main()
