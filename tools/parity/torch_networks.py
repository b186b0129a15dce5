#!/usr/bin/env python3
"""Holds our networks against torchvision's, timm's and transformers', with files that PyTorch and transformers save.

    python3 tools/parity/torch_networks.py ENXERTO [ROWS.json] [NAME..]      (needs torch, torchvision, timm, transformers)

Weights are filled as tools/golden/zoo.py fills them. Each network runs at two sizes; the other kinds of file are compared
at the size of pretraining.
"""
import dataclasses
import pathlib
import sys
import tempfile
from typing import Callable

import numpy as np
import safetensors.torch
import timm
import torch
import torchvision
import transformers

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "golden")]
import comparison  # noqa: E402
import zoo  # noqa: E402

CLASSES = 1000
IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
HALF = ((0.5,) * 3, (0.5,) * 3)


@dataclasses.dataclass
class Network:
    architecture: str  # a row of our zoo
    source: str
    make: Callable  # (size) -> module
    sizes: tuple
    mean_deviation: tuple = IMAGENET
    backbone: str = ""  # what the user calls it, where that is another name
    folder: bool = False  # saved by save_pretrained


def vision(name, sizes=(224, 160), **options):
    extra = {"init_weights": False} if name.startswith("vgg") else {}
    make = lambda size: getattr(torchvision.models, options.pop("of", name))(**extra, **options)
    return Network(name, "torchvision", make, sizes)


def mobile(percent):
    name = f"mobilenet_v2_{percent:03d}"
    return Network(name, "torchvision", lambda size: torchvision.models.mobilenet_v2(width_mult=percent / 100), (224, 96))


def inception(size):
    network = torchvision.models.inception_v3(aux_logits=True, init_weights=False, transform_input=True)
    return network


def timm_vit(name):
    return lambda size: timm.create_model(name, img_size=size)


TORCHVISION = (
    [vision(f"vgg{depth}{norm}", (224, 64)) for depth in (11, 13, 16, 19) for norm in ("", "_bn")]
    + [vision(f"resnet{depth}", (224, 32)) for depth in (18, 34, 50, 101, 152)]
    + [vision("mobilenet_v2", (224, 96))] + [mobile(percent) for percent in (35, 50, 75, 140)]
    + [vision("mobilenet_v3_large"), vision("mobilenet_v3_small"), vision("densenet121"), vision("convnext_tiny")]
    + [vision(f"efficientnet_b{i}", (size, 160)) for i, size in enumerate((224, 240, 288, 300, 380))]
    + [vision(f"regnet_x_{flops}", (224, 96)) for flops in ("400mf", "800mf", "1_6gf", "3_2gf")]
    + [Network("inception_v3", "torchvision", inception, (299, 171))]
    + [vision("vit_b_16", (224,))]
)
TORCHVISION[-1].architecture = "vit_b16"
TIMM = [
    Network(f"efficientnet_lite{i}", "timm", lambda size, i=i: timm.create_model(f"tf_efficientnet_lite{i}"), (size, 128), HALF)
    for i, size in enumerate((224, 240, 260, 280, 300))
] + [
    Network("vit_s16", "timm", timm_vit("vit_small_patch16_224"), (224,), HALF),
    Network("vit_b16", "timm", timm_vit("vit_base_patch16_224"), (224,), HALF),
]


def hugging(architecture, make, sizes, mean_deviation=IMAGENET):
    return Network(architecture, "transformers", make, sizes, mean_deviation, folder=True)


def dinov2(width, heads):
    config = transformers.Dinov2Config(hidden_size=width, num_attention_heads=heads, num_hidden_layers=12, image_size=518,
                                       patch_size=14, num_labels=CLASSES)
    return lambda size: transformers.Dinov2ForImageClassification(config)


def hf_vit(width, heads):
    config = transformers.ViTConfig(hidden_size=width, num_attention_heads=heads, intermediate_size=4 * width,
                                    num_labels=CLASSES)
    return lambda size: transformers.ViTForImageClassification(config)


