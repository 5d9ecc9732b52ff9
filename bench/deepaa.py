#!/usr/bin/env python3
"""Training of WideResNet-10-2 under Deep AutoAugment's published policy in PyTorch and Pillow, as a yardstick of time for `lathe run deepaa`.

    deepaa.py [--pictures 900] [--epochs 5] [--batch 64] [--threads 1]

The same six layers, network (pre-activation, the stride in the second convolution), batches and optimiser as
`lathe run deepaa --set task=evaluate --set arms=deepaa-published --set evaluation-network=wrn-10-2`. Prints pictures a second of processor
time: augmentation alone, training alone, both. Needs torch, numpy and pillow.
"""
import argparse, random, time
import numpy as np, torch
from PIL import Image, ImageDraw, ImageEnhance, ImageOps
from torch import nn
import torch.nn.functional as F

RANGES = {"ShearX": (-0.3, 0.3), "ShearY": (-0.3, 0.3), "TranslateX": (-0.45, 0.45), "TranslateY": (-0.45, 0.45), "Rotate": (-30, 30), "Solarize": (0, 256), "Posterize": (4, 8),
          "Contrast": (0.1, 1.9), "Color": (0.1, 1.9), "Brightness": (0.1, 1.9), "Sharpness": (0.1, 1.9)}
MEAN = (125, 123, 114)


def row(name, values):
    out = [12] if name in ("Solarize", "Posterize") else [6]
    return {(name, m): v for m, v in zip([m for m in range(13) if m not in out], values) if v}


LAYERS = [
    {**row("ShearX", [21, 2, 0, 0, 0, 0, 0, 0, 0, 0, 1, 19]), **row("ShearY", [32, 9, 3, 1, 0, 0, 0, 0, 0, 1, 2, 4]), **row("TranslateX", [62, 10, 3, 0, 0, 0, 0, 0, 0, 2, 7, 80]),
     **row("TranslateY", [33, 4, 7, 1, 0, 0, 0, 0, 1, 2, 11, 67]), **row("Rotate", [20, 6, 3, 6, 4, 0, 0, 2, 2, 2, 4, 22]), **row("Solarize", [17, 25, 17, 16, 12, 10, 17, 11, 12, 13, 9, 2]),
     **row("Contrast", [8, 21, 29, 3, 0, 0, 0, 0, 0, 0, 0, 1]), **row("Color", [81, 3, 1]), **row("Brightness", [0, 18, 24, 3, 0, 0, 0, 0, 0, 1, 2, 23]), **row("Sharpness", [36, 1]),
     ("Identity", 6): 24, ("Equalize", 6): 74, ("Invert", 6): 17, ("Cutout", 6): 4, ("AutoContrast", 6): 1},
    {("Cutout", 6): 918, ("Crop", 6): 51, ("Identity", 6): 17},
    {("Crop", 6): 897, ("Identity", 6): 35, ("Cutout", 6): 31, ("Flip", 6): 11, ("Color", 3): 4, ("Color", 4): 3, ("Posterize", 0): 3, ("Posterize", 1): 3, ("Posterize", 2): 3},
    {("Flip", 6): 731, ("Crop", 6): 150, ("Identity", 6): 43, ("Cutout", 6): 14, ("AutoContrast", 6): 4, ("Color", 4): 33, ("Color", 5): 11, ("Color", 3): 9},
    {("Crop", 6): 319, ("Identity", 6): 72, ("AutoContrast", 6): 19, ("Cutout", 6): 9, ("Color", 4): 312, ("Color", 5): 252, ("Color", 3): 14},
    {("Identity", 6): 965, ("Crop", 6): 20, ("AutoContrast", 6): 5},
]
DRAWS = [(list(layer), list(layer.values())) for layer in LAYERS]


