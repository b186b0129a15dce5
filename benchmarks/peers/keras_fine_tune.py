#!/usr/bin/env python3
"""Keras's transfer learning guide with its defaults on DATA/train, judged on DATA/test: one line of JSON.

    python3 benchmarks/peers/keras_fine_tune.py DATA WEIGHTS [--size 224] [--seed 0] [--threads 2]

https://keras.io/guides/transfer_learning: RandomFlip and RandomRotation(0.1), the base with training=False, mean over places,
Dropout(0.2) and a Dense layer; Adam at 1e-3 for 20 epochs with the base frozen, then Adam at 1e-5 for 10 with all of it (the
numbers of the guide before its runs were shortened for its page), batches of 64. The base is EfficientNet-Lite0, which Keras does not
have, written here, with the weights that Enxerto has (efficientnet_pytorch's file, read by torch). Run by
benchmarks/defaults.py --keras PYTHON; needs tensorflow and torch.
"""
import argparse
import json
import os
import pathlib
import time

STAGES = ((1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112), (4, 5, 2, 6, 192), (1, 3, 1, 6, 320))


def lite0(size):
    """Repeats, kernel, stride, expansion and channels of the stages as in TensorFlow's EfficientNet-Lite0."""
    from keras import Input, Model, layers

    def normed(x, relu=True):
        x = layers.BatchNormalization(epsilon=1e-3)(x)
        return layers.ReLU(max_value=6)(x) if relu else x

    inputs = Input((size, size, 3))
    x = normed(layers.Conv2D(32, 3, 2, "same", use_bias=False)(inputs))
    for repeats, kernel, stride, expansion, channels in STAGES:
        for number in range(repeats):
            before = x
            if expansion > 1:
                x = normed(layers.Conv2D(expansion * x.shape[-1], 1, use_bias=False)(x))
            x = normed(layers.DepthwiseConv2D(kernel, stride if number == 0 else 1, "same", use_bias=False)(x))
            x = normed(layers.Conv2D(channels, 1, use_bias=False)(x), relu=False)
            if number > 0:
                x = layers.Add()([before, x])
    return Model(inputs, normed(layers.Conv2D(1280, 1, use_bias=False)(x)))


def load_by_order(model, file):
    import torch
    from keras import layers

    given = [one.numpy() for name, one in torch.load(file, map_location="cpu", weights_only=True).items()
             if not name.startswith("_fc") and not name.endswith("num_batches_tracked")]
    for layer in model.layers:
        if isinstance(layer, layers.BatchNormalization):
            layer.set_weights([given.pop(0) for _ in range(4)])
        elif isinstance(layer, layers.DepthwiseConv2D):
            layer.set_weights([given.pop(0).transpose(2, 3, 0, 1)])
        elif isinstance(layer, layers.Conv2D):
            layer.set_weights([given.pop(0).transpose(2, 3, 1, 0)])
    if given:
        raise SystemExit(f"{file}: {len(given)} tensors have no layer")


def main():
    start = time.perf_counter()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("weights", type=pathlib.Path)
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    import keras
    import tensorflow as tf
    from keras import layers

    tf.config.threading.set_intra_op_parallelism_threads(options.threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    keras.utils.set_random_seed(options.seed)
    read = {part: keras.utils.image_dataset_from_directory(options.data / part, image_size=(options.size,) * 2, batch_size=64,
                                                           shuffle=part == "train", seed=options.seed, verbose=False)
            for part in ("train", "test")}
    classes = len(read["train"].class_names)
    change = keras.Sequential([layers.RandomFlip("horizontal"), layers.RandomRotation(0.1)])
    train = read["train"].cache().shuffle(512).map(lambda x, y: (change(x, training=True), y)).prefetch(2)
    base = lite0(options.size)
    load_by_order(base, options.weights)
    base.trainable = False
    inputs = keras.Input((options.size, options.size, 3))
    x = base(layers.Rescaling(1 / 127.5, offset=-1)(inputs), training=False)
    outputs = layers.Dense(classes)(layers.Dropout(0.2)(layers.GlobalAveragePooling2D()(x)))
    model = keras.Model(inputs, outputs)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss, metrics=["accuracy"])
    model.fit(train, epochs=20, verbose=0)
    base.trainable = True
    model.compile(keras.optimizers.Adam(1e-5), loss, metrics=["accuracy"])
    model.fit(train, epochs=10, verbose=0)
    log_loss, right = model.evaluate(read["test"], verbose=0)
    print(json.dumps({"accuracy": float(right), "log_loss": float(log_loss), "seconds_inside": time.perf_counter() - start}))


if __name__ == "__main__":
    main()
