#!/usr/bin/env python3
"""Writes tests/golden/engine/training_steps.safetensors: what PyTorch's optimizers and schedules do in twenty steps.

    python3 tools/golden/training_steps.py        needs torch 2.15, numpy and safetensors

The network is conv (3 -> 4, 3 x 3, no bias) - batch norm - relu - global average - linear (4 -> 3) - cross-entropy, in
float64. Weights and batches come from one formula of names (tests/zoo/formula.h), so they are not stored. Tensors:

    rates/SCHEDULE                  factor of the learning rate at each of the 20 steps, by torch.optim.lr_scheduler
    rate/OPTIMIZER                  the learning rate that is multiplied by it
    losses/OPTIMIZER/SCHEDULE       loss before each step
    losses/clipped, norms/clipped   with the gradient clipped to kClip, and its length before
    losses/groups                   two groups: another rate and no weight decay for `fc`
    average/NAME                    moving average (timm) after the 20 steps of sgd_momentum, constant
    trained/NAME                    the parameters and running statistics then
    cumulative/NAME                 running statistics of the first three batches, momentum None, no step
"""
import pathlib

import numpy as np
import torch
from safetensors.numpy import save_file
from torch.optim import lr_scheduler

STEPS, BATCH, CLASSES, WARM_UP, CLIP, DECAY = 20, 8, 3, 5, 0.25, 0.9
NAMES = {"conv.weight": (4, 3, 3, 3), "bn.weight": (4,), "bn.bias": (4,), "fc.weight": (3, 4), "fc.bias": (3,)}

OPTIMIZERS = {
    "sgd": (0.1, lambda p, r: torch.optim.SGD(p, r)),
    "sgd_momentum": (0.1, lambda p, r: torch.optim.SGD(p, r, momentum=0.9, weight_decay=0.01)),
    "sgd_nesterov": (0.1, lambda p, r: torch.optim.SGD(p, r, momentum=0.9, weight_decay=0.01, nesterov=True)),
    "adam": (0.02, lambda p, r: torch.optim.Adam(p, r)),
    "adam_decay": (0.02, lambda p, r: torch.optim.Adam(p, r, weight_decay=0.1)),
    "adamw": (0.02, lambda p, r: torch.optim.AdamW(p, r, weight_decay=0.1)),
    "rmsprop": (0.005, lambda p, r: torch.optim.RMSprop(p, r, weight_decay=0.01)),
    "rmsprop_momentum": (0.005, lambda p, r: torch.optim.RMSprop(p, r, momentum=0.9)),
    "adagrad": (0.05, lambda p, r: torch.optim.Adagrad(p, r, weight_decay=0.01)),
}

# One epoch is one step; the second argument is the number of steps.
SCHEDULES = {
    "constant": lambda o, n: lr_scheduler.ConstantLR(o, factor=1),
    "step": lambda o, n: lr_scheduler.StepLR(o, step_size=4, gamma=0.5),
    "exponential": lambda o, n: lr_scheduler.ExponentialLR(o, gamma=0.9),
    "cosine": lambda o, n: lr_scheduler.CosineAnnealingLR(o, T_max=n, eta_min=0.05),
    "one_cycle": lambda o, n: lr_scheduler.OneCycleLR(o, max_lr=1, total_steps=n, pct_start=0.3, div_factor=25,
                                                      final_div_factor=1e4, cycle_momentum=False),
    "linear": lambda o, n: lr_scheduler.LinearLR(o, start_factor=1, end_factor=0.1, total_iters=n),
}


def hash_name(name):
    value = 0xCBF29CE484222325
    for byte in name.encode():
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return value