def apply(image, name, m):
    low, high = RANGES.get(name, (0, 0))
    v, (w, h) = low + (high - low) * m / 12, image.size
    affine = lambda matrix: image.transform(image.size, Image.AFFINE, matrix)
    if name == "ShearX": return affine((1, v, 0, 0, 1, 0))
    if name == "ShearY": return affine((1, 0, 0, v, 1, 0))
    if name == "TranslateX": return affine((1, 0, v * w, 0, 1, 0))
    if name == "TranslateY": return affine((1, 0, 0, 0, 1, v * h))
    if name == "Rotate": return image.rotate(v)
    if name == "AutoContrast": return ImageOps.autocontrast(image)
    if name == "Invert": return ImageOps.invert(image)
    if name == "Equalize": return ImageOps.equalize(image)
    if name == "Solarize": return ImageOps.solarize(image, v)
    if name == "Posterize": return ImageOps.posterize(image, int(v))
    if name in ("Contrast", "Color", "Brightness", "Sharpness"): return getattr(ImageEnhance, name)(image).enhance(v)
    if name == "Flip": return ImageOps.mirror(image) if random.random() < 0.5 else image
    if name == "Cutout":
        x, y, image = random.random() * w, random.random() * h, image.copy()
        ImageDraw.Draw(image).rectangle((int(max(0, x - 8)), int(max(0, y - 8)), int(min(w, x + 8)), int(min(h, y + 8))), MEAN)
        return image
    if name == "Crop":
        x, y = random.randrange(9) - 4, random.randrange(9) - 4
        moved = Image.new("RGB", image.size, MEAN)
        moved.paste(image, (-x, -y))
        return moved
    return image


def augmented(image):
    for names, weights in DRAWS:
        image = apply(image, *random.choices(names, weights)[0])
    return image


class Block(nn.Module):
    def __init__(self, a, b, stride):
        super().__init__()
        self.n1, self.c1 = nn.BatchNorm2d(a), nn.Conv2d(a, b, 3, padding=1)
        self.n2, self.c2 = nn.BatchNorm2d(b), nn.Conv2d(b, b, 3, stride, padding=1)
        self.short = nn.Identity() if a == b and stride == 1 else nn.Conv2d(a, b, 1, stride)

    def forward(self, x):
        return self.c2(F.relu(self.n2(self.c1(F.relu(self.n1(x)))))) + self.short(x)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--pictures", type=int, default=900)
    p.add_argument("--epochs", type=int, default=5)
    p.add_argument("--batch", type=int, default=64)
    p.add_argument("--threads", type=int, default=1)
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(1), random.seed(1)
    data = np.random.default_rng(1).integers(0, 256, (a.pictures, 32, 32, 3), dtype=np.uint8)
    images, labels = [Image.fromarray(x) for x in data], torch.arange(a.pictures) % 8
    mean, std = torch.tensor([0.49139968, 0.48215841, 0.44653091]), torch.tensor([0.2023, 0.1994, 0.2010])
    net = nn.Sequential(nn.Conv2d(3, 16, 3, padding=1), Block(16, 32, 1), Block(32, 64, 2), Block(64, 128, 2), nn.BatchNorm2d(128), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(128, 8))
    net = net.to(memory_format=torch.channels_last)
    optimiser = torch.optim.SGD(net.parameters(), 0.05, 0.9, weight_decay=5e-4, nesterov=True)
    spent = [0.0, 0.0]
    for _ in range(a.epochs):
        order = torch.randperm(a.pictures)
        for rows in order.split(a.batch):
            start = time.process_time()
            x = torch.from_numpy(np.stack([np.asarray(augmented(images[i])) for i in rows.tolist()])).float().div_(255).sub_(mean).div_(std).permute(0, 3, 1, 2)
            middle = time.process_time()
            loss = F.cross_entropy(net(x), labels[rows])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            spent[0] += middle - start
            spent[1] += time.process_time() - middle
    seen = a.pictures * a.epochs
    print(f"pictures a second of processor time: augmentation {seen / spent[0]:.0f}, training {seen / spent[1]:.0f}, both {seen / sum(spent):.0f}")


if __name__ == "__main__":
    main()
