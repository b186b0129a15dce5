"""Writes tests/golden/zoo/<network>.json: what timm's and torchvision's networks answer with formula-filled weights.

Usage: python tools/golden/zoo.py [NETWORK..]                  (needs torch, torchvision, timm)
       python tools/golden/zoo.py --sensitivity [NETWORK..]    shows that each parameter matters, writes nothing

tests/zoo/formula.h computes the same weights and inputs. Networks run in float64, so that the goldens do not depend on
a processor's arithmetic; a float32 engine is held against them relative to `scale`, the largest absolute logit.
"""
import json
import math
import pathlib
import sys

import numpy as np
import timm
import torch
import torchvision

SIZE, COUNT, CLASSES = 64, 2, 10
FOLDER = pathlib.Path(__file__).resolve().parents[2] / "tests" / "golden" / "zoo"
SIZES = {"inception_v3": 107}  # others: SIZE
VGG = [f"vgg{d}{norm}" for d in (11, 13, 16, 19) for norm in ("", "_bn")]
HIDDEN = 64
NETWORKS = (
    [f"efficientnet_lite{i}" for i in range(5)]
    + [f"resnet{d}" for d in (18, 34, 50, 101, 152)]
    + VGG
    + ["mobilenet_v2"] + [f"mobilenet_v2_{percent}" for percent in ("035", "050", "075", "140")]
    + ["densenet121", "inception_v3", "mobilenet_v3_large", "mobilenet_v3_small"]
    + [f"efficientnet_b{i}" for i in range(5)]
    + [f"regnet_x_{flops}" for flops in ("400mf", "800mf", "1_6gf", "3_2gf")]
    + ["convnext_tiny", "resnet20_cifar"]
)
# width, heads, patch, blocks: fewer than the row has where that would only take longer
TRANSFORMERS = {
    "vit_s16": (384, 6, 16, 12),
    "vit_b16": (768, 12, 16, 12),
    "vit_b32": (768, 12, 32, 2),
    "vit_l16": (1024, 16, 16, 2),
    "dinov2_vits14": (384, 6, 14, 12),
    "dinov2_vitb14": (768, 12, 14, 3),
    "dinov2_vits14_lc": (384, 6, 14, 2),
    "dinov2_vitb14_lc": (768, 12, 14, 2),
}
NETWORKS += list(TRANSFORMERS)
SIZES |= {name: 5 * patch for name, (_, _, patch, _) in TRANSFORMERS.items()}
PROBES = 4


def hash_name(name):
    value = 0xCBF29CE484222325
    for byte in name.encode():
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return value


def centered(name, count):
    x = np.uint64(hash_name(name)) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    x ^= x >> np.uint64(31)
    return ((x >> np.uint64(40)).astype(np.int64) - (1 << 23)).astype(np.float64) * 2.0**-23


TOKENS = ("pos_embed", "cls_token", "position_embeddings", "pos_embedding", "class_token")


def range_of(name, shape):
    squeeze = ".mlp." not in name and name.endswith(("fc1.weight", "fc2.weight", "fc1.bias", "fc2.bias"))
    if name.endswith(TOKENS):
        return 0.0, 0.5
    if name.endswith((".gamma", ".lambda1")):
        return 0.5, 0.25
    if len(shape) > 1:
        gain = 4.0 if squeeze else 1.0
        return 0.0, gain * math.sqrt(6.0 / math.prod(shape[1:]))
    if name.endswith("running_var"):
        return 1.0, 0.25
    if name.endswith(("bn3.weight", "f.c.1.weight")):
        return 0.5, 0.125
    if name.endswith(".weight"):
        return 1.0, 0.25
    if squeeze:
        return 0.0, 0.75
    return 0.0, 0.125


def filled(name, shape, limits=None):
    offset, factor = limits or range_of(name, shape)
    return (offset + factor * centered(name, math.prod(shape))).astype(np.float32).reshape(shape)


class TokenAndMean(torch.nn.Module):
    """The classifier of DINOv2: a dense layer on the class token beside the mean of the patches."""

    def __init__(self, network, classes):
        super().__init__()
        self.network, self.head = network, torch.nn.Linear(2 * network.embed_dim, classes)

    def forward(self, x):
        tokens = self.network.forward_features(x)
        return self.head(torch.cat([tokens[:, 0], tokens[:, 1:].mean(dim=1)], dim=1))

    def state_dict(self):
        return self.network.state_dict() | {"head." + k: v for k, v in self.head.state_dict().items()}

    def load_state_dict(self, state):
        self.head.load_state_dict({k[5:]: v for k, v in state.items() if k.startswith("head.")})
        self.network.load_state_dict({k: v for k, v in state.items() if not k.startswith("head.")})


