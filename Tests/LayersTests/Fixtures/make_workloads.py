#!/usr/bin/env python3
"""Makes workloads.safetensors from PyTorch: run it where torch is installed, in this folder.

For each of the six training workloads of `lathe bench`: inputs, start weights and the losses of 20 steps. Architecture, optimiser and
options are those of the benchmark (see the Swift files in Sources/Layers/Benchmarks); widths and batches are smaller, so that the file
is. Dropout is on, with the same masks on both sides: Lathe's masks are a function of seed and place, which `mask` computes here.
Importing make_parity makes its two files again as well. Spectral normalisation follows torch.nn.utils.spectral_norm (v = W'u, then u = Wv), as Lathe does.
"""
import json, struct, warnings
import torch, torch.nn as nn, torch.nn.functional as F
from make_parity import save, nhwc, hwio, linear

warnings.filterwarnings("ignore")
torch.manual_seed(3)
same = lambda t: t
M32 = 0xFFFFFFFF


def philox(counter, stream, key):
    c = [counter & M32, counter >> 32, stream & M32, stream >> 32]
    k0, k1 = key & M32, key >> 32
    for _ in range(10):
        p0, p1 = c[0] * 0xD2511F53, c[2] * 0xCD9E8D57
        c = [(p1 >> 32) ^ c[1] ^ k0, p1 & M32, (p0 >> 32) ^ c[3] ^ k1, p0 & M32]
        k0, k1 = (k0 + 0x9E3779B9) & M32, (k1 + 0xBB67AE85) & M32
    return c[1] << 32 | c[0]


def layer_seed(step, layer):
    """ForwardMode.seed: the step's seed is its number, from 1."""
    return philox(layer, 0x64726F70, step)


def dropped(x, rate, seed):
    """x with the elements of Lathe's mask set to zero, the others divided by 1 - rate."""
    k0, k1 = seed & M32, seed >> 32
    h = torch.arange(x.numel(), dtype=torch.int64) ^ k0
    h = h ^ (h >> 16)
    h = h * 0x7FEB352D & M32
    h = h ^ (h >> 15)
    h = h + k1 & M32
    h = h * 0x846CA68B & M32
    h = h ^ (h >> 16)
    h = h * 0x9E3779B1 & M32
    h = h ^ (h >> 15)
    return x * (h >= min(int(rate * 2 ** 32), M32)).float().reshape(x.shape) / (1 - rate)


out = {}


def train(name, weights, inputs, loss, optimiser, state={}):
    """weights: Lathe's name -> (parameter, view in Lathe's layout); loss takes the step's number."""
    for key, (p, view) in {**weights, **state}.items():
        out[f"{name}/weight/{key}"] = view(p).detach().clone()
    for key, value in inputs.items():
        out[f"{name}/input/{key}"] = value
    opt, losses = optimiser([p for p, _ in weights.values()]), []
    for step in range(1, 21):
        opt.zero_grad()
        value = loss(step)
        value.backward()
        opt.step()
        losses.append(value.detach())
    out[f"{name}/losses"] = torch.stack(losses)
    print(name, [round(float(v), 5) for v in losses[::5]], float(losses[-1]))


r = torch.randn

# mlp: SGD with momentum 0.9
m = nn.Sequential(nn.Linear(40, 24), nn.ReLU(), nn.Linear(24, 24), nn.ReLU(), nn.Linear(24, 10))
x, y = r(16, 40), torch.randint(0, 10, (16,))
train("mlp", {**linear("layer0", m[0]), **linear("layer1", m[2]), **linear("layer2", m[4])}, {"images": x, "labels": y},
      lambda step: F.cross_entropy(m(x), y), lambda p: torch.optim.SGD(p, 0.01, momentum=0.9))

