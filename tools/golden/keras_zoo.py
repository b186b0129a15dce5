"""Writes tests/golden/zoo/keras_<network>.json: what keras.applications answers with formula-filled weights.

Usage: python tools/golden/keras_zoo.py [NETWORK..]                  (needs keras and tensorflow)
       python tools/golden/keras_zoo.py --sensitivity [NETWORK..]    shows that each parameter matters, writes nothing
       python tools/golden/keras_zoo.py --names                      writes tests/golden/pretrained/keras_names.txt

The parameters are filled under the names of our graphs by the formula of tests/zoo/formula.h, as in zoo.py, and laid out as
Keras wants them; networks run in float64. keras_names.txt says how the files that Keras writes name their tensors.
"""
import json
import math
import os
import pathlib
import re
import sys
import tempfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
import h5py  # noqa: E402
import keras  # noqa: E402
import numpy as np  # noqa: E402

GOLDEN = pathlib.Path(__file__).resolve().parents[2] / "tests" / "golden"
COUNT, CLASSES, HIDDEN = 2, 10, 64
# Odd sizes too: padding that follows the size is where Keras and PyTorch part.
SIZES = {
    "keras_resnet50": 64, "keras_resnet101": 65, "keras_resnet152": 64,
    "keras_resnet50v2": 65, "keras_resnet101v2": 64, "keras_resnet152v2": 79,
    "keras_densenet121": 65, "keras_inception_v3": 107,
    "keras_mobilenet_v2_035": 64, "keras_mobilenet_v2_050": 65, "keras_mobilenet_v2_075": 77,
    "keras_mobilenet_v2": 64, "keras_mobilenet_v2_130": 97, "keras_mobilenet_v2_140": 78,
    "keras_vgg16": 224,
}
APPLICATIONS = {
    "keras_resnet50": "ResNet50", "keras_resnet101": "ResNet101", "keras_resnet152": "ResNet152",
    "keras_resnet50v2": "ResNet50V2", "keras_resnet101v2": "ResNet101V2", "keras_resnet152v2": "ResNet152V2",
    "keras_inception_v3": "InceptionV3", "keras_densenet121": "DenseNet121", "keras_vgg16": "VGG16",
}
PROBES = 4


def hash_name(name):
    value = 0xCBF29CE484222325
    for byte in name.encode():
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return value


def centered(name, count):
    with np.errstate(over="ignore"):
        x = np.uint64(hash_name(name)) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        x ^= x >> np.uint64(31)
    return ((x >> np.uint64(40)).astype(np.int64) - (1 << 23)).astype(np.float64) * 2.0**-23


def range_of(name, shape):
    if len(shape) > 1:
        return 0.0, math.sqrt(6.0 / math.prod(shape[1:]))
    if name.endswith("running_var"):
        return 1.0, 0.25
    if name.endswith("bn3.weight"):
        return 0.5, 0.125
    if name.endswith(".weight"):
        return 1.0, 0.25
    return 0.0, 0.125


def filled(name, shape, limits=None):
    offset, factor = limits or range_of(name, shape)
    return (offset + factor * centered(name, math.prod(shape))).astype(np.float32).reshape(shape)


# What a layer of Keras is called in our graphs.

RESNET_V1 = {"1_conv": "conv1", "1_bn": "bn1", "2_conv": "conv2", "2_bn": "bn2", "3_conv": "conv3", "3_bn": "bn3",
             "0_conv": "downsample.0", "0_bn": "downsample.1"}
RESNET_V2 = {"preact_bn": "bn1", "1_conv": "conv1", "1_bn": "bn2", "2_conv": "conv2", "2_bn": "bn3", "3_conv": "conv3",
             "0_conv": "downsample"}


def resnet_name(layer, parts):
    outside = {"conv1_conv": "conv1", "conv1_bn": "bn1", "post_bn": "norm", "predictions": "fc"}
    if layer in outside:
        return outside[layer]
    stage, block, part = re.fullmatch(r"conv(\d)_block(\d+)_(.*)", layer).groups()
    return f"layer{int(stage) - 1}.{int(block) - 1}.{parts[part]}"


