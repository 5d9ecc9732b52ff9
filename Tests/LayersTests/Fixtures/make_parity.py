#!/usr/bin/env python3
"""Makes the parity fixtures from PyTorch: run it where torch is installed, in this folder.

Two files, written with nothing but torch and the standard library:
  operations.safetensors   inputs, value and gradients of single operations (float64 -> float32)
  training.safetensors     start weights, inputs and the losses of 20 steps of small models of each benchmark's kind
                           (dropout off: the masks are ours)
Layouts are turned into Lathe's: images NHWC, convolution weights [height, width, in, out], linear weights [in, out].
"""
import json, struct
import torch, torch.nn as nn, torch.nn.functional as F

torch.manual_seed(0)


def save(path, tensors):
    header, data, offset = {}, [], 0
    for name, t in tensors.items():
        t = t.detach().contiguous().float()
        raw = struct.pack(f"<{t.numel()}f", *t.flatten().tolist())
        header[name] = {"dtype": "F32", "shape": list(t.shape), "data_offsets": [offset, offset + len(raw)]}
        data.append(raw)
        offset += len(raw)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + b"".join(data))


nhwc = lambda t: t.permute(0, 2, 3, 1)
hwio = lambda w: w.permute(2, 3, 1, 0)
operations = {}


def operation(name, inputs, function, views=None, out=lambda t: t):
    """views: how each input, and its gradient, is turned into Lathe's layout."""
    inputs = [t.double().requires_grad_() for t in inputs]
    y = function(*inputs)
    g = torch.randn_like(y)
    y.backward(g)
    operations[f"{name}/value"], operations[f"{name}/seed"] = out(y), out(g)
    for i, t in enumerate(inputs):
        view = views[i] if views else (lambda t: t)
        operations[f"{name}/input{i}"], operations[f"{name}/gradient{i}"] = view(t), view(t.grad)


r = torch.randn
same = lambda t: t
operation("gelu", [r(4, 9)], F.gelu)
operation("softplus", [r(4, 9)], F.softplus)
operation("logSoftmax", [r(4, 9)], lambda x: F.log_softmax(x, -1))
operation("layerNorm", [r(4, 9), r(9), r(9)], lambda x, w, b: F.layer_norm(x, (9,), w, b))
operation("batchNorm", [r(6, 5), r(5), r(5)], lambda x, w, b: F.batch_norm(x, None, None, w, b, True))
operation("groupNorm", [r(2, 6, 3, 4), r(6), r(6)], lambda x, w, b: F.group_norm(x, 3, w, b), [nhwc, same, same], nhwc)
operation("convStride", [r(2, 3, 7, 8), r(5, 3, 3, 3), r(5)], lambda x, w, b: F.conv2d(x, w, b, 2, 1), [nhwc, hwio, same], nhwc)
operation("convGroups", [r(2, 4, 6, 6), r(6, 2, 3, 3)], lambda x, w: F.conv2d(x, w, None, 1, 2, 2, 2), [nhwc, hwio], nhwc)
operation("transposedConv", [r(2, 4, 3, 4), r(4, 3, 3, 3)], lambda x, w: F.conv_transpose2d(x, w, None, 2, 1, 1), [nhwc, hwio], nhwc)
operation("maxPool", [r(2, 3, 7, 7)], lambda x: F.max_pool2d(x, 3, 2, 1), [nhwc], nhwc)
operation("averagePool", [r(2, 3, 7, 7)], lambda x: F.avg_pool2d(x, 3, 2, 1), [nhwc], nhwc)
operation("bilinear", [r(2, 3, 4, 5)], lambda x: F.interpolate(x, (9, 7), mode="bilinear", align_corners=False), [nhwc], nhwc)
operation("affineSample", [r(2, 3, 5, 6), r(2, 2, 3) * 0.5],
          lambda x, m: F.grid_sample(x, F.affine_grid(m, (2, 3, 4, 3), False), align_corners=False), [nhwc, same], nhwc)
operation("attention", [r(2, 3, 8), r(2, 5, 8), r(2, 5, 8)], lambda q, k, v: F.scaled_dot_product_attention(
    *[t.unflatten(-1, (2, 4)).transpose(1, 2) for t in (q, k, v)]).transpose(1, 2).flatten(2))
operation("crossEntropy", [r(4, 9)], lambda x: F.cross_entropy(x, torch.tensor([3, 0, 8, 5]), label_smoothing=0.1))
operation("cosine", [r(4, 9), r(4, 9)], F.cosine_similarity)


def recurrent(name, module):
    module = module.double()
    operation(name, [r(3, 5, 4)] + [p.detach().clone() for p in module.parameters()],
              lambda x, *w: torch.func.functional_call(module, dict(zip([n for n, _ in module.named_parameters()], w)), x)[0],
              [same, torch.t, torch.t, same, same])


