#!/usr/bin/env python3
"""Masks of COCO128: EfficientNet-Lite0, frozen, with a head of LR-ASPP; PyTorch with torchvision's own head beside our whole run.

    python3 benchmarks/peers/segmenter.py ENXERTO CONFIG.yaml WEIGHTS.pth [--epochs 20] [--seeds 1] [--tuned] [--torch-python PYTHON]

PyTorch (timm's backbone with the same weights, eager, channels-last) learns as recipes/segment-coco128.toml says: the twelve classes of
the most pixels, pictures of 320 px, AdamW, batches of 8, a cosine after two epochs of warm-up, gradients clipped to 5, flips, crops and
changed colours; its head is torchvision's LRASPPHead on the same maps (an eighth of the input, normalised first as ours is; a sixteenth
and a thirty-second together), its initial weights uniform by Glorot as ours. It runs the frozen part in every epoch, as one does. Both
are whole processes, from picture files, evaluation of the val part at the pictures' own size included; ours from an empty cache and
once more from cached maps. With --tuned the last stage (what makes the map of a thirty-second, its normalisations as they are) is
trained with the head. Mean IoU is over the classes that are there or were predicted, from one confusion matrix.
"""
import argparse
import json
import math
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib

SIZE, BATCH, IGNORED = 320, 8, 255
ROOT = pathlib.Path(__file__).resolve().parents[2]
RECIPE = ROOT / "recipes" / "segment-coco128.toml"


def pairs_of(config, part, classes):
    """[(picture, mask of class numbers)]; pictures of which no pixel has a class are left out."""
    import numpy as np
    import yaml
    from PIL import Image

    data = yaml.safe_load(open(config))
    root = (pathlib.Path(config).parent / data.get("path", ".")).resolve()
    table = np.full(65536, IGNORED, np.uint8)
    for value, name in data["classes"].items():
        if name in classes:
            table[int(value)] = classes.index(name)
    pairs = []
    for path in sorted((root / data[part]["masks"]).glob("*.png")):
        mask = table[np.array(Image.open(path))]
        if (mask != IGNORED).any():
            pairs.append((root / data[part]["images"] / f"{path.stem}.jpg", mask))
    return pairs


