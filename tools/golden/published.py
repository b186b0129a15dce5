"""Writes tests/golden/pretrained/published.txt: how each publisher prepares pictures for the weights that are known by name.

Usage: python tools/golden/published.py          (needs torch, torchvision, timm, transformers, keras)

A line is SOURCE NAME SIZE RESIZE FILTER ORDER and, for red, green and blue, what a pixel p of 0 to 255 is multiplied with and
what is added then. RESIZE is the shorter side before the middle SIZE x SIZE is cut out, in pixels, "squash" where both sides
are brought to SIZE at once, and "-" where the publisher only says how a picture that has its size is normalised (Keras).
Sources are what the packages themselves state: torchvision's weights, by the names of their files; timm's `pretrained_cfg`;
Keras's `preprocess_input`; the processors of transformers as they are by default. What facebook states of DINOv2 stands in
configurations on the hub alone, and TensorFlow's of EfficientNet-Lite in its repository: they are not here.
"""
import math
import os
import pathlib

import numpy as np

TARGET = pathlib.Path(__file__).resolve().parents[2] / "tests" / "golden" / "pretrained" / "published.txt"

TORCHVISION = {"vit_b_16": "vit_b16", "vit_b_32": "vit_b32", "vit_l_16": "vit_l16"}
NETWORKS = ("resnet18 resnet34 resnet50 resnet101 resnet152 vgg11 vgg13 vgg16 vgg19 vgg11_bn vgg13_bn vgg16_bn vgg19_bn "
            "mobilenet_v2 mobilenet_v3_large mobilenet_v3_small densenet121 efficientnet_b0 efficientnet_b1 efficientnet_b2 "
            "efficientnet_b3 efficientnet_b4 convnext_tiny regnet_x_400mf regnet_x_800mf regnet_x_1_6gf regnet_x_3_2gf "
            "inception_v3 vit_b_16 vit_b_32 vit_l_16").split()
TIMM = {**{f"efficientnet_lite{i}": f"tf_efficientnet_lite{i}.in1k" for i in range(5)},
        "vit_s16": "vit_small_patch16_224.augreg_in21k_ft_in1k", "vit_b16": "vit_base_patch16_224.augreg2_in21k_ft_in1k",
        "vit_b32": "vit_base_patch32_224.augreg_in21k_ft_in1k", "vit_l16": "vit_large_patch16_224.augreg_in21k_ft_in1k"}
KERAS = {"vgg16": "vgg16", "vgg19": "vgg19", "resnet50": "resnet", "resnet101": "resnet", "resnet152": "resnet",
         "resnet50v2": "resnet_v2", "resnet101v2": "resnet_v2", "resnet152v2": "resnet_v2", "densenet121": "densenet",
         "inception_v3": "inception_v3",
         **{f"mobilenet_v2{alpha}": "mobilenet_v2" for alpha in ("", "_035", "_050", "_075", "_130", "_140")}}


def line(source, name, size, resize, scale, offset, filter="-", order="rgb"):
    numbers = " ".join(f"{float(number):.7g}" for pair in zip(scale, offset) for number in pair)
    return f"{source} {name} {size} {resize} {filter} {order} {numbers}"


def normalised(mean, deviation):
    mean, deviation = np.asarray(mean, float), np.asarray(deviation, float)
    return 1 / 255 / deviation, -mean / deviation


def torchvision_lines():
    import torchvision
    for network in NETWORKS:
        for weights in torchvision.models.get_model_weights(network):
            if weights.name not in ("IMAGENET1K_V1", "IMAGENET1K_V2"):
                continue
            preset = weights.transforms()
            # InceptionV3 turns this normalisation into another one inside: what it computes on is stated here.
            half = network == "inception_v3"
            mean, deviation = ([0.5] * 3, [0.5] * 3) if half else (preset.mean, preset.std)
            source = "torchvision" if weights.name.endswith("V1") else "torchvision-v2"
            yield line(source, TORCHVISION.get(network, network), preset.crop_size[0], preset.resize_size[0],
                       *normalised(mean, deviation), filter=preset.interpolation.value)


def detector_lines():
    """torchvision's detectors prepare pictures themselves; RetinaNet's keep their shape there, which is left to the user here."""
    from torchvision.models import detection
    for network in ("ssdlite320_mobilenet_v3_large", "retinanet_resnet50_fpn"):
        stated = getattr(detection, network)(weights=None, weights_backbone=None).transform
        yield line("torchvision", network, min(stated.min_size), "squash", *normalised(stated.image_mean, stated.image_std), filter="bilinear")


def segmenter_lines():
    import torchvision
    for network in ("fcn_resnet50", "deeplabv3_resnet50", "deeplabv3_mobilenet_v3_large", "lraspp_mobilenet_v3_large"):
        preset = torchvision.models.get_model_weights(network).DEFAULT.transforms()
        yield line("torchvision", network, preset.resize_size[0], "squash", *normalised(preset.mean, preset.std), filter="bilinear")


def timm_lines():
    import timm
    for name, model in TIMM.items():
        stated = timm.create_model(model, pretrained=False).pretrained_cfg
        size = stated["input_size"][1]
        assert stated["crop_mode"] == "center"
        yield line("timm", name, size, math.floor(size / stated["crop_pct"]), *normalised(stated["mean"], stated["std"]),
                   filter=stated["interpolation"])


def transformers_lines():
    from transformers import ViTImageProcessor
    processor = ViTImageProcessor()
    assert processor.size["height"] == processor.size["width"] and int(processor.resample) == 2
    yield line("transformers", "vit_b16", processor.size["height"], "squash",
               *normalised(processor.image_mean, processor.image_std), filter="bilinear")


def keras_lines():
    os.environ.setdefault("KERAS_BACKEND", "torch")
    import keras
    for name, module in KERAS.items():
        prepare = getattr(keras.applications, module).preprocess_input
        black, red, grey = (np.array([[value]], np.float32)[None] for value in ([0, 0, 0], [255, 0, 0], [255, 255, 255]))
        low, high = (prepare(value.copy(), data_format="channels_last").reshape(3).astype(float) for value in (black, grey))
        order = "bgr" if prepare(red.copy(), data_format="channels_last").reshape(3)[2] != low[2] else "rgb"
        if order == "bgr":
            low, high = low[::-1], high[::-1]  # of red, green and blue
        size = 299 if name == "inception_v3" else 224
        for source in ("keras", "keras-notop"):
            yield line(source, name, size, "-", (high - low) / 255, low, order=order)


if __name__ == "__main__":
    lines = [*torchvision_lines(), *detector_lines(), *segmenter_lines(), *timm_lines(), *transformers_lines(), *keras_lines()]
    TARGET.write_text("\n".join(lines) + "\n")
    print(f"{len(lines)} rows")