def mobilenet_name(layer):
    outside = {"Conv1": "features.0.0", "bn_Conv1": "features.0.1", "Conv_1": "features.18.0",
               "Conv_1_bn": "features.18.1", "predictions": "classifier.1"}
    if layer in outside:
        return outside[layer]
    if layer.startswith("expanded_conv_"):
        parts = {"depthwise": "0.0", "depthwise_BN": "0.1", "project": "1", "project_BN": "2"}
        return "features.1.conv." + parts[layer.removeprefix("expanded_conv_")]
    block, part = re.fullmatch(r"block_(\d+)_(.*)", layer).groups()
    parts = {"expand": "0.0", "expand_BN": "0.1", "depthwise": "1.0", "depthwise_BN": "1.1", "project": "2",
             "project_BN": "3"}
    return f"features.{int(block) + 1}.conv.{parts[part]}"


def densenet_name(layer):
    outside = {"conv1_conv": "features.conv0", "conv1_bn": "features.norm0", "bn": "features.norm5",
               "predictions": "classifier"}
    if layer in outside:
        return outside[layer]
    if layer.startswith("pool"):
        number, part = re.fullmatch(r"pool(\d)_(.*)", layer).groups()
        return f"features.transition{int(number) - 1}.{'norm' if part == 'bn' else 'conv'}"
    block, number, part = re.fullmatch(r"conv(\d)_block(\d+)_(.*)", layer).groups()
    parts = {"0_bn": "norm1", "1_conv": "conv1", "1_bn": "norm2", "2_conv": "conv2"}
    return f"features.denseblock{int(block) - 1}.denselayer{number}.{parts[part]}"


INCEPTION = (
    ["Conv2d_1a_3x3", "Conv2d_2a_3x3", "Conv2d_2b_3x3", "Conv2d_3b_1x1", "Conv2d_4a_3x3"]
    + [f"Mixed_5{b}.{unit}" for b in "bcd" for unit in
       ["branch1x1", "branch5x5_1", "branch5x5_2", "branch3x3dbl_1", "branch3x3dbl_2", "branch3x3dbl_3", "branch_pool"]]
    + [f"Mixed_6a.{unit}" for unit in ["branch3x3", "branch3x3dbl_1", "branch3x3dbl_2", "branch3x3dbl_3"]]
    + [f"Mixed_6{b}.{unit}" for b in "bcde" for unit in
       ["branch1x1", "branch7x7_1", "branch7x7_2", "branch7x7_3", "branch7x7dbl_1", "branch7x7dbl_2", "branch7x7dbl_3",
        "branch7x7dbl_4", "branch7x7dbl_5", "branch_pool"]]
    + [f"Mixed_7a.{unit}" for unit in
       ["branch3x3_1", "branch3x3_2", "branch7x7x3_1", "branch7x7x3_2", "branch7x7x3_3", "branch7x7x3_4"]]
    + [f"Mixed_7{b}.{unit}" for b in "bc" for unit in
       ["branch1x1", "branch3x3_1", "branch3x3_2a", "branch3x3_2b", "branch3x3dbl_1", "branch3x3dbl_2",
        "branch3x3dbl_3a", "branch3x3dbl_3b", "branch_pool"]]
)


def number_of(layer):
    return int((re.search(r"_(\d+)$", layer.name) or [0, 0])[1])


def inception_names(model):
    names = {"predictions": "fc"}
    for kind, part in ((keras.layers.Conv2D, "conv"), (keras.layers.BatchNormalization, "bn")):
        made = sorted((layer for layer in model.layers if isinstance(layer, kind)), key=number_of)
        names |= {layer.name: f"{unit}.{part}" for layer, unit in zip(made, INCEPTION, strict=True)}
    return names


def vgg_names(model):
    names = {"fc1": "classifier.0", "fc2": "classifier.3", "predictions": "classifier.6"}
    position = 0
    for layer in model.layers:
        if isinstance(layer, keras.layers.Conv2D):
            names[layer.name] = f"features.{position}"
            position += 1
        position += isinstance(layer, (keras.layers.Conv2D, keras.layers.MaxPooling2D))
    return names


