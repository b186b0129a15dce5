#!/usr/bin/env python3
"""Detectors on COCO128: EfficientNet-Lite0, frozen, with a head of SSDlite; PyTorch with torchvision's own parts beside our whole run.

    python3 benchmarks/peers/detector.py ENXERTO CONFIG.yaml WEIGHTS.pth [--epochs 60] [--seeds 1] [--only person]
            [--sides enxerto,live,cached] [--tuned] [--torch-python PYTHON]

PyTorch (timm's backbone with the same weights, eager, channels-last) learns as recipes/detect-coco128.toml says: pictures of 320 px,
AdamW, batches of 16, a cosine after two epochs of warm-up, gradients clipped to 5, flips and changed colours; its head and loss are
torchvision's SSDLiteHead, SSD.compute_loss and DefaultBoxGenerator, its initial weights torchvision's (normal, 0.03), as ours are. "live" runs the
frozen part in every epoch, as one does; "cached" is given what we do: maps of four views of each picture, computed once. Both are
whole processes, from picture files and an empty cache, evaluation of the val part included; beside the seconds that passed stand those
that the processors worked for it, which other programs on the machine change less. With --tuned the last stage (what makes the map of a
thirty-second, its normalisations as they are) is trained with the head, and "cached" is left out. AP50 of the peer is pycocotools', ours is
that of our report. COCO128's labels are YOLO's: the area of an object is that of its box.
"""
import argparse
import collections
import json
import math
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

SIZE, BATCH, VIEWS = 320, 16, 4
ROOT = pathlib.Path(__file__).resolve().parents[2]


def pictures_of(config, part, only):
    """[(path, boxes in shares (n, 4) of corners, labels)], and the names."""
    import numpy as np
    import yaml

    data = yaml.safe_load(open(config))
    names = data["names"] if isinstance(data["names"], list) else [data["names"][i] for i in sorted(data["names"])]
    kept = {names.index(only): 0} if only else {i: i for i in range(len(names))}
    folder = pathlib.Path(config).parent / data.get("path", ".") / data[part]
    pictures = []
    for path in sorted(folder.iterdir()):
        labels = pathlib.Path(str(path).replace("/images/", "/labels/")).with_suffix(".txt")
        rows = np.loadtxt(labels, ndmin=2) if labels.exists() and labels.stat().st_size else np.zeros((0, 5))
        rows = np.unique(rows, axis=0) if len(rows) else rows
        rows = rows[[int(row[0]) in kept for row in rows]] if len(rows) else rows
        centre, size = rows[:, 1:3], rows[:, 3:5]
        pictures.append((path, np.clip(np.concatenate([centre - size / 2, centre + size / 2], 1), 0, 1), np.array([kept[int(c)] for c in rows[:, 0]], int)))
    if not any(len(labels) for _, _, labels in pictures):
        sys.exit(f"{folder}: no boxes in the labels beside it")
    return pictures, [only] if only else names


