"""torchvision's segmenters with random weights against the networks that are read from their files.

Usage: python tools/parity/segmenters.py [BUILD-FOLDER]        (needs torch, torchvision, safetensors)

Of each network a .pth file is written with the state dict of torchvision's, made without published weights from a seed, with running
statistics of made pictures, once with the auxiliary classifier that published files have. tools/parity/segmenters.cpp reads it and
gives the scores of two made pictures. Resized to the pictures, they must agree within 1e-4 of the largest, and name the same class
for 99.99 % of the pixels.
"""
import pathlib
import subprocess
import sys
import tempfile

import torch
from safetensors.numpy import load_file, save_file
from torch.nn import functional as F
from torchvision.models import segmentation

from comparison import ROOT, built_program

# side of the pictures, classes, whether the file has an auxiliary classifier
NETWORKS = {
    "lraspp_mobilenet_v3_large": (320, 21, False),
    "deeplabv3_mobilenet_v3_large": (320, 21, True),
    "fcn_resnet50": (256, 21, True),
    "deeplabv3_resnet50": (256, 4, False),
}
OUTPUTS, CLASSES = 1e-4, 0.9999


def network(name):
    torch.manual_seed(7)
    side, classes, auxiliary = NETWORKS[name]
    options = {} if name.startswith("lraspp") else {"aux_loss": auxiliary}
    net = getattr(segmentation, name)(weights=None, weights_backbone=None, num_classes=classes, **options)
    for module in net.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(module.weight, 0.7, 1.3)
            torch.nn.init.uniform_(module.bias, -0.2, 0.2)
            module.momentum = 0.5
        if isinstance(module, torch.nn.Conv2d):
            torch.nn.init.kaiming_uniform_(module.weight, nonlinearity="relu")
    # Running statistics of pictures like those that are looked at: values stay of a size that float32 is good for.
    with torch.no_grad():
        for _ in range(3):
            net(torch.randn(2, 3, side, side))
    return net.eval()


def compare(program, name, work):
    side = NETWORKS[name][0]
    net = network(name)
    weights, inputs, outputs = work / f"{name}.pth", work / "inputs.safetensors", work / "outputs.safetensors"
    torch.save(net.state_dict(), weights)
    pictures = torch.randn(2, 3, side, side)
    save_file({"input": pictures.numpy()}, inputs)
    with torch.no_grad():
        wanted = net(pictures)["out"]
    subprocess.run([program, str(weights), str(inputs), str(outputs)], check=True)
    small = torch.from_numpy(load_file(outputs)["logits"])
    ours = F.interpolate(small, size=(side, side), mode="bilinear", align_corners=False)
    apart = float((ours - wanted).abs().max() / wanted.abs().max())
    same = float((ours.argmax(1) == wanted.argmax(1)).double().mean())
    print(f"{name}: scores {tuple(small.shape)}, within {apart:.1e} of the largest; {same:.4%} of the pixels of the same class")
    return apart <= OUTPUTS and same >= CLASSES


def main(build):
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        program = built_program("segmenters", build, work)
        good = [compare(program, name, work) for name in NETWORKS]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build/release"))
