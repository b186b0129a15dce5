#!/usr/bin/env python3
"""Holds our networks against keras.applications, with files that Keras saves: .h5, .weights.h5 and .keras.

    python3 tools/parity/keras_networks.py ENXERTO [ROWS.json] [NAME..]      (needs keras, tensorflow, pillow)

Weights are filled as tools/golden/keras_zoo.py fills them. Each network runs at two sizes, with its classifier and, from a
.h5, without it; the preprocessing is Keras's own `preprocess_input`.
"""
import dataclasses
import os
import pathlib
import sys
import tempfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
import keras  # noqa: E402
import numpy as np  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "golden")]
import comparison  # noqa: E402
import keras_zoo  # noqa: E402

CLASSES = 1000
KINDS = (".h5", ".weights.h5", ".keras")


@dataclasses.dataclass
class Network:
    architecture: str  # row of our zoo
    backbone: str  # what the user calls it
    application: str
    module: str  # of keras.applications, with its preprocess_input
    sizes: tuple = (224, 97)
    options: dict = dataclasses.field(default_factory=dict)

    def make(self, size, **options):
        return getattr(keras.applications, self.application)(
            weights=None, input_shape=(size, size, 3), **self.options, **options)

    def prepared(self, pictures):
        return getattr(keras.applications, self.module).preprocess_input(pictures.astype(np.float32))


def mobile(percent):
    suffix = "" if percent == 100 else f"_{percent:03d}"
    return Network(f"keras_mobilenet_v2{suffix}", f"mobilenet_v2{suffix}", "MobileNetV2", "mobilenet_v2", (224, 101),
                   {"alpha": percent / 100})


NETWORKS = (
    [Network(f"vgg{depth}", f"vgg{depth}", f"VGG{depth}", f"vgg{depth}", (224,)) for depth in (16, 19)]
    + [Network(f"keras_resnet{d}", f"resnet{d}", f"ResNet{d}", "resnet", (224, 33)) for d in (50, 101, 152)]
    + [Network(f"keras_resnet{d}v2", f"resnet{d}v2", f"ResNet{d}V2", "resnet_v2", (224, 75)) for d in (50, 101, 152)]
    + [Network("keras_densenet121", "densenet121", "DenseNet121", "densenet", (224, 95))]
    + [Network("keras_inception_v3", "inception_v3", "InceptionV3", "inception_v3", (299, 150))]
    + [mobile(percent) for percent in (35, 50, 75, 100, 130, 140)]
)


def fill(network, model):
    """The formula of keras_zoo; of a tensor above 16 million elements (VGG's) the first part again and again."""
    largest = 1 << 24
    for name, layer, variable, flattened in keras_zoo.variables_of(network.architecture, model):
        shape = keras_zoo.shape_here(layer, variable)
        offset, factor = keras_zoo.range_of(name, shape)
        count = int(np.prod(shape))
        part = (offset + factor * keras_zoo.centered(name, min(count, largest))).astype(np.float32)
        value = np.resize(part, count).reshape(shape)
        variable.assign(keras_zoo.laid_out(layer, variable, value, flattened))


def save(model, folder, kind):
    path = pathlib.Path(folder) / f"saved{kind}"
    (model.save_weights if kind == ".weights.h5" else model.save)(path)
    return path


def without_top(network, model, size):
    """The same network without its dense layers, which are the last: pooled features, or VGG's map."""
    bare = network.make(size, include_top=False, pooling=None if "vgg" in network.architecture else "avg")
    bare.set_weights(model.get_weights()[: len(bare.get_weights())])
    return bare


def features_of(model, prepared):
    """A map is flattened in the order of ours."""
    features = model.predict(prepared, verbose=0)
    return features.transpose(0, 3, 1, 2).reshape(len(features), -1) if features.ndim == 4 else features


def rows_of(enxerto, network):
    keras.backend.clear_session()
    with tempfile.TemporaryDirectory() as folder:
        for size in network.sizes:
            model = network.make(size, classes=CLASSES, classifier_activation=None)
            fill(network, model)
            arrays = comparison.pictures(size)
            prepared = network.prepared(arrays)
            logits = model.predict(prepared, verbose=0)
            for kind in KINDS if size == network.sizes[0] else KINDS[:1]:
                row = comparison.Row(network.architecture, "keras", kind, size, 0, 0)
                file = save(model, folder, kind)
                yield comparison.compare(enxerto, logits, arrays, row, backbone=network.backbone, weights=file)
                file.unlink()
            if size != network.sizes[0]:
                continue
            bare = without_top(network, model, size)
            file = save(bare, folder, ".h5")
            row = comparison.Row(network.architecture, "keras", ".h5 without top", size, 0, 0)
            yield comparison.compare(enxerto, features_of(bare, prepared), arrays, row, backbone=network.backbone, weights=file)
            del model, bare


def main():
    enxerto, words = sys.argv[1], sys.argv[2:]
    target = words.pop(0) if words and words[0].endswith(".json") else None
    rows, failures = [], 0
    for network in NETWORKS:
        if words and network.architecture not in words:
            continue
        try:
            for row in rows_of(enxerto, network):
                rows.append(row)
        except RuntimeError as error:
            failures += 1
            print("FAILED", network.architecture, error, flush=True)
    if target:
        comparison.save_rows(target, rows)
    unequal = sum(not row.equal for row in rows)
    print(f"{len(rows)} comparisons, {unequal} not equal, {failures} failed")
    sys.exit(bool(unequal or failures))


if __name__ == "__main__":
    main()
