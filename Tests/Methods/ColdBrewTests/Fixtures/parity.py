"""Makes parity.json: twenty steps of PyTorch's Adam on a graph of eight nodes, and one pass through each kind of backbone.

    python3 parity.py > parity.json        (PyTorch 2, float64)
"""
import json, math, sys
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
torch.manual_seed(7)
NODES, INPUTS, HIDDEN, CLASSES = 8, 5, 4, 3
EDGES = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (1, 4), (0, 5)]  # 6 and 7 have no edge
TARGETS = torch.tensor([0, 1, 2, 0, 1, -1, 2, -1])


def rounded(tensor):
    return [float(f"{x:.9g}") for x in tensor.detach().flatten().tolist()]


def uniform(*shape):
    return torch.rand(*shape) - 0.5


features = torch.where(torch.rand(NODES, INPUTS) < 0.5, torch.rand(NODES, INPUTS), torch.zeros(()))
adjacency = torch.eye(NODES)
for a, b in EDGES:
    adjacency[a, b] = adjacency[b, a] = 1
scale = adjacency.sum(1).rsqrt()
propagation = scale[:, None] * adjacency * scale[None, :]


def train(parameters, loss, steps=20, rate=0.02, decay=5e-4):
    """The parameters before and after, and the losses."""
    leaves = {name: value.clone().requires_grad_() for name, value in parameters.items()}
    optimiser = torch.optim.Adam(leaves.values(), lr=rate, weight_decay=decay)
    losses = []
    for _ in range(steps):
        optimiser.zero_grad()
        value = loss(leaves)
        value.backward()
        optimiser.step()
        losses.append(value.item())
    return {"start": {n: rounded(v) for n, v in parameters.items()}, "end": {n: rounded(v) for n, v in leaves.items()}, "losses": losses}


def cross_entropy(logits):
    return F.cross_entropy(logits, TARGETS, ignore_index=-1)


def teacher_loss(p):
    x = torch.relu(propagation @ (features @ p["0.W"] + p["0.E"]) + p["0.b"])
    logits = propagation @ (x @ p["1.W"] + p["1.E"]) + p["1.b"]
    return cross_entropy(logits) + 0.3 * (p["0.E"].norm() + p["1.E"].norm())


teacher = {"0.W": uniform(INPUTS, HIDDEN), "0.b": torch.zeros(HIDDEN), "0.E": torch.randn(NODES, HIDDEN),
           "1.W": uniform(HIDDEN, CLASSES), "1.b": torch.zeros(CLASSES), "1.E": torch.randn(NODES, CLASSES)}

dense = uniform(NODES, 2)


def student_loss(p):
    hidden = features @ p["0.sparse"] + dense @ p["0.dense"] + p["0.bias"]
    hidden = F.gelu(F.layer_norm(hidden, (HIDDEN,), p["0.gamma"], p["0.beta"]))
    return cross_entropy(hidden @ p["weight"] + p["bias"])


student = {"0.sparse": uniform(INPUTS, HIDDEN), "0.dense": uniform(2, HIDDEN), "0.bias": uniform(HIDDEN), "0.gamma": torch.ones(HIDDEN),
           "0.beta": torch.zeros(HIDDEN), "weight": uniform(HIDDEN, CLASSES), "bias": uniform(CLASSES)}


def backbone(residual, norm, alpha=0.3, groups=2, weight=0.5, layers=3):
    """The logits of one pass in training mode without dropout, and the weights that gave them."""
    weights = {}

    def w(name, *shape):
        weights[name] = uniform(*shape)
        return weights[name]

    def linear(name, x, inputs, outputs):
        return x @ w(name + ".W", inputs, outputs) + w(name + ".b", outputs)

    def batch(x, name, columns):
        gamma, beta = w(name + ".gamma", columns), w(name + ".beta", columns)
        return F.batch_norm(x, None, None, gamma, beta, training=True)

    def normalise(x, name):
        if norm == "batch":
            return batch(x, name, x.shape[1])
        if norm == "mean":
            return x - x.mean(0)
        if norm == "pair":
            x = x - x.mean(0)
            return x / (1e-6 + x.pow(2).sum(1).mean()).sqrt()
        if norm == "node":
            return (x - x.mean(1, keepdim=True)) / (x.var(1, unbiased=False, keepdim=True) + 1e-5).sqrt()
        if norm == "group":
            share = linear(name + ".groups", x, x.shape[1], groups).softmax(1)
            parts = torch.cat([share[:, k : k + 1] * x for k in range(groups)], 1)
            return x + weight * batch(parts, name, groups * x.shape[1]).view(NODES, groups, -1).sum(1)
        return x

    x = first = features
    wraps = residual != "none"
    if wraps:
        x = first = torch.relu(linear("input", features, INPUTS, HIDDEN))
    outputs = [x]
    for l in range(layers):
        inner = wraps or l < layers - 1
        inputs = x.shape[1]
        width = HIDDEN if inner else CLASSES
        z = propagation @ (x @ w(f"{l}.W", inputs, width)) + w(f"{l}.b", width)
        if not inner:
            x = z
            break
        new = torch.relu(normalise(z, f"{l}.norm"))
        if residual == "initial":
            new = (1 - alpha) * new + alpha * first
        if residual == "residual":
            new = (1 - alpha) * new + alpha * x
        outputs.append(new)
        if residual == "dense":
            new = linear(f"{l}.join", torch.cat(outputs, 1), (l + 2) * HIDDEN, HIDDEN)
        x = new
    if residual == "jumping":
        x = linear("join", torch.cat(outputs[1:], 1), layers * HIDDEN, HIDDEN)
    if wraps:
        x = linear("output", x, HIDDEN, CLASSES)
    return {"residual": residual, "normalisation": norm, "layers": layers, "weights": {n: rounded(v) for n, v in weights.items()}, "logits": rounded(x)}


kinds = [(r, "none") for r in ("none", "initial", "residual", "dense", "jumping")]
kinds += [("none", n) for n in ("batch", "pair", "node", "mean", "group")] + [("initial", "group"), ("dense", "pair")]
json.dump({"features": rounded(features), "dense": rounded(dense), "edges": EDGES, "targets": TARGETS.tolist(),
           "teacher": train(teacher, teacher_loss), "student": train(student, student_loss), "backbones": [backbone(*kind) for kind in kinds]}, sys.stdout)
print()
