"""Writes statistics.json: what SciPy says of some samples. Run with Python 3, NumPy and SciPy; the file is checked in."""
import itertools, json, os
import numpy as np
from scipy import special, stats

random = np.random.default_rng(7)


def exact_signed_rank(differences):
    """Two-sided, over all sign patterns, with mean ranks for ties and zeros left out."""
    kept = np.array([d for d in differences if d != 0])
    ranks = stats.rankdata(np.abs(kept))
    observed = ranks[kept > 0].sum()
    sums = np.array([sum(r for r, s in zip(ranks, signs) if s) for signs in itertools.product([0, 1], repeat=len(kept))])
    return float(min(1, 2 * min((sums <= observed + 1e-9).mean(), (sums >= observed - 1e-9).mean())))


def paired(first, second):
    first, second = np.array(first), np.array(second)
    d = first - second
    row = {"first": first.tolist(), "second": second.tolist(), "mean": float(d.mean()), "sd": float(d.std(ddof=1)),
           "se": float(stats.sem(d)), "t": float(stats.ttest_rel(first, second).pvalue)}
    distinct = len(set(np.abs(d))) == len(d) and not (d == 0).any()
    row["wilcoxon"] = float(stats.wilcoxon(d, method="exact").pvalue) if distinct and len(d) <= 50 else (
        exact_signed_rank(d) if len(d) <= 15 else float(stats.wilcoxon(d, method="approx", correction=False).pvalue))
    low, high = stats.bootstrap((d,), np.mean, n_resamples=200_000, method="percentile", random_state=1).confidence_interval
    row["interval"] = [float(low), float(high)]
    return row


def welch(first, second):
    result = stats.ttest_ind(first, second, equal_var=False)
    return {"first": list(map(float, first)), "second": list(map(float, second)), "t": float(result.pvalue)}


pairs = [paired(random.normal(size=n) + shift, random.normal(size=n) * scale)
         for n, shift, scale in [(2, 1, 1), (3, 0.5, 0.2), (5, 0.8, 0.5), (10, 0.1, 1), (20, 1.5, 2), (50, 0.3, 1), (60, 0.3, 1)]]
pairs.append(paired([3, 4, 5, 6, 7, 9], [2, 3, 5, 7, 5, 6]))        # ties and a zero
pairs.append(paired([1.0, 2, 3, 4, 5], [0.9, 1.8, 2.7, 3.6, 4.5]))  # all of one sign
output = {
    "paired": pairs,
    "welch": [welch(random.normal(size=4), random.normal(size=7) * 3 + 1), welch(random.normal(size=30), random.normal(size=2))],
    "beta": [[x, a, b, float(special.betainc(a, b, x))] for x in [1e-6, 0.01, 0.3, 0.5, 0.77, 0.999] for a in [0.5, 1, 3.5, 60] for b in [0.5, 2, 25]],
    "tails": [[t, df, float(2 * stats.t.sf(t, df))] for t in [0, 0.1, 1, 2.5, 8, 40] for df in [1, 2, 3.7, 9, 200]],
    "holm": {"given": [0.01, 0.04, 0.03, 0.005, 0.6], "adjusted": [0.04, 0.09, 0.09, 0.025, 0.6]},
}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "statistics.json"), "w") as file:
    json.dump(output, file)