def our_names(network, model):
    """Name of each layer with weights: Keras's -> ours."""
    layers = [layer.name for layer in model.layers if layer.weights]
    if "resnet" in network:
        return {layer: resnet_name(layer, RESNET_V2 if network.endswith("v2") else RESNET_V1) for layer in layers}
    if "densenet" in network:
        return {layer: densenet_name(layer) for layer in layers}
    if "mobilenet" in network:
        return {layer: mobilenet_name(layer) for layer in layers}
    return vgg_names(model) if "vgg" in network else inception_names(model)


PARAMETERS = {"kernel": "weight", "bias": "bias", "gamma": "weight", "beta": "bias", "moving_mean": "running_mean",
              "moving_variance": "running_var"}


def shape_here(layer, variable):
    """A variable's shape in our graphs."""
    shape = tuple(variable.shape)
    if len(shape) == 4:
        h, w, i, o = shape
        return (i * o, 1, h, w) if isinstance(layer, keras.layers.DepthwiseConv2D) else (o, i, h, w)
    return shape[::-1]


def laid_out(layer, variable, value, flattened):
    """`value` of our graphs as Keras wants it. `flattened` (h, w, c) is the map behind whose Flatten the layer stands."""
    if value.ndim == 4:
        if isinstance(layer, keras.layers.DepthwiseConv2D):
            return value.transpose(2, 3, 0, 1).reshape(tuple(variable.shape))
        return value.transpose(2, 3, 1, 0)
    if value.ndim == 2 and flattened:
        h, w, c = flattened
        return value.reshape(-1, c, h, w).transpose(2, 3, 1, 0).reshape(h * w * c, -1)
    return value.T


def make_network(network, size, classes=CLASSES, hidden=HIDDEN):
    options = {"weights": None, "input_shape": (size, size, 3), "classes": classes, "classifier_activation": None}
    if "mobilenet" in network:
        percent = re.search(r"_(\d{3})$", network)
        return keras.applications.MobileNetV2(alpha=int(percent[1]) / 100 if percent else 1.0, **options)
    application = getattr(keras.applications, APPLICATIONS[network])
    if "vgg" not in network or not hidden:
        return application(**options)
    # Narrower dense layers: they are most of it, and there is nothing special about 4096.
    base = application(weights=None, include_top=False, input_shape=(size, size, 3))
    x = keras.layers.Flatten(name="flatten")(base.output)
    x = keras.layers.Dense(hidden, activation="relu", name="fc1")(x)
    x = keras.layers.Dense(hidden, activation="relu", name="fc2")(x)
    return keras.Model(base.input, keras.layers.Dense(classes, name="predictions")(x))


def variables_of(network, model):
    """(our name, layer, variable, map behind whose Flatten it stands) of everything that has a value."""
    names = our_names(network, model)
    for layer in model.layers:
        for variable in layer.weights:
            part = PARAMETERS[variable.name.replace("depthwise_kernel", "kernel")]
            flattened = None
            if layer.name == "fc1" and part == "weight":
                flattened = tuple(model.get_layer("flatten").input.shape[1:])
            yield f"{names[layer.name]}.{part}", layer, variable, flattened


def fill(network, model):
    probes = {}
    for name, layer, variable, flattened in variables_of(network, model):
        value = filled(name, shape_here(layer, variable))
        probes[name] = [float(v) for v in value.flatten()[:PROBES]]
        variable.assign(laid_out(layer, variable, value, flattened))
    return probes


def pictures_of(size, count=COUNT):
    return filled("input", (count, 3, size, size), (0.0, 1.0)).transpose(0, 2, 3, 1)