recurrent("gru", nn.GRU(4, 6, batch_first=True))
recurrent("lstm", nn.LSTM(4, 6, batch_first=True))
drawn = torch.random.get_rng_state()  # so that what follows stays as it was
torch.manual_seed(1)
nlc, kio = lambda t: t.transpose(1, 2), lambda w: w.permute(2, 1, 0)
operation("maxPool1d", [r(2, 3, 11)], lambda x: F.max_pool1d(x, 3, 2, 1), [nlc], nlc)
operation("averagePool1d", [r(2, 3, 11)], lambda x: F.avg_pool1d(x, 4, 3, 2), [nlc], nlc)
operation("transposedConv1d", [r(2, 4, 5), r(4, 3, 3), r(6)], lambda x, w, b: F.conv_transpose1d(x, w, b, 2, 1, 1, 2), [nlc, kio, same], nlc)
operation("innerProducts", [r(4, 19), r(6, 19)], lambda a, b: (a[[0, 3, 3, 1]] * b[[5, 0, 2, 2]]).sum(-1))
bags = torch.tensor([2, 0, 6, 6, 1, 4]), torch.tensor([0, 2, 2, 5])  # the second bag is empty
operation("bagsOfWords", [r(7, 5)], lambda t: F.embedding_bag(bags[0], t, bags[1], mode="sum", per_sample_weights=torch.tensor(
    [0.5, -1, 2, 0.25, 1, 3]).double()))
torch.random.set_rng_state(drawn)
save("operations.safetensors", operations)

training = {}


def train(name, weights, inputs, loss, optimiser):
    """weights: name -> (parameter, view in Lathe's layout)."""
    for key, (p, view) in weights.items():
        training[f"{name}/weight/{key}"] = view(p).detach().clone()  # before it moves
    for key, value in inputs.items():
        training[f"{name}/input/{key}"] = value
    opt, losses = optimiser([p for p, _ in weights.values()]), []
    for _ in range(20):
        opt.zero_grad()
        value = loss()
        value.backward()
        opt.step()
        losses.append(value.detach())
    training[f"{name}/losses"] = torch.stack(losses)


linear = lambda key, m: {f"{key}.weight": (m.weight, torch.t), f"{key}.bias": (m.bias, same)}
m = nn.Sequential(nn.Linear(20, 16), nn.ReLU(), nn.Linear(16, 5))
x, y = r(32, 20), torch.randint(0, 5, (32,))
train("mlp", {**linear("first", m[0]), **linear("second", m[2])}, {"x": x, "y": y}, lambda: F.cross_entropy(m(x), y),
      lambda p: torch.optim.SGD(p, 0.1, momentum=0.9))

c1, b, c2, head = nn.Conv2d(3, 8, 3, 1, 1, bias=False), nn.BatchNorm2d(8), nn.Conv2d(8, 12, 3, 2, 1, bias=False), nn.Linear(12, 4)
xi, yi = r(8, 3, 8, 8), torch.randint(0, 4, (8,))
train("cnn", {"conv1.weight": (c1.weight, hwio), "norm.gamma": (b.weight, same), "norm.beta": (b.bias, same),
              "conv2.weight": (c2.weight, hwio), **linear("head", head)}, {"x": nhwc(xi), "y": yi},
      lambda: F.cross_entropy(head(F.relu(c2(F.relu(b(c1(xi))))).mean((2, 3))), yi),
      lambda p: torch.optim.SGD(p, 0.05, momentum=0.9, weight_decay=5e-4))

g, o = nn.GRU(6, 10, batch_first=True), nn.Linear(10, 7)
xg, yg = r(4, 9, 6), torch.randint(0, 7, (36,))
train("gru", {"gru.input.weight": (g.weight_ih_l0, torch.t), "gru.recurrent.weight": (g.weight_hh_l0, torch.t),
              "gru.input.bias": (g.bias_ih_l0, same), "gru.recurrent.bias": (g.bias_hh_l0, same), **linear("head", o)},
      {"x": xg, "y": yg}, lambda: F.cross_entropy(o(g(xg)[0]).flatten(0, 1), yg), lambda p: torch.optim.Adam(p, 1e-2))

t = nn.TransformerEncoderLayer(16, 4, 32, 0.0, "gelu", batch_first=True)
h = nn.Linear(16, 1)
xt, yt = r(4, 6, 16), r(4, 1)
train("encoder", {"layer.projection.weight": (t.self_attn.in_proj_weight, torch.t), "layer.projection.bias": (t.self_attn.in_proj_bias, same),
                  **linear("layer.output", t.self_attn.out_proj), **linear("layer.expansion", t.linear1), **linear("layer.contraction", t.linear2),
                  "layer.attention.norm.gamma": (t.norm1.weight, same), "layer.attention.norm.beta": (t.norm1.bias, same),
                  "layer.output.norm.gamma": (t.norm2.weight, same), "layer.output.norm.beta": (t.norm2.bias, same), **linear("head", h)},
      {"x": xt, "y": yt}, lambda: F.mse_loss(h(t(xt).mean(1)), yt), lambda p: torch.optim.AdamW(p, 1e-3))

w1, w2 = nn.Linear(12, 8), nn.Linear(8, 3)
adjacency = (torch.rand(10, 10) < 0.3).float() * 0.4 + torch.eye(10) * 0.5
xa, ya = r(10, 12), torch.randint(0, 3, (10,))
train("gcn", {**linear("first", w1), **linear("second", w2)}, {"x": xa, "y": ya, "adjacency": adjacency},
      lambda: F.cross_entropy(adjacency @ w2(F.relu(adjacency @ w1(xa))), ya), lambda p: torch.optim.Adam(p, 1e-2))
save("training.safetensors", training)
