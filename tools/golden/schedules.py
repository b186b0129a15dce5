#!/usr/bin/env python3
"""Writes tests/golden/transfer/schedules.json: learning rates of PyTorch's schedulers where an epoch has several steps.

    python3 tools/golden/schedules.py        needs torch 2.15 and transformers 5.24

Five steps an epoch, six epochs. Schedulers by epoch are stepped once an epoch, the others once a step; a warm-up is
LinearLR in a SequentialLR by step. `plateau` is told one validation loss an epoch.
"""
import json
import pathlib

import torch
from torch.optim import lr_scheduler
from transformers import get_inverse_sqrt_schedule

STEPS, EPOCHS, WARM_UP = 5, 6, 7
LOSSES = [1.0, 0.9, 0.89995, 0.95, 0.91, 0.5, 0.6, 0.55, 0.52, 0.51, 0.5, 0.49999, 0.3]


def optimizer():
    return torch.optim.SGD([torch.zeros(1, requires_grad=True)], 1.0)


def by_epoch(make):
    o = optimizer()
    schedule, rates = make(o), []
    for _ in range(EPOCHS):
        for _ in range(STEPS):
            rates.append(o.param_groups[0]["lr"])
            o.step()
        schedule.step()
    return rates


def by_step(make):
    o = optimizer()
    schedule, rates = make(o, STEPS * EPOCHS), []
    for _ in range(STEPS * EPOCHS):
        rates.append(o.param_groups[0]["lr"])
        o.step()
        schedule.step()
    return rates


def warmed(make):
    def both(o, total):
        first = lr_scheduler.LinearLR(o, start_factor=0.25, total_iters=WARM_UP)
        return lr_scheduler.SequentialLR(o, [first, make(o, total - WARM_UP)], milestones=[WARM_UP])
    return by_step(both)


def plateau():
    o = optimizer()
    schedule, rates = lr_scheduler.ReduceLROnPlateau(o, factor=0.5, patience=1, threshold=1e-4), []
    for loss in LOSSES:
        o.step()
        schedule.step(loss)
        rates.append(o.param_groups[0]["lr"])
    return rates


def main():
    cosine = lambda o, n: lr_scheduler.CosineAnnealingLR(o, T_max=n, eta_min=0.1)
    linear = lambda o, n: lr_scheduler.LinearLR(o, start_factor=1, end_factor=0.2, total_iters=n)
    cycle = lambda o, n: lr_scheduler.OneCycleLR(o, max_lr=1, total_steps=n, pct_start=0.4, div_factor=10,
                                                 cycle_momentum=False)
    table = {
        "step": by_epoch(lambda o: lr_scheduler.StepLR(o, step_size=2, gamma=0.3)),
        "exponential": by_epoch(lambda o: lr_scheduler.ExponentialLR(o, gamma=0.8)),
        "cosine": by_step(cosine),
        "linear": by_step(linear),
        "one_cycle": by_step(cycle),
        "warmed_cosine": warmed(cosine),
        "warmed_linear": warmed(linear),
        "inverse_square_root": by_step(lambda o, n: get_inverse_sqrt_schedule(o, 0)),
        "warmed_inverse_square_root": by_step(lambda o, n: get_inverse_sqrt_schedule(o, WARM_UP)),
        "plateau": plateau(),
        "plateau_losses": LOSSES,
    }
    path = pathlib.Path(__file__).resolve().parents[2] / "tests/golden/transfer/schedules.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{\n" + ",\n".join(f'"{k}": {json.dumps(v)}' for k, v in table.items()) + "\n}\n")


if __name__ == "__main__":
    main()