TRANSFORMERS = [
    hugging("resnet50", lambda size: transformers.ResNetForImageClassification(transformers.ResNetConfig(num_labels=CLASSES)), (224, 96)),
    hugging("convnext_tiny", lambda size: transformers.ConvNextForImageClassification(transformers.ConvNextConfig(num_labels=CLASSES)), (224, 160)),
    hugging("vit_s16", hf_vit(384, 6), (224, 160), HALF),
    hugging("vit_b16", hf_vit(768, 12), (224, 160), HALF),
    hugging("dinov2_vits14", dinov2(384, 6), (518, 224)),
    hugging("dinov2_vitb14", dinov2(768, 12), (518, 224)),
]


def fill(network, architecture):
    """The formula of zoo.py. In networks with gates in a row (squeeze-and-excitation) with gentler ones and small shifts, or
    the rounding of float32 would grow from block to block."""
    gated = architecture.startswith(("efficientnet_b", "mobilenet_v3"))
    with torch.no_grad():
        for name, tensor in network.state_dict().items():
            if tensor.is_floating_point():
                gentle = gated and (tensor.dim() == 4 and ".fc" in name or tensor.dim() == 1 and name.endswith(("bias", "mean")))
                tensor.copy_(torch.from_numpy(zoo.filled(name, tuple(tensor.shape))) / (8 if gentle else 1))


def logits(network, arrays, mean_deviation, source):
    mean, deviation = (torch.tensor(v).view(1, 3, 1, 1) for v in mean_deviation)
    x = (torch.from_numpy(arrays).permute(0, 3, 1, 2).float() / 255 - mean) / deviation
    with torch.no_grad():
        if source == "transformers":
            more = {"interpolate_pos_encoding": True} if isinstance(network, transformers.ViTForImageClassification) else {}
            return network(x, **more).logits.numpy()
        return network(x).numpy()


def save(network, folder):
    """The kinds of file that PyTorch has; yields kind and path, one at a time on the disk."""
    state = network.state_dict()
    writers = {
        "safetensors": lambda path: safetensors.torch.save_file({k: v.contiguous() for k, v in state.items()}, path),
        "PyTorch zip": lambda path: torch.save(state, path),
        "PyTorch legacy": lambda path: torch.save(state, path, _use_new_zipfile_serialization=False),
    }
    for kind, write in writers.items():
        path = folder / "weights"
        write(path)
        yield kind, path
        path.unlink()


def save_folder(network, mean_deviation, folder):
    """A folder as the hub has it, whole and in shards."""
    processor = transformers.ViTImageProcessor(image_mean=mean_deviation[0], image_std=mean_deviation[1])
    for kind, limit in {"folder": "5GB", "folder in shards": "40MB"}.items():
        target = folder / kind.replace(" ", "-")
        network.save_pretrained(target, max_shard_size=limit)
        processor.save_pretrained(target)
        yield kind, target


def rows_of(enxerto, network):
    rows = []
    references = {}
    module = None
    for size in network.sizes:
        arrays = comparison.pictures(size)
        if module is None:
            module = network.make(size).eval()
            fill(module, network.architecture)
        references[size] = (arrays, logits(module, arrays, network.mean_deviation, network.source))
    with tempfile.TemporaryDirectory() as folder:
        files = save_folder(module, network.mean_deviation, pathlib.Path(folder)) if network.folder else save(module, pathlib.Path(folder))
        for number, (kind, path) in enumerate(files):
            for size in network.sizes if number == 0 else network.sizes[:1]:
                arrays, reference = references[size]
                row = comparison.Row(network.architecture, network.source, kind, size, 0, 0)
                run = {"backbone": path} if network.folder else {"backbone": network.architecture, "weights": path}
                rows.append(comparison.compare(enxerto, reference, arrays, row, **run))
    return rows


def rows(enxerto, names=()):
    torch.manual_seed(0)
    result = []
    for network in TORCHVISION + TIMM + TRANSFORMERS:
        if not names or network.architecture in names:
            result += rows_of(enxerto, network)
    return result


if __name__ == "__main__":
    comparison.main(rows)
