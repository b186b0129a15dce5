"""torchvision's detectors with random weights against the networks that are read from their files.

Usage: python tools/parity/detectors.py [BUILD-FOLDER]        (needs torch, torchvision, safetensors)

Of each network a .pth file is written with the state dict of torchvision's, made without published weights from a seed, with running
statistics of made pictures and class layers that find something. tools/parity/detectors.cpp reads it and gives the raw outputs
and the boxes that are told of for two made pictures. Outputs must agree within 1e-4 of the largest; each box needs its equal: the
class, a score within 1e-4, corners within 0.05 px. A box that is within 1e-4 of a threshold may be on one side only.
"""
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import torch
from safetensors.numpy import load_file, save_file
from torchvision.models import detection
from torchvision.models.detection.image_list import ImageList

from comparison import ROOT, built_program

# side of the pictures, what the selection is asked for
NETWORKS = {
    "ssdlite320_mobilenet_v3_large": (320, {"score_thresh": 0.001, "nms_thresh": 0.55, "topk_candidates": 300, "detections_per_img": 300}),
    "retinanet_resnet50_fpn": (320, {"score_thresh": 0.05, "nms_thresh": 0.5, "topk_candidates": 1000, "detections_per_img": 300}),
}
OUTPUTS, SCORE, PIXELS = 1e-4, 1e-4, 0.05


def network(name, options):
    torch.manual_seed(5)
    side = NETWORKS[name][0]
    net = getattr(detection, name)(weights=None, weights_backbone=None, **options)
    for module in net.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(module.weight, 0.7, 1.3)
            torch.nn.init.uniform_(module.bias, -0.2, 0.2)
            module.momentum = 0.5
        if isinstance(module, torch.nn.Conv2d):
            torch.nn.init.kaiming_uniform_(module.weight, nonlinearity="relu")
    if name.startswith("retinanet"):
        torch.nn.init.normal_(net.head.classification_head.cls_logits.weight, std=0.002)
        torch.nn.init.constant_(net.head.classification_head.cls_logits.bias, -3.5)
        torch.nn.init.normal_(net.head.regression_head.bbox_reg.weight, std=0.0005)
    # Running statistics of pictures like those that are looked at: values stay of a size that float32 is good for.
    with torch.no_grad():
        for _ in range(4):
            net.head(list(net.backbone(torch.randn(4, 3, side, side)).values()))
    return net.eval()


def raw(net, pictures, side):
    features = list(net.backbone(pictures).values())
    outputs = net.head(features)
    anchors = net.anchor_generator(ImageList(pictures, [(side, side)] * len(pictures)), features)
    if isinstance(net, detection.RetinaNet):
        counts = [f.shape[2] * f.shape[3] * 9 for f in features]
        split = {key: list(value.split(counts, dim=1)) for key, value in outputs.items()}
        found = net.postprocess_detections(split, [list(a.split(counts)) for a in anchors], [(side, side)] * len(pictures))
    else:
        found = net.postprocess_detections(outputs, anchors, [(side, side)] * len(pictures))
    return torch.cat([outputs["cls_logits"], outputs["bbox_regression"]], dim=2), found


def unequal(ours, theirs, first, least):
    left = [(int(l) - first, float(s), b.numpy()) for l, s, b in zip(theirs["labels"], theirs["scores"], theirs["boxes"])]
    edge = min((s for _, s, _ in left), default=0)
    missing = 0
    for row in ours:
        equal = [i for i, (label, score, box) in enumerate(left) if label == row[5] and abs(score - row[4]) < SCORE and np.abs(box - row[:4]).max() < PIXELS]
        if equal:
            left.pop(equal[0])
        elif abs(row[4] - least) > SCORE and abs(row[4] - edge) > SCORE:
            missing += 1
    return missing + sum(abs(s - least) > SCORE and abs(s - edge) > SCORE for _, s, _ in left)


def compare(program, name, work):
    side, options = NETWORKS[name]
    net = network(name, options)
    weights, inputs, outputs = work / f"{name}.pth", work / "inputs.safetensors", work / "outputs.safetensors"
    torch.save(net.state_dict(), weights)
    pictures = torch.randn(2, 3, side, side)
    save_file({"input": pictures.numpy()}, inputs)
    with torch.no_grad():
        wanted, found = raw(net, pictures, side)
    numbers = [str(options[key]) for key in ("score_thresh", "nms_thresh", "topk_candidates", "detections_per_img")]
    subprocess.run([program, str(weights), str(inputs), str(outputs), *numbers], check=True)
    ours = load_file(outputs)
    scale = float(wanted.abs().max())
    apart = float(np.abs(ours["logits"] - wanted.numpy()).max()) / scale
    first = 1 if name.startswith("ssdlite") else 0
    bad = sum(unequal(ours[f"found.{i}"], one, first, options["score_thresh"]) for i, one in enumerate(found))
    counts = [len(one["boxes"]) for one in found]
    print(f"{name}: raw outputs within {apart:.1e} of the largest ({scale:.3g}); {counts} boxes, {bad} without an equal")
    return apart <= OUTPUTS and bad == 0 and min(counts) > 0


def main(build):
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        program = built_program("detectors", build, work)
        good = [compare(program, name, work) for name in NETWORKS]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build/release"))