def as_torch(options):
    import numpy as np
    import torch
    import torchvision.transforms.v2 as transforms
    from PIL import Image
    from torch import nn
    from torch.nn import functional as F
    from torchvision import tv_tensors
    from torchvision.models.segmentation.lraspp import LRASPPHead

    sys.path.insert(0, str(ROOT / "tools/parity"))
    import efficientnet_lite0

    start = time.time()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    classes = tomllib.loads(RECIPE.read_text())["data"]["classes"]
    train, val = pairs_of(options.config, "train", classes), pairs_of(options.config, "val", classes)
    backbone = efficientnet_lite0.network(options.weights).to(memory_format=torch.channels_last).eval()
    head = LRASPPHead(40, 112 + 1280, len(classes), 128)
    fine_norm = nn.BatchNorm2d(40)
    for module in head.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.xavier_uniform_(module.weight)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
    parts = nn.ModuleList([head, fine_norm]).to(memory_format=torch.channels_last)
    # Of the picture squashed to the input, as here.
    change = transforms.Compose([transforms.RandomResizedCrop(SIZE, scale=(0.5, 1.0), antialias=True), transforms.RandomHorizontalFlip()])
    jitter = transforms.ColorJitter(brightness=0.2, contrast=0.2, saturation=0.2)
    inputs = lambda pixels: ((pixels.float() - 127) / 128).contiguous(memory_format=torch.channels_last)

    def squashed(path):
        return torch.from_numpy(np.array(Image.open(path).convert("RGB").resize((SIZE, SIZE), Image.BICUBIC))).permute(2, 0, 1)

    for parameter in backbone.parameters():
        parameter.requires_grad_(False)
    tuned = [backbone.blocks[5], backbone.blocks[6], backbone.conv_head, backbone.bn2] if options.tuned else []
    for parameter in [p for part in tuned for p in part.parameters()]:
        parameter.requires_grad_(True)

    def maps_of(pixels):
        x = backbone.bn1(backbone.conv_stem(pixels))
        maps = {}
        for i, block in enumerate(backbone.blocks):
            x = block(x)
            maps[i] = x
        return maps[2], maps[4], backbone.bn2(backbone.conv_head(x))

    def scores_of(maps, size):
        fine, middle, deep = maps
        deep = F.interpolate(deep, size=middle.shape[2:], mode="bilinear", align_corners=False)
        scores = head({"low": fine_norm(fine), "high": torch.cat([middle, deep], 1)})
        return F.interpolate(scores, size=size, mode="bilinear", align_corners=False)

    learned = [*parts.parameters(), *[p for part in tuned for p in part.parameters()]]
    decays = [p for p in learned if p.ndim > 1]
    rest = [p for p in learned if p.ndim == 1]
    optimizer = torch.optim.AdamW([{"params": decays}, {"params": rest, "weight_decay": 0}], 1e-3, weight_decay=1e-2)
    steps, warm = math.ceil(len(train) / BATCH), 2 * math.ceil(len(train) / BATCH)
    whole = options.epochs * steps
    rate = lambda step: (step + 1) / warm if step < warm else 0.5 * (1 + math.cos(math.pi * (step - warm) / (whole - warm)))
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, rate)
    parts.train()
    for _ in range(options.epochs):
        order = torch.randperm(len(train)).tolist()
        for i in range(0, len(train), BATCH):
            views = []
            for k in order[i : i + BATCH]:
                image = tv_tensors.Image(np.array(Image.open(train[k][0]).convert("RGB")).transpose(2, 0, 1))
                image, mask = change(image, tv_tensors.Mask(train[k][1][None]))
                views.append((jitter(image), mask[0]))
            target = torch.stack([mask for _, mask in views]).long()
            scores = scores_of(maps_of(inputs(torch.stack([image for image, _ in views]))), (SIZE, SIZE))
            loss = F.cross_entropy(scores, target, ignore_index=IGNORED)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(learned, 5)
            optimizer.step()
            scheduler.step()
    parts.eval()
    matrix = np.zeros((len(classes), len(classes)), np.int64)
    with torch.no_grad():
        for path, mask in val:
            found = scores_of(maps_of(inputs(squashed(path)[None])), mask.shape)[0].argmax(0).numpy()
            known = mask != IGNORED
            both = len(classes) * mask[known].astype(np.int64) + found[known]
            matrix += np.bincount(both, minlength=len(classes) ** 2).reshape(matrix.shape)
    right, there, said = np.diag(matrix), matrix.sum(1), matrix.sum(0)
    union = there + said - right
    iou = right[union > 0] / union[union > 0]
    print(json.dumps({"miou": iou.mean(), "seconds": time.time() - start, "pictures": [len(train), len(val)]}))


def timed(command):
    start = time.time()
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    return json.loads(output), time.time() - start


def ours(options, seed, folder):
    recipe = RECIPE
    if options.tuned:
        recipe = folder / "tuned.toml"
        recipe.write_text(RECIPE.read_text().replace('train_from = "head"', 'train_from = "blocks5"'))
    command = [options.enxerto, "train", options.config, "--recipe", str(recipe), "--no-examples", "--seed", str(seed)]
    command += ["--epochs", str(options.epochs), "--cache", str(folder / "cache"), "--replace", "--output", str(folder / "model"), "--json", "-q"]
    runs = [timed(command) for _ in range(2)]
    return {"miou": runs[1][0]["test"]["miou"]["value"], "seconds": runs[0][1], "cached": runs[1][1]}


def main():
    parser = argparse.ArgumentParser()
    for name in ("enxerto", "config", "weights"):
        parser.add_argument(name)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--torch-python", default=sys.executable)
    parser.add_argument("--tuned", action="store_true")
    parser.add_argument("--peer", action="store_true")
    options = parser.parse_args()
    if options.peer:
        return as_torch(options)
    rows = []
    for seed in range(options.seeds):
        with tempfile.TemporaryDirectory() as folder:
            one = ours(options, seed, pathlib.Path(folder))
        command = [options.torch_python, __file__, options.enxerto, options.config, options.weights, "--peer"]
        command += ["--epochs", str(options.epochs), "--seed", str(seed), "--threads", str(options.threads)]
        command += ["--tuned"] if options.tuned else []
        peer, seconds = timed(command)
        rows.append({"ours": one, "peer": {"miou": peer["miou"], "seconds": seconds}, "pictures": peer["pictures"]})
        print(json.dumps(rows[-1]), flush=True)
    middle = lambda who, what: statistics.median(row[who][what] for row in rows)
    print(f"mean IoU: ours {middle('ours', 'miou'):.1%}, PyTorch {middle('peer', 'miou'):.1%}")
    print(f"whole run: ours {middle('ours', 'seconds'):.1f} s, from cached maps {middle('ours', 'cached'):.1f} s, PyTorch {middle('peer', 'seconds'):.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
