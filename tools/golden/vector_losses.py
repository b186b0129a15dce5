"""Writes tests/golden/heads/vector_losses.safetensors: losses of vectors and their gradients by PyTorch's autograd.

Usage: python tools/golden/vector_losses.py     (needs torch, safetensors)

Features "x" (12, 5) and "numbers" (12) of int64; "head.weight", "head.bias" and, for arcface and cosface, "head.centres". Of
each loss LOSS/loss and LOSS/grad/PARAMETER, all float64. triplet as TensorFlow Addons' triplet_semihard_loss on squared
distances of rows of length 1, margin 0.2; arcface and cosface as insightface's losses.py (s 64, m 0.5 and 0.35, easy_margin
off), the mean over the batch; of rows whose number has no centre nothing counts.
"""
import math
import pathlib

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

FILE = pathlib.Path(__file__).resolve().parents[2] / "tests/golden/heads/vector_losses.safetensors"
CENTRES = 4


def triplet(vectors, numbers, _):
    rows = F.normalize(vectors)
    distances = (2 - 2 * rows @ rows.T).clamp(min=0)
    terms = []
    for a in range(len(numbers)):
        others = distances[a][numbers != numbers[a]]
        for p in range(len(numbers)):
            if p == a or numbers[p] != numbers[a]:
                continue
            farther = others[others > distances[a, p]]
            negative = farther.min() if len(farther) else others.max()
            terms.append(F.relu(0.2 + distances[a, p] - negative))
    return torch.stack(terms).mean()


def cosines_of(vectors, centres):
    return F.normalize(vectors) @ F.normalize(centres).T


def scaled_entropy(cosines, own, numbers):
    known = numbers < CENTRES
    rows = torch.arange(len(numbers))[known]
    changed = cosines.clone()
    changed[rows, numbers[known]] = own[rows, numbers[known]]
    return F.cross_entropy(64 * changed[known], numbers[known], reduction="sum") / len(numbers)


def arcface(vectors, numbers, centres, m=0.5):
    cosines = cosines_of(vectors, centres).clamp(-1 + 1e-7, 1 - 1e-7)
    wider = torch.cos(torch.acos(cosines) + m)
    return scaled_entropy(cosines, torch.where(cosines > math.cos(math.pi - m), wider, cosines - math.sin(math.pi - m) * m), numbers)


def cosface(vectors, numbers, centres, m=0.35):
    cosines = cosines_of(vectors, centres)
    return scaled_entropy(cosines, cosines - m, numbers)


def main():
    torch.manual_seed(9)
    x = torch.randn(12, 5, dtype=torch.float64)
    numbers = torch.tensor([0, 0, 0, 1, 1, 2, 2, 2, 3, 3, 77, 0])
    tensors = {"x": x, "numbers": numbers}
    shapes = {"head.weight": (5, 5), "head.bias": (5,), "head.centres": (CENTRES, 5)}
    for name, shape in shapes.items():
        tensors[name] = torch.randn(shape, dtype=torch.float64) * 0.6
    for loss in (triplet, arcface, cosface):
        parameters = {name: tensors[name].clone().requires_grad_() for name in shapes}
        vectors = x @ parameters["head.weight"].T + parameters["head.bias"]
        value = loss(vectors, numbers, parameters["head.centres"])
        value.backward()
        tensors[f"{loss.__name__}/loss"] = value.detach().reshape(1)
        for name, parameter in parameters.items():
            if parameter.grad is not None:
                tensors[f"{loss.__name__}/grad/{name}"] = parameter.grad
    save_file(tensors, FILE)
    FILE.chmod(0o644)


if __name__ == "__main__":
    main()