class CifarResNet(torch.nn.Module):
    """He et al. 2015, section 4.2, of torchvision's blocks: 6 n + 2 layers, n blocks a stage."""

    def __init__(self, depth, classes):
        super().__init__()
        self.conv1, self.bn1 = torch.nn.Conv2d(3, 16, 3, padding=1, bias=False), torch.nn.BatchNorm2d(16)
        width = 16
        for stage in (1, 2, 3):
            blocks = []
            for block in range((depth - 2) // 6):
                out, stride = 16 << (stage - 1), 2 if stage > 1 and block == 0 else 1
                shortcut = torch.nn.Sequential(torch.nn.Conv2d(width, out, 1, stride, bias=False),
                                               torch.nn.BatchNorm2d(out)) if stride > 1 else None
                blocks.append(torchvision.models.resnet.BasicBlock(width, out, stride, shortcut))
                width = out
            setattr(self, f"layer{stage}", torch.nn.Sequential(*blocks))
        self.fc = torch.nn.Linear(width, classes)

    def forward(self, x):
        x = torch.relu(self.bn1(self.conv1(x)))
        return self.fc(self.layer3(self.layer2(self.layer1(x))).mean(dim=(2, 3)))


def make_transformer(name, classes):
    width, heads, patch, depth = TRANSFORMERS[name]
    network = timm.models.VisionTransformer(
        img_size=SIZES[name], patch_size=patch, embed_dim=width, depth=depth, num_heads=heads,
        num_classes=0 if name.endswith("_lc") else classes, init_values=1.0 if name.startswith("dinov2") else None)
    return (TokenAndMean(network, classes) if name.endswith("_lc") else network).eval()


def make_network(name, classes):
    if name in TRANSFORMERS:
        return make_transformer(name, classes)
    if name.startswith("efficientnet_lite"):
        return timm.create_model("tf_" + name, num_classes=classes).eval()
    if name.startswith("mobilenet_v2_"):
        return torchvision.models.mobilenet_v2(num_classes=classes, width_mult=int(name[-3:]) / 100).eval()
    if name == "resnet20_cifar":
        return CifarResNet(20, classes).eval()
    if name == "inception_v3":
        return torchvision.models.inception_v3(num_classes=classes, aux_logits=False, init_weights=False).eval()
    network = getattr(torchvision.models, name)(num_classes=classes, **({"init_weights": False} if name in VGG else {}))
    if name in VGG:  # narrower dense layers: they are most of it, and there is nothing special about 4096
        widths = [512 * 7 * 7, HIDDEN, HIDDEN, classes]
        for at, pair in zip((0, 3, 6), zip(widths, widths[1:])):
            network.classifier[at] = torch.nn.Linear(*pair)
    return network.eval()


def fill(network):
    state = network.state_dict()
    for name, tensor in state.items():
        if not name.endswith("num_batches_tracked"):
            state[name] = torch.from_numpy(filled(name, tuple(tensor.shape)))
    network.load_state_dict(state)


def make_golden(name):
    size = SIZES.get(name, SIZE)
    from_timm = "_lite" in name or name in TRANSFORMERS
    network = make_network(name, CLASSES)
    fill(network)
    state = {k: v for k, v in network.state_dict().items() if not k.endswith("num_batches_tracked")}
    probes = {k: [float(v) for v in state[k].flatten()[:PROBES]] for k in (list(state)[0], list(state)[-2])}
    pictures = filled("input", (COUNT, 3, size, size), (0.0, 1.0))
    with torch.no_grad():
        logits = network.double()(torch.from_numpy(pictures).double())
    return {
        "network": name,
        "reference": f"timm {timm.__version__}" if from_timm else f"torchvision {torchvision.__version__}",
        "size": size,
        "classes": CLASSES,
        **({"hidden": HIDDEN} if name in VGG else {}),
        **({"depth": TRANSFORMERS[name][3]} if name in TRANSFORMERS else {}),
        "parameters": sum(p.numel() for p in network.parameters()),
        "tensors": len(state),
        "probes": probes,
        "scale": float(logits.abs().max()),
        "logits": [[float(f"{v:.9g}") for v in row] for row in logits],
    }


def least_change(name):
    """The parameter whose change by 3 % moves the logits least, and how far relative to the largest."""
    network = make_network(name, CLASSES)
    fill(network)
    size = SIZES.get(name, SIZE)
    pictures = torch.from_numpy(filled("input", (1, 3, size, size), (0.0, 1.0)))
    changes = {}
    with torch.no_grad():
        logits = network(pictures)
        for key, tensor in network.state_dict().items():
            if key.endswith("num_batches_tracked"):
                continue
            before = tensor.clone()
            tensor.mul_(1.03125)
            changes[key] = float((network(pictures) - logits).abs().max() / logits.abs().max())
            tensor.copy_(before)
    return min(changes.items(), key=lambda item: item[1])


def write_goldens(networks):
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in networks:
        golden = make_golden(name)
        (FOLDER / f"{name}.json").write_text(json.dumps(golden, indent=1) + "\n")
        print(name, golden["parameters"], "parameters, largest logit", golden["scale"])


def show_sensitivity(networks):
    torch.set_num_threads(1)
    for name in networks:
        parameter, change = least_change(name)
        print(f"{name}: {parameter} matters least: {change:.2e} of the largest logit")
        assert change > 2e-5, "a parameter that the parity test would not see"


if __name__ == "__main__":
    words = sys.argv[1:]
    if words[:1] == ["--sensitivity"]:
        show_sensitivity(words[1:] or NETWORKS)
    else:
        write_goldens(words or NETWORKS)