def filled(name, shape, offset=0.0, factor=1.0):
    """float32 values, as float64; SplitMix64 of (name, index), a multiple of 2^-23 in [-1, 1) times `factor`."""
    with np.errstate(over="ignore"):
        x = np.uint64(hash_name(name)) + np.arange(1, np.prod(shape) + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    x = ((x ^ (x >> np.uint64(31))) >> np.uint64(40)).astype(np.int64) - (1 << 23)
    return torch.from_numpy((offset + factor * (x * 2.0**-23)).astype(np.float32).astype(np.float64).reshape(shape))


def batch(step):
    labels = torch.arange(BATCH) * 7 % 5 % CLASSES
    pictures = filled(f"batch{step}", (BATCH, 3, 6, 6))
    pictures[:, 0] += 0.5 * labels[:, None, None].double()
    return pictures, labels


class Network(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(3, 4, 3, padding=1, bias=False)
        self.bn = torch.nn.BatchNorm2d(4, eps=float(np.float32(1e-3)), momentum=0.1)
        self.fc = torch.nn.Linear(4, CLASSES)
        self.double()
        parameters = dict(self.named_parameters())
        assert {name: tuple(p.shape) for name, p in parameters.items()} == NAMES
        with torch.no_grad():
            for name, parameter in parameters.items():
                parameter.copy_(filled(name, NAMES[name], 1.0 if name == "bn.weight" else 0.0, 0.5))

    def forward(self, x):
        return self.fc(torch.relu(self.bn(self.conv(x))).mean((2, 3)))


def train(optimizer_of, rates, clip=0.0, after=lambda network: None):
    network = Network()
    optimizer = optimizer_of(network)
    scales = [group["lr"] for group in optimizer.param_groups]
    losses, norms = [], []
    for step in range(STEPS):
        pictures, labels = batch(step)
        for group, scale in zip(optimizer.param_groups, scales):
            group["lr"] = scale * rates[step]
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(network(pictures), labels)
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(network.parameters(), clip or 1e30).item())
        optimizer.step()
        losses.append(loss.item())
        after(network)
    return network, np.array(losses), np.array(norms)


def rates_of(make, steps):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], 1.0)
    schedule = make(optimizer, steps)
    rates = []
    for _ in range(steps):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return rates


def all_rates():
    table = {name: rates_of(make, STEPS) for name, make in SCHEDULES.items()}
    warm_up = rates_of(lambda o, n: lr_scheduler.LinearLR(o, start_factor=0.1, total_iters=WARM_UP), WARM_UP)
    for name, make in SCHEDULES.items():
        table["warm_up_" + name] = warm_up + rates_of(make, STEPS - WARM_UP)
    return {name: np.array(rates) for name, rates in table.items()}


def statistics(network):
    return {name: value.numpy().copy() for name, value in network.state_dict().items() if "num_batches" not in name}


def main():
    tensors = {f"rates/{name}": rates for name, rates in all_rates().items()}
    rates = {name.removeprefix("rates/"): value for name, value in tensors.items()}
    for optimizer, (rate, make) in OPTIMIZERS.items():
        tensors[f"rate/{optimizer}"] = np.array(rate)
        for schedule, factors in rates.items():
            tensors[f"losses/{optimizer}/{schedule}"] = train(lambda n: make(list(n.parameters()), rate), factors)[1]

    plain = lambda n: torch.optim.SGD(n.parameters(), 0.1, momentum=0.9, weight_decay=0.01)
    _, tensors["losses/clipped"], tensors["norms/clipped"] = train(plain, rates["constant"], clip=CLIP)
    groups = lambda n: torch.optim.AdamW(
        [{"params": [p for k, p in n.named_parameters() if not k.startswith("fc")], "lr": 0.002, "weight_decay": 0.1},
         {"params": list(n.fc.parameters()), "lr": 0.02, "weight_decay": 0.0}])
    tensors["losses/groups"] = train(groups, rates["constant"])[1]

    average = statistics(Network())

    def follow(network):
        for name, value in statistics(network).items():
            average[name] = DECAY * average[name] + (1 - DECAY) * value

    trained, _, _ = train(plain, rates["constant"], after=follow)
    tensors.update({f"average/{name}": value for name, value in average.items()})
    tensors.update({f"trained/{name}": value for name, value in statistics(trained).items()})

    network = Network()
    network.bn.momentum = None
    for step in range(3):
        network(batch(step)[0])
    tensors.update({f"cumulative/{k}": v for k, v in statistics(network).items() if "running" in k})

    path = pathlib.Path(__file__).parents[2] / "tests/golden/engine/training_steps.safetensors"
    path.parent.mkdir(exist_ok=True)
    save_file({name: np.ascontiguousarray(value, dtype=np.float64) for name, value in sorted(tensors.items())}, path)
    print(f"{path}: {len(tensors)} tensors, {path.stat().st_size} bytes")


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
