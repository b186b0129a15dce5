#!/usr/bin/env python3
"""Augmented pictures a second of one core's time, from decoded pictures: Enxerto beside torchvision's transforms on Pillow images.

    python3 benchmarks/augment.py BUILD_DIR [--rounds 5] [--seconds 1]

Both make the normalised (3, size, size) tensor. They take turns; medians are printed. Needs a Python with torch, torchvision, numpy and
pillow, and the program benchmark_augment.
"""
import argparse
import pathlib
import statistics
import subprocess
import sys
import time

import numpy as np
import torch
from PIL import Image
from torchvision import transforms as T

BICUBIC, BILINEAR = T.InterpolationMode.BICUBIC, T.InterpolationMode.BILINEAR
CASES = [("crop_flip", 500, 375, 224), ("colour", 500, 375, 224), ("randaugment", 500, 375, 224), ("rotate_zoom", 224, 224, 224),
         ("erase", 500, 375, 224), ("plain", 32, 32, 32), ("shift_flip", 32, 32, 32), ("rotate_zoom", 32, 32, 32)]


def processor():
    for line in open("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return "unknown"


def peer(policy, size):
    crop, flip = T.RandomResizedCrop(size, interpolation=BICUBIC), T.RandomHorizontalFlip()
    tensor = [T.ToTensor(), T.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])]
    steps = {
        "plain": [],
        "crop_flip": [crop, flip],
        "shift_flip": [T.Pad(size // 8, padding_mode="reflect"), T.RandomCrop(size), flip],
        "colour": [crop, flip, T.ColorJitter(0.4, 0.4, 0.4, 0.1)],
        "randaugment": [crop, flip, T.RandAugment(2, 9)],
        "rotate_zoom": [flip, T.RandomAffine(15, scale=(0.9, 1.1), interpolation=BILINEAR)],
        "erase": [crop, flip],
    }[policy]
    return T.Compose(steps + tensor + ([T.RandomErasing(0.25)] if policy == "erase" else []))


def peer_rate(transform, image, seconds):
    count, begin = 0, time.process_time()
    while time.process_time() - begin < seconds:
        transform(image)
        count += 1
    return count / (time.process_time() - begin)


def picture(width, height):
    y, x = np.mgrid[0:height, 0:width]
    slopes = (x * 128 // width + y * 96 // height)[..., None] + np.random.default_rng(1).integers(0, 32, (height, width, 3))
    return Image.fromarray(slopes.astype(np.uint8))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1)
    options = parser.parse_args()
    torch.set_num_threads(1)
    program = options.build / "benchmarks/benchmark_augment"
    print(f"one thread, processor time, {processor()}, torchvision's transforms on Pillow images, medians of {options.rounds}")
    for policy, width, height, size in CASES:
        transform, image, rounds = peer(policy, size), picture(width, height), []
        for _ in range(options.rounds):
            run = subprocess.run([program, "rate", policy, str(width), str(height), str(size)], check=True, capture_output=True, text=True)
            rounds.append((float(run.stdout), peer_rate(transform, image, options.seconds)))
        ours, theirs = (statistics.median(column) for column in zip(*rounds))
        ratio = statistics.median(a / b for a, b in rounds)
        print(f"{policy:12} {width} x {height} to {size}: {ours:9.0f}/s, torchvision {theirs:9.0f}/s, ratio {ratio:.2f}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