# wide_resnet: stem 4, groups of 16, 16 and 32 channels, images of 16 x 16
widths = [4, 16, 16, 32]
conv = lambda i, o, k=3, s=1: nn.Conv2d(i, o, k, s, k // 2, bias=False)
stem, blocks, weights, i = conv(3, widths[0]), [], {}, widths[0]
norm = lambda key, b: {f"{key}.gamma": (b.weight, same), f"{key}.beta": (b.bias, same)}
weights["stem.weight"] = (stem.weight, hwio)
for g, o in enumerate(widths[1:]):
    s = 2 if g > 0 else 1
    b = dict(n1=nn.BatchNorm2d(i), c1=conv(i, o, 3, s), n2=nn.BatchNorm2d(o), c2=conv(o, o), sc=conv(i, o, 1, s) if i != o or s != 1 else None)
    weights |= {**norm(f"block{g}.norm1", b["n1"]), f"block{g}.conv1.weight": (b["c1"].weight, hwio), **norm(f"block{g}.norm2", b["n2"]),
                f"block{g}.conv2.weight": (b["c2"].weight, hwio)}
    if b["sc"] is not None:
        weights[f"block{g}.shortcut.weight"] = (b["sc"].weight, hwio)
    blocks.append(b)
    i = o
last, head = nn.BatchNorm2d(i), nn.Linear(i, 10)
weights |= {**norm("norm", last), **linear("head", head)}
xi, yi = r(4, 3, 16, 16), torch.randint(0, 10, (4,))


def wide_resnet(step):
    z = stem(xi)
    for b in blocks:
        h = F.relu(b["n1"](z))
        z = b["c2"](F.relu(b["n2"](b["c1"](h)))) + (b["sc"](h) if b["sc"] is not None else z)
    return F.cross_entropy(head(F.relu(last(z)).mean((2, 3))), yi)


train("wide_resnet", weights, {"images": nhwc(xi), "labels": yi}, wide_resnet, lambda p: torch.optim.SGD(p, 0.1, momentum=0.9, weight_decay=5e-4))

# gcn: dropout 0.5 twice
n = 60
e = torch.randint(0, n, (2, 90))
a = torch.sparse_coo_tensor(torch.cat([e, e.flip(0), torch.arange(n).repeat(2, 1)], 1), torch.full((2 * 90 + n,), 0.2), (n, n)).coalesce()
a = a.to_sparse_csr()
xg, yg = (torch.rand(n, 50) < 0.1).float(), torch.randint(0, 7, (n,))
w1, w2 = nn.Linear(50, 16), nn.Linear(16, 7)
train("gcn", {**linear("first", w1), **linear("second", w2)}, {"features": xg, "labels": yg, "adjacency": a.to_dense()},
      lambda step: F.cross_entropy(a @ w2(dropped(F.relu(a @ w1(dropped(xg, 0.5, layer_seed(step, 0)))), 0.5, layer_seed(step, 1))), yg),
      lambda p: torch.optim.Adam(p, 0.01))

# gru
g, o = nn.GRU(16, 24, batch_first=True), nn.Linear(24, 30)
xs, ys = r(6, 10, 16), torch.randint(0, 30, (60,))
train("gru", {"gru.input.weight": (g.weight_ih_l0, torch.t), "gru.recurrent.weight": (g.weight_hh_l0, torch.t),
              "gru.input.bias": (g.bias_ih_l0, same), "gru.recurrent.bias": (g.bias_hh_l0, same), **linear("head", o)},
      {"sequences": xs, "labels": ys}, lambda step: F.cross_entropy(o(g(xs)[0]).flatten(0, 1), ys), lambda p: torch.optim.Adam(p, 1e-3))

# bert: six layers, dropout 0.1 at its four places
width, heads, inner, words, batch, length = 24, 4, 48, 50, 4, 6
layers = [nn.TransformerEncoderLayer(width, heads, inner, 0.1, "gelu", batch_first=True) for _ in range(6)]
emb, score = nn.Embedding(words, width), nn.Linear(width, 1)
weights = {"embedding.table": (emb.weight, same), **linear("head", score)}
for k, l in enumerate(layers):
    weights |= {f"layer{k}.projection.weight": (l.self_attn.in_proj_weight, torch.t), f"layer{k}.projection.bias": (l.self_attn.in_proj_bias, same),
                **linear(f"layer{k}.output", l.self_attn.out_proj), **linear(f"layer{k}.expansion", l.linear1),
                **linear(f"layer{k}.contraction", l.linear2), f"layer{k}.attention.norm.gamma": (l.norm1.weight, same),
                f"layer{k}.attention.norm.beta": (l.norm1.bias, same), f"layer{k}.output.norm.gamma": (l.norm2.weight, same),
                f"layer{k}.output.norm.beta": (l.norm2.bias, same)}
xt, yt = torch.randint(0, words, (batch, length)), torch.rand(batch)


def encode(l, z, drop):
    q, k, v = [t.unflatten(-1, (heads, -1)).transpose(1, 2) for t in F.linear(z, l.self_attn.in_proj_weight, l.self_attn.in_proj_bias).chunk(3, -1)]
    p = torch.softmax(q @ k.transpose(-1, -2) / (width // heads) ** 0.5, -1)
    z = l.norm1(z + drop(l.self_attn.out_proj((drop(p, 0) @ v).transpose(1, 2).flatten(2)), 1))
    return l.norm2(z + drop(l.linear2(drop(F.gelu(l.linear1(z)), 2)), 3))


def bert(step):
    z = emb(xt)
    for number, l in enumerate(layers):
        z = encode(l, z, lambda t, place: dropped(t, 0.1, layer_seed(step, 4 * number + place)))
    return F.mse_loss(score(z.mean(1)).squeeze(1), yt)


# The layer written out is PyTorch's.
with torch.no_grad():
    z, l = emb(xt), layers[0].eval()
    assert torch.allclose(encode(l, z, lambda t, place: t), l(z), atol=1e-5)
    l.train()
train("bert", weights, {"tokens": xt, "scores": yt[:, None]}, bert, lambda p: torch.optim.AdamW(p, 2e-5))

# psagan: at its own width
sn = nn.utils.spectral_norm
lio = lambda w: w.permute(2, 1, 0)
blocks, weights, state = [], {}, {}


def conv1(key, i, o, k):
    c = sn(nn.Conv1d(i, o, k, padding=k // 2))
    weights[f"{key}.weight"], weights[f"{key}.bias"] = (c.weight_orig, lio), (c.bias, same)
    state[f"{key}.vector"] = (c.weight_u, same)
    return c


for k in range(3):
    b = [conv1(f"block{k}.conv", 32, 32, 3), conv1(f"block{k}.query", 32, 8, 1), conv1(f"block{k}.key", 32, 8, 1), conv1(f"block{k}.value", 32, 32, 1),
         nn.Parameter(torch.zeros(1))]
    weights[f"block{k}.gain"] = (b[4], same)
    blocks.append(b)
last = conv1("output", 32, 1, 1)
xp = r(8, 32, 16)


def psagan(step):
    z = xp
    for c, q, k, v, gain in blocks:
        h = F.leaky_relu(c(z), 0.2)
        z = h + gain * (v(h) @ torch.softmax(q(h).transpose(1, 2) @ k(h), -1).transpose(1, 2))
    return ((last(z) - 1) ** 2).mean()


train("psagan", weights, {"sequences": xp.permute(0, 2, 1)}, psagan, lambda p: torch.optim.Adam(p, 5e-4), state)
save("workloads.safetensors", out)
