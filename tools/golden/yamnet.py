"""Writes tests/golden/speech/yamnet: a narrow YAMNet with random weights in the form of the published yamnet.h5, and what
it answers.

Usage: python tools/golden/yamnet.py     (needs tensorflow, h5py)

The network and its features are written down from tensorflow/models, research/audioset/yamnet (yamnet.py, features.py,
params.py), but for the names of layers, which Keras 3 does not allow. answers.safetensors has three made-up clips at
16 kHz as int16, "sound.N", of which the first is shorter than a patch and the second as long as one, "patch.1" (96, 64), the
features of the second, and "embeddings.N" (patches, width).
"""
import pathlib
import sys

import h5py
import keras
import numpy as np
import tensorflow as tf
from keras import layers

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from plain_safetensors import save

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "tests" / "golden" / "speech" / "yamnet"
PUBLISHED = (32, 64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024)
STRIDES = (2, 1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1)
RATE, WINDOW, HOP, BANDS, LOWEST, HIGHEST, OFFSET = 16_000, 400, 160, 64, 125.0, 7500.0, 0.001
PATCH, PATCH_HOP, CLASSES = 96, 48, 521


def pad_waveform(waveform):
    least = int((0.96 + 0.025 - 0.010) * RATE)
    samples = len(waveform)
    hop = int(0.48 * RATE)
    longer = max(samples, least)
    hops = int(np.ceil(np.float32(longer - least) / np.float32(hop)))
    return np.pad(waveform, (0, least + hops * hop - samples))


def log_mel(waveform):
    magnitude = tf.abs(tf.signal.stft(signals=waveform, frame_length=WINDOW, frame_step=HOP, fft_length=512))
    matrix = tf.signal.linear_to_mel_weight_matrix(num_mel_bins=BANDS, num_spectrogram_bins=257, sample_rate=RATE,
                                                   lower_edge_hertz=LOWEST, upper_edge_hertz=HIGHEST)
    return tf.math.log(tf.matmul(magnitude, tf.cast(matrix, magnitude.dtype)) + OFFSET)


def patches(waveform):
    """(patches, 96, 64)"""
    return tf.signal.frame(log_mel(pad_waveform(waveform)), frame_length=PATCH, frame_step=PATCH_HOP, axis=-2)


def network(channels=PUBLISHED, classes=CLASSES):
    """(patches, 96, 64) to embeddings, and its layers by their published names."""
    named = {}

    def layer(name, made, x):
        named[name] = made
        return made(x)

    def norm(name):
        return layers.BatchNormalization(center=True, scale=False, epsilon=1e-4)

    features = layers.Input((PATCH, BANDS))
    net = layers.Reshape((PATCH, BANDS, 1))(features)
    for i, (stride, filters) in enumerate(zip(STRIDES, channels)):
        scope = f"layer{i + 1}"
        if i == 0:
            net = layer(f"{scope}/conv", layers.Conv2D(filters, (3, 3), stride, "same", use_bias=False), net)
            net = layers.ReLU()(layer(f"{scope}/conv/bn", norm(scope), net))
            continue
        depthwise, pointwise = f"{scope}/depthwise_conv", f"{scope}/pointwise_conv"
        net = layer(depthwise, layers.DepthwiseConv2D((3, 3), stride, "same", depth_multiplier=1, use_bias=False), net)
        net = layers.ReLU()(layer(f"{depthwise}/bn", norm(scope), net))
        net = layer(pointwise, layers.Conv2D(filters, (1, 1), 1, "same", use_bias=False), net)
        net = layers.ReLU()(layer(f"{pointwise}/bn", norm(scope), net))
    embeddings = layers.GlobalAveragePooling2D()(net)
    logits = layer("logits", layers.Dense(classes), embeddings)
    return keras.Model(features, [embeddings, logits]), named


VARIABLES = {"Conv2D": ("kernel",), "DepthwiseConv2D": ("depthwise_kernel",), "Dense": ("kernel", "bias"),
             "BatchNormalization": ("beta", "moving_mean", "moving_variance")}


def randomise(named, seed):
    """Weights under which neither the lowest nor the highest layer dies."""
    random = np.random.default_rng(seed)
    for made in named.values():
        values = []
        for name, old in zip(VARIABLES[type(made).__name__], made.get_weights()):
            if "kernel" in name:
                inputs = np.prod(old.shape[:2]) if name == "depthwise_kernel" else np.prod(old.shape[:-1])
                values.append(random.normal(0, np.sqrt(2 / inputs), old.shape))
            elif name == "moving_variance":
                values.append(random.uniform(0.5, 1.5, old.shape))
            else:
                values.append(random.normal(0, 0.2, old.shape))
        made.set_weights(values)


def save_h5(path, named, classes=True):
    """As Keras 2 saves weights: layers by name, each with its variables under their own full names."""
    with h5py.File(path, "w", libver="latest") as file:
        kept = [name for name in named if classes or name != "logits"]
        file.attrs["layer_names"] = [name.encode() for name in kept]
        file.attrs["backend"], file.attrs["keras_version"] = b"tensorflow", b"2.2.4-tf"
        for name in kept:
            variables = VARIABLES[type(named[name]).__name__]
            group = file.create_group(name)
            group.attrs["weight_names"] = [f"{name}/{variable}:0".encode() for variable in variables]
            for variable, value in zip(variables, named[name].get_weights()):
                group[f"{name}/{variable}:0"] = value.astype(np.float32)


def sound(seconds, pitch):
    time = np.arange(round(seconds * RATE)) / RATE
    noise = np.random.default_rng(int(pitch)).standard_normal(len(time))
    wave = 0.1 + 0.4 * np.sin(2 * np.pi * (pitch + 900 * time) * time) + 0.05 * noise
    return np.round(wave * 32_768).astype(np.int16)


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    model, named = network((4, 4, 6, 6, 6, 6, 8, 8, 8, 8, 8, 8, 10, 12), 5)
    randomise(named, 7)
    save_h5(FOLDER / "yamnet.h5", named)
    answers = {}
    for number, (seconds, pitch) in enumerate([(0.31, 300), (0.975, 500), (1.2, 200)]):
        clip = sound(seconds, pitch)
        features = patches(clip.astype(np.float32) / 32_768)
        answers[f"sound.{number}"] = clip
        if number == 1:
            answers[f"patch.{number}"] = features.numpy()[0]
        answers[f"embeddings.{number}"] = np.asarray(model(features)[0])
    save(FOLDER / "answers.safetensors", answers)
    print({name: (value.shape, float(np.abs(value).max())) for name, value in answers.items()})


if __name__ == "__main__":
    main()
