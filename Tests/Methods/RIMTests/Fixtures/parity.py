"""Makes parity.json: twenty Adagrad steps of the two sequence models in PyTorch, in double precision. Run it beside the file."""
import json, math
import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(3)
torch.set_default_dtype(torch.float64)
VOCABULARY, WIDTH, STEPS = 6, 4, 20
SEQUENCES = [[0, 3, 1, 2, 5], [0, 4, 4], [0, 1, 2, 3, 4, 5, 1]]
longest = max(map(len, SEQUENCES)) - 1
inputs = torch.tensor([s[:-1] + [0] * (longest - len(s) + 1) for s in SEQUENCES])
targets = torch.tensor([s[1:] + [-1] * (longest - len(s) + 1) for s in SEQUENCES])


def turned(t):
    return t.detach().t().contiguous().flatten().tolist()


def flat(t):
    return t.detach().flatten().tolist()


class Model(nn.Module):
    def __init__(self, is_recurrent):
        super().__init__()
        self.is_recurrent = is_recurrent
        self.embedding = nn.Parameter(torch.empty(VOCABULARY, WIDTH).uniform_(-0.1, 0.1))
        self.bias = nn.Parameter(torch.empty(VOCABULARY).uniform_(-0.5, 0.5))
        if is_recurrent:
            self.core = nn.GRU(WIDTH, WIDTH, 2, batch_first=True)
        else:
            self.core = nn.ModuleList([nn.TransformerEncoderLayer(WIDTH, 2, WIDTH, dropout=0.0, batch_first=True) for _ in range(2)])
            position = torch.arange(longest).unsqueeze(1)
            rate = torch.exp(torch.arange(0, WIDTH, 2) * (-math.log(10000.0) / WIDTH))
            self.positions = torch.zeros(longest, WIDTH)
            self.positions[:, 0::2], self.positions[:, 1::2] = torch.sin(position * rate), torch.cos(position * rate)

    def forward(self, x):
        h = self.embedding[x]
        if self.is_recurrent:
            h, _ = self.core(h)
        else:
            h = h * math.sqrt(WIDTH) + self.positions
            mask = torch.triu(torch.full((longest, longest), float("-inf")), 1)
            for layer in self.core:
                h = layer(h, src_mask=mask)
        return h @ self.embedding.t() + self.bias

    def weights(self):
        found = {"embedding": flat(self.embedding), "output.bias": flat(self.bias)}
        if self.is_recurrent:
            for i in range(2):
                found[f"layer {i}.input.weight"] = turned(getattr(self.core, f"weight_ih_l{i}"))
                found[f"layer {i}.recurrent.weight"] = turned(getattr(self.core, f"weight_hh_l{i}"))
                found[f"layer {i}.input.bias"] = flat(getattr(self.core, f"bias_ih_l{i}"))
                found[f"layer {i}.recurrent.bias"] = flat(getattr(self.core, f"bias_hh_l{i}"))
        else:
            for i, layer in enumerate(self.core):
                for name, weight, bias in [("projection", layer.self_attn.in_proj_weight, layer.self_attn.in_proj_bias), ("output", layer.self_attn.out_proj.weight, layer.self_attn.out_proj.bias),
                                           ("expansion", layer.linear1.weight, layer.linear1.bias), ("contraction", layer.linear2.weight, layer.linear2.bias)]:
                    found[f"block {i}.{name}.weight"], found[f"block {i}.{name}.bias"] = turned(weight), flat(bias)
                for name, norm in [("attention.norm", layer.norm1), ("output.norm", layer.norm2)]:
                    found[f"block {i}.{name}.gamma"], found[f"block {i}.{name}.beta"] = flat(norm.weight), flat(norm.bias)
        return found


def training(is_recurrent, rate):
    model = Model(is_recurrent)
    start, losses = model.weights(), []
    optimiser = torch.optim.Adagrad(model.parameters(), lr=rate, eps=1e-3)
    for _ in range(STEPS):
        optimiser.zero_grad()
        loss = F.cross_entropy(model(inputs).flatten(0, 1), targets.flatten(), ignore_index=-1)
        loss.backward()
        losses.append(loss.item())
        optimiser.step()
    return {"start": start, "end": model.weights(), "losses": losses}


json.dump({"sequences": SEQUENCES, "recurrent": training(True, 0.1), "attentive": training(False, 0.025)}, open("parity.json", "w"))
