#!/usr/bin/env python3
"""Whole runs of two published Keras notebooks on CIFAR-10, Keras beside us: time, and the largest memory.

    python3 benchmarks/peers/whole_run.py ENXERTO CIFAR_FOLDERS RECIPE --weights NOTOP.h5 --keras-python PYTHON
            [--precision fp32|bf16] [--peer-epochs 10] [--second] [--convex]

RECIPE is vgg16-cifar10-notebook or resnet50-cifar10. CIFAR_FOLDERS has a folder of pictures a class in train and in test; both sides get
the same pixels as arrays: we as CIFAR's binary files, Keras in memory, its loading not counted. Both have the weights of NOTOP.h5
(saved by Keras without its top) and as many threads as there are cores. With fewer --peer-epochs Keras's time is that of its steady
epochs (all but the first) times ten plus its first one's surplus. Ours is the whole process, from an empty cache.
"""
import argparse
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

KERAS = {
    "vgg16-cifar10-notebook": {"network": "VGG16", "batch": 64, "preprocess": True, "pool": "flatten", "hidden": 256, "dropout": 0.5},
    "resnet50-cifar10": {"network": "ResNet50", "batch": 32, "preprocess": False, "pool": "avg", "hidden": 1024, "dropout": 0},
}


def pictures(folder, part):
    """All pictures of a part as (n, 32, 32, 3) and their classes, in the order of class and file name."""
    import numpy
    from PIL import Image

    arrays, labels = [], []
    for number, one in enumerate(sorted(pathlib.Path(folder, part).iterdir())):
        for file in sorted(one.iterdir()):
            arrays.append(numpy.asarray(Image.open(file).convert("RGB")))
            labels.append(number)
    return numpy.stack(arrays), numpy.array(labels)


def write_binary(folder, to):
    """CIFAR-10's own binary files: one byte of class, then 3 x 1024 bytes a picture; shuffled as the original is."""
    import numpy

    to.mkdir()
    names = sorted(one.name for one in pathlib.Path(folder, "train").iterdir())
    (to / "batches.meta.txt").write_text("\n".join(names) + "\n")
    for part in ("train", "test"):
        pixels, labels = pictures(folder, part)
        order = numpy.random.default_rng(0).permutation(len(labels))
        rows = numpy.concatenate([labels[:, None].astype("uint8"), pixels.transpose(0, 3, 1, 2).reshape(len(labels), -1)], 1)[order]
        blocks = numpy.array_split(rows, 5) if part == "train" else [rows]
        for i, block in enumerate(blocks):
            block.tofile(to / (f"data_batch_{i + 1}.bin" if part == "train" else "test_batch.bin"))