def as_torch(options):
    import numpy as np
    import torch
    import torchvision.transforms.v2 as transforms
    from PIL import Image
    from torch import nn
    from torchvision.models.detection import _utils as det_utils
    from torchvision.models.detection.anchor_utils import DefaultBoxGenerator
    from torchvision.models.detection.image_list import ImageList
    from torchvision.models.detection.ssd import SSD
    from torchvision.models.detection.ssdlite import SSDLiteHead, _extra_block, _normal_init
    from torchvision.ops import box_iou

    sys.path.insert(0, str(ROOT / "tools/parity"))
    import efficientnet_lite0

    start = time.time()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    train, names = pictures_of(options.config, "train", options.only)
    val, _ = pictures_of(options.config, "val", options.only)
    backbone = efficientnet_lite0.network(options.weights).to(memory_format=torch.channels_last).eval()
    norm = lambda width: nn.BatchNorm2d(width, eps=1e-3)
    widths = [112, 1280, 512, 256, 256, 128]
    generator = DefaultBoxGenerator([[2, 3]] * 6, min_ratio=0.2, max_ratio=0.95)
    extra = nn.ModuleList([_extra_block(a, b, norm) for a, b in zip(widths[1:], widths[2:])])
    _normal_init(extra)
    head = SSDLiteHead(widths, generator.num_anchors_per_location(), len(names) + 1, norm)
    parts = nn.ModuleList([extra, head]).to(memory_format=torch.channels_last)
    ssd = SSD.__new__(SSD)
    nn.Module.__init__(ssd)
    ssd.box_coder, ssd.neg_to_pos_ratio = det_utils.BoxCoder(weights=(10.0, 10.0, 5.0, 5.0)), 3
    ssd.score_thresh, ssd.topk_candidates, ssd.nms_thresh, ssd.detections_per_img = 0.01, 1000, 0.55, 1000
    matcher = det_utils.SSDMatcher(0.5)
    # Colours as they are changed at the picture's own size, then squashed.
    jitter = transforms.ColorJitter(brightness=0.2, contrast=0.2, saturation=0.2)

    def loaded(path, augmented):
        image = Image.open(path).convert("RGB")
        flip = augmented and bool(torch.rand(()) < 0.5)
        if augmented:
            image = jitter(image)
        pixels = torch.from_numpy(np.array(image.resize((SIZE, SIZE), Image.BICUBIC))).permute(2, 0, 1).float()
        pixels = (pixels - 127) / 128
        return (pixels.flip(2) if flip else pixels), flip

    for parameter in backbone.parameters():
        parameter.requires_grad_(False)
    tuned = [backbone.blocks[5], backbone.blocks[6], backbone.conv_head, backbone.bn2] if options.tuned else []
    for parameter in [p for part in tuned for p in part.parameters()]:
        parameter.requires_grad_(True)

    def maps_of(pixels):
        x = backbone.bn1(backbone.conv_stem(pixels.to(memory_format=torch.channels_last)))
        maps = []
        for i, block in enumerate(backbone.blocks):
            x = block(x)
            if i == 4:
                maps.append(x)
        return [*maps, backbone.bn2(backbone.conv_head(x))]

    def answers_of(maps):
        maps = list(maps)
        for block in extra:
            maps.append(block(maps[-1]))
        return head(maps), maps

    def target_of(picture, flip):
        boxes = torch.from_numpy(picture[1]).float() * SIZE
        if flip:
            boxes = torch.stack([SIZE - boxes[:, 2], boxes[:, 1], SIZE - boxes[:, 0], boxes[:, 3]], 1)
        return {"boxes": boxes, "labels": torch.from_numpy(picture[2]) + 1}

    def anchors_for(maps, count):
        return generator(ImageList(torch.zeros(count, 3, SIZE, SIZE), [(SIZE, SIZE)] * count), maps)

    cache = {}
    if options.cached:
        for view in range(VIEWS):
            for i in range(0, len(train), BATCH):
                ready = [loaded(picture[0], True) for picture in train[i : i + BATCH]]
                with torch.no_grad():
                    maps = maps_of(torch.stack([pixels for pixels, _ in ready]))
                for k, (_, flip) in enumerate(ready):
                    cache[view, i + k] = ([m[k].clone() for m in maps], flip)
    # Biases and normalisations do not decay, as in our runs.
    learned = [*parts.parameters(), *[p for part in tuned for p in part.parameters()]]
    decays = [p for p in learned if p.ndim > 1]
    rest = [p for p in learned if p.ndim == 1]
    optimizer = torch.optim.AdamW([{"params": decays}, {"params": rest, "weight_decay": 0}], 1e-3, weight_decay=1e-4)
    steps, warm = math.ceil(len(train) / BATCH), 2 * math.ceil(len(train) / BATCH)
    whole = options.epochs * steps
    rate = lambda step: (step + 1) / warm if step < warm else 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, whole - warm)))
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, rate)
    parts.train()
    for epoch in range(options.epochs):
        order = torch.randperm(len(train)).tolist()
        for i in range(0, len(train), BATCH):
            chosen = order[i : i + BATCH]
            if options.cached:
                rows = [cache[epoch % VIEWS, k] for k in chosen]
                maps = [torch.stack([row[0][level] for row in rows]).to(memory_format=torch.channels_last) for level in range(2)]
                flips = [row[1] for row in rows]
            else:
                ready = [loaded(train[k][0], True) for k in chosen]
                maps, flips = maps_of(torch.stack([pixels for pixels, _ in ready])), [flip for _, flip in ready]
            answers, all_maps = answers_of(maps)
            anchors = anchors_for(all_maps, len(chosen))
            targets = [target_of(train[k], flip) for k, flip in zip(chosen, flips)]
            matches = [
                matcher(box_iou(target["boxes"], boxes)) if len(target["boxes"]) else torch.full((len(boxes),), -1)
                for target, boxes in zip(targets, anchors)
            ]
            loss = sum(ssd.compute_loss(targets, answers, anchors, matches).values())
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(learned, 5)
            optimizer.step()
            scheduler.step()
    parts.eval()
    found = []
    with torch.no_grad():
        for i in range(0, len(val), BATCH):
            part = val[i : i + BATCH]
            answers, all_maps = answers_of(maps_of(torch.stack([loaded(picture[0], False)[0] for picture in part])))
            found += ssd.postprocess_detections(answers, anchors_for(all_maps, len(part)), [(SIZE, SIZE)] * len(part))
    print(json.dumps({"ap50": ap50(val, names, found), "seconds": time.time() - start}))