def make_golden(network):
    size = SIZES[network]
    keras.backend.clear_session()
    model = make_network(network, size)
    probes = fill(network, model)
    logits = model(pictures_of(size).astype(np.float64), training=False).numpy()
    first, last = list(probes)[0], list(probes)[-2]
    return {
        "network": network,
        "reference": f"keras {keras.__version__}",
        "size": size,
        "classes": CLASSES,
        **({"hidden": HIDDEN} if "vgg" in network else {}),
        "parameters": int(sum(math.prod(v.shape) for v in model.trainable_weights)),
        "tensors": len(probes),
        "probes": {first: probes[first], last: probes[last]},
        "scale": float(np.abs(logits).max()),
        "logits": [[float(f"{v:.9g}") for v in row] for row in logits],
    }


def least_change(network):
    """The parameter whose change by an eighth moves the logits least, and how far relative to the largest."""
    size = 75 if "inception" in network else 224 if "vgg" in network else 64
    keras.backend.clear_session()
    model = make_network(network, size)
    fill(network, model)
    pictures = pictures_of(size, 1).astype(np.float64)
    logits = model.predict_on_batch(pictures)
    changes = {}
    for name, _, variable, _ in variables_of(network, model):
        before = variable.numpy()
        variable.assign(before * 1.125)
        changes[name] = float(np.abs(model.predict_on_batch(pictures) - logits).max() / np.abs(logits).max())
        variable.assign(before)
    return min(changes.items(), key=lambda item: item[1])


# How files of Keras name things.

NAMED = {"densenet121": ("keras_densenet121", 32), "resnet50": ("keras_resnet50", 32), "resnet50v2": ("keras_resnet50v2", 32),
         "inception_v3": ("keras_inception_v3", 75), "mobilenet_v2_035": ("keras_mobilenet_v2_035", 32),
         "vgg16": ("keras_vgg16", 224)}


def legacy_lines(path):
    """layer variable shape variable shape .. in the order of the file."""
    with h5py.File(path) as file:
        group = file["model_weights"] if "model_weights" in file else file
        for layer in group.attrs["layer_names"]:
            words = [layer]
            for weight in group[layer].attrs["weight_names"]:
                shape = group[layer][weight].shape
                words += [weight.rsplit("/", 1)[1], "x".join(str(side) for side in shape)]
            if len(words) > 1:
                yield " ".join(words)


def class_lines(path, layers):
    """class_number=layer, for each layer that has variables, in the order of its class."""
    with h5py.File(path) as file:
        found = [(name, group["vars"].attrs["name"]) for name, group in file["layers"].items() if len(group["vars"])]
    key = lambda pair: (re.sub(r"_\d+$", "", pair[0]), int((re.search(r"_(\d+)$", pair[0]) or [0, -1])[1]))
    for name, layer in sorted(found, key=key):
        assert layer in layers
        yield f"{name}={layer}"


def write_names():
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        for name, (network, size) in NAMED.items():
            keras.backend.clear_session()
            model = make_network(network, size, classes=3, hidden=0)
            model.save_weights(f"{folder}/a.weights.h5")
            model.save(f"{folder}/a.h5")
            lines += [f"# {name}, keras {keras.__version__}: .h5", *legacy_lines(f"{folder}/a.h5")]
            layers = [layer.name for layer in model.layers]
            lines += [f"# {name}: .weights.h5", *class_lines(f"{folder}/a.weights.h5", layers)]
    target = GOLDEN / "pretrained" / "keras_names.txt"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("\n".join(lines) + "\n")
    print(target, len(lines), "lines")


def write_goldens(networks):
    for network in networks:
        golden = make_golden(network)
        (GOLDEN / "zoo" / f"{network}.json").write_text(json.dumps(golden, indent=1) + "\n")
        print(network, golden["parameters"], "parameters, largest logit", golden["scale"], flush=True)


def show_sensitivity(networks):
    for network in networks:
        parameter, change = least_change(network)
        print(f"{network}: {parameter} matters least: {change:.2e} of the largest logit", flush=True)
        assert change > 5e-5, "a parameter that the parity test would not see"


if __name__ == "__main__":
    words = sys.argv[1:]
    if words == ["--names"]:
        write_names()
    else:
        keras.config.set_floatx("float64")
        if words[:1] == ["--sensitivity"]:
            show_sensitivity(words[1:] or SIZES)
        else:
            write_goldens(words or SIZES)