def as_keras(recipe, data, weights, epochs):
    """The notebook. Prints seconds of each epoch as JSON."""
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    import keras
    import numpy

    what = KERAS[recipe]

    def binary(files):
        rows = numpy.concatenate([numpy.fromfile(file, "uint8").reshape(-1, 3073) for file in files])
        return rows[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1).astype("float32"), keras.utils.to_categorical(rows[:, 0], 10)

    data = pathlib.Path(data)
    x, y = binary(sorted(data.glob("data_batch_*.bin")))
    tx, ty = binary([data / "test_batch.bin"])
    start = time.time()
    if what["preprocess"]:
        x, tx = keras.applications.vgg16.preprocess_input(x), keras.applications.vgg16.preprocess_input(tx)
    else:
        x, tx = x / 255, tx / 255
    base = getattr(keras.applications, what["network"])(weights=weights, include_top=False, input_shape=(32, 32, 3))
    base.trainable = False
    model = keras.Sequential([base, keras.layers.Flatten() if what["pool"] == "flatten" else keras.layers.GlobalAveragePooling2D()])
    model.add(keras.layers.Dense(what["hidden"], activation="relu"))
    if what["dropout"]:
        model.add(keras.layers.Dropout(what["dropout"]))
    model.add(keras.layers.Dense(10, activation="softmax"))
    model.compile(keras.optimizers.Adam(1e-3), loss="categorical_crossentropy", metrics=["accuracy"])
    before = time.time() - start
    seconds = []

    class Clock(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            self.start = time.time()

        def on_epoch_end(self, epoch, logs=None):
            seconds.append(time.time() - self.start)

    history = model.fit(x, y, batch_size=what["batch"], epochs=epochs, validation_data=(tx, ty), verbose=0, callbacks=[Clock()])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    arrays = (x.nbytes + tx.nbytes) / 1e6
    print(json.dumps({"before": before, "epochs": seconds, "accuracy": history.history["val_accuracy"][-1], "peak_mb": peak, "arrays_mb": arrays}))


def timed(command):
    start = time.time()
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    out = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"failed: {command}")
    return json.loads(out.splitlines()[-1]), time.time() - start, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("enxerto")
    parser.add_argument("data")
    parser.add_argument("recipe", choices=list(KERAS))
    parser.add_argument("--weights", required=True)
    parser.add_argument("--keras-python", default=sys.executable)
    parser.add_argument("--precision", default="fp32", choices=["fp32", "bf16"])
    parser.add_argument("--peer-epochs", type=int, default=10)
    parser.add_argument("--peer-seconds", type=float, default=0, help="Keras's time from an earlier run on this machine, to compare with")
    parser.add_argument("--second", action="store_true", help="then another head on the cached features")
    parser.add_argument("--convex", action="store_true", help="then the exact linear head, its strength given")
    parser.add_argument("--as-keras", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.as_keras:
        return as_keras(arguments.recipe, arguments.data, arguments.weights, arguments.peer_epochs)

    recipe = pathlib.Path(__file__).parents[2] / "recipes" / (arguments.recipe + ".toml")
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        binary = pathlib.Path(folder, "cifar")
        write_binary(arguments.data, binary)
        keras_seconds = arguments.peer_seconds
        if not keras_seconds:
            command = [arguments.keras_python, __file__, arguments.enxerto, str(binary), arguments.recipe, "--as-keras"]
            found, _, peak = timed([*command, "--weights", arguments.weights, "--peer-epochs", str(arguments.peer_epochs)])
            steady = sum(found["epochs"][1:]) / max(1, len(found["epochs"]) - 1) if len(found["epochs"]) > 1 else found["epochs"][0]
            keras_seconds = found["before"] + found["epochs"][0] + 9 * steady
            rows.append((f"Keras, {arguments.peer_epochs} epochs timed", keras_seconds, 1.0, found["peak_mb"], found["accuracy"]))

        def ours(name, *extra):
            command = [arguments.enxerto, "train", str(binary), "--recipe", str(recipe), "--weights", arguments.weights]
            command += ["--cache", folder + "/cache", "--output", folder + "/model", "--replace", "--json", "--quiet"]
            command += ["--precision", arguments.precision, "--train-precision", arguments.precision, *extra]
            found, seconds, peak = timed(command)
            rows.append((name, seconds, keras_seconds / seconds, peak, found["test"]["accuracy"]["value"]))
            print(f"  {name}: {json.dumps(found['seconds'])}", file=sys.stderr)

        ours(f"Enxerto {arguments.precision}, empty cache")
        if arguments.second:
            ours(f"Enxerto {arguments.precision}, another head", "--seed", "1")
        if arguments.convex:
            subprocess.run(["rm", "-rf", folder + "/cache"], check=True)
            command = [arguments.enxerto, "train", str(binary), "--backbone", KERAS[arguments.recipe]["network"].lower()]
            command += ["--weights", arguments.weights, "--size", "32", "--l2", "100", "--precision", arguments.precision]
            if not KERAS[arguments.recipe]["preprocess"]:
                command += ["--normalise", "unit"]
            command += ["--cache", folder + "/cache", "--output", folder + "/model", "--replace", "--json", "--quiet"]
            found, seconds, peak = timed(command)
            rows.append(
                (f"Enxerto {arguments.precision}, exact linear head, empty cache", seconds, keras_seconds / seconds, peak, found["test"]["accuracy"]["value"])
            )
    print("| run | seconds | times Keras | peak MB | test accuracy |\n|---|---|---|---|---|")
    for name, seconds, ratio, peak, accuracy in rows:
        print(f"| {name} | {seconds:.1f} | {ratio:.1f} | {peak:.0f} | {accuracy:.4f} |")


main()