def ap50(val, names, found):
    import contextlib
    import io

    from PIL import Image
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    images, truths, results = [], [], []
    for i, ((path, boxes, labels), one) in enumerate(zip(val, found)):
        width, height = Image.open(path).size
        images.append({"id": i, "width": width, "height": height})
        for box, label in zip(boxes * [width, height, width, height], labels):
            w, h = box[2] - box[0], box[3] - box[1]
            truths.append({"id": len(truths) + 1, "image_id": i, "category_id": int(label), "bbox": [box[0], box[1], w, h], "area": w * h, "iscrowd": 0})
        kept = collections.Counter()
        for box, label, score in zip(one["boxes"].numpy() * ([width / SIZE, height / SIZE] * 2), one["labels"].tolist(), one["scores"].tolist()):
            kept[label] += 1
            if kept[label] <= 100:
                results.append({"image_id": i, "category_id": label - 1, "bbox": [box[0], box[1], box[2] - box[0], box[3] - box[1]], "score": score})
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO()
        coco.dataset = {"images": images, "annotations": truths, "categories": [{"id": i, "name": n} for i, n in enumerate(names)]}
        coco.createIndex()
        evaluation = COCOeval(coco, coco.loadRes(results), "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return float(evaluation.stats[1])


def ours(options, seed):
    recipe = ROOT / "recipes" / ("people.toml" if options.only == "person" else "detect-coco128.toml")
    with tempfile.TemporaryDirectory() as folder:
        if options.tuned:
            text, recipe = recipe.read_text(), pathlib.Path(folder) / "tuned.toml"
            recipe.write_text(text.replace('train_from = "head"', 'train_from = "blocks5"'))
        start = time.time()
        output = subprocess.run(
            [options.enxerto, "train", options.config, "--recipe", str(recipe), "--output", f"{folder}/model", "--cache", f"{folder}/cache",
             "--epochs", str(options.epochs), "--seed", str(seed), "--no-examples", "--json", "-q"],
            check=True, capture_output=True, text=True).stdout
        return {"ap50": json.loads(output)["test"]["ap50"]["value"], "seconds": time.time() - start}


def peer(options, seed, cached):
    command = [options.torch_python, __file__, "--peer", options.enxerto, options.config, options.weights, "--epochs", str(options.epochs),
               "--seed", str(seed), "--threads", str(options.threads)]
    command += ["--only", options.only] if options.only else []
    command += ["--cached"] if cached else []
    command += ["--tuned"] if options.tuned else []
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])


def timed(run, seed):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    row = run(seed)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {**row, "worked": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("enxerto")
    parser.add_argument("config")
    parser.add_argument("weights")
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--sides", default="enxerto,live,cached")
    parser.add_argument("--tuned", action="store_true")
    parser.add_argument("--cached", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--torch-python", default=sys.executable)
    parser.add_argument("--seed", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--peer", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peer:
        return as_torch(options)
    sides = {
        "enxerto": ("Enxerto", lambda seed: ours(options, seed)),
        "live": ("PyTorch", lambda seed: peer(options, seed, False)),
        "cached": ("PyTorch, maps of four views cached", lambda seed: peer(options, seed, True)),
    }
    print(f"{options.only or 'all classes'}, {options.epochs} epochs\n\n| | AP50 | seconds | processor seconds |\n|---|---|---|---|")
    for name, run in (sides[side] for side in options.sides.split(",")):
        rows = [timed(run, seed) for seed in range(options.seeds)]
        points = ", ".join(f"{100 * row['ap50']:.1f}" for row in rows)
        print(f"| {name} | {points} % | {statistics.median(row['seconds'] for row in rows):.0f} | {statistics.median(row['worked'] for row in rows):.0f} |", flush=True)


if __name__ == "__main__":
    main()
