#!/usr/bin/env python3
"""Writes tests/golden/weights/keras: one small network in every format of Keras, and small HDF5 files made to be refused.

Usage: keras_files.py [OUTPUT]. Needs keras 3, tensorflow and h5py; run it with TF_CPP_MIN_LOG_LEVEL=3.
The n-th tensor of the network, in the order of its layers, holds 100 n, 100 n + 1, ..: the tests need no second file.
"""
import os
import pathlib
import sys

import h5py
import keras
import ml_dtypes
import numpy
from keras import layers
from keras.src.legacy.saving import legacy_h5_format

OUTPUT = pathlib.Path(
    sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2] / "tests/golden/weights/keras")


def ramp(shape, start):
    return numpy.arange(start, start + int(numpy.prod(shape)), dtype="float32").reshape(shape)


def network():
    inside = keras.Input((4, 4, 1))
    inner = keras.Model(inside, layers.BatchNormalization(name="conv_bn")(layers.Conv2D(2, 3, name="conv")(inside)),
                        name="inner")
    picture = keras.Input((4, 4, 1))
    value = inner(picture)
    value = layers.BatchNormalization(scale=False, name="bn")(value)
    value = layers.DepthwiseConv2D(2, name="dw")(value)
    value = layers.SeparableConv2D(3, 1, use_bias=False, name="sep")(value)
    model = keras.Model(picture, layers.Dense(2, name="head")(layers.Flatten(name="flat")(value)), name="outer")
    number = 0
    for layer in [*inner.layers, *model.layers]:
        if layer is inner:
            continue
        for variable in layer.weights:
            variable.assign(ramp(variable.shape, 100 * number))
            number += 1
    model.compile("sgd", "mse")
    return model


def in_every_format(model):
    model.save(OUTPUT / "network.h5")
    model.save(OUTPUT / "network.keras")
    model.save_weights(OUTPUT / "network.weights.h5")
    whole, legacy_h5_format.HDF5_OBJECT_HEADER_LIMIT = legacy_h5_format.HDF5_OBJECT_HEADER_LIMIT, 40
    with h5py.File(OUTPUT / "split.h5", "w") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, model)
    legacy_h5_format.HDF5_OBJECT_HEADER_LIMIT = whole


def legacy(file, tensors):
    """Tensors by (layer, weight name), as Keras 1 and 2 wrote them: names of a fixed length, numbers from 0 up."""
    names = list(dict.fromkeys(layer for layer, _ in tensors))
    file.attrs["layer_names"] = [name.encode() for name in names]
    file.attrs["keras_version"] = numpy.bytes_("2.0.6")
    for name in names:
        group = file.require_group(name)
        weights = [weight for layer, weight in tensors if layer == name]
        group.attrs["weight_names"] = [weight.encode() for weight in weights]
        for weight in weights:
            group[weight] = ramp((2, 3), 0)


def as_published():
    with h5py.File(OUTPUT / "published.h5", "w") as file:
        legacy(file, [("block1_conv1", "block1_conv1_W_1:0"), ("block1_conv1", "block1_conv1_b_1:0"),
                      ("bn_1", "bn_1_running_std:0"), ("conv1/conv", "conv1/conv/kernel:0"),
                      ("expanded_conv_depthwise", "expanded_conv_depthwise/depthwise_kernel:0"),
                      ("fc", "fc_3/kernel:0"), ("fc", "fc_3/bias:0"), ("vgg", "vgg_1/kernel:0"), ("vgg", "top/kernel:0"),
                      ("stage_0_layer_scale", "Variable:0")])
    with h5py.File(OUTPUT / "no_layer_names.h5", "w") as file:
        legacy(file, [("fc", "fc/kernel:0")])
        del file.attrs["layer_names"]
    with h5py.File(OUTPUT / "absent_weight.h5", "w") as file:
        legacy(file, [("fc", "fc/kernel:0")])
        del file["fc/fc/kernel:0"]


def every_type():
    """Data sets of each type and layout under `vars` of a layer that Keras does not know."""
    with h5py.File(OUTPUT / "types.weights.h5", "w") as file:
        group = file.create_group("layers/my_layer/vars")
        group.attrs["name"] = "mine"
        for name, dtype in dict(f64="<f8", f32="<f4", f16="<f2", i64="<i8", i32="<i4", i16="<i2", i8="i1", u64="<u8",
                                u32="<u4", u16="<u2", u8="u1", big_f32=">f4", big_i64=">i8").items():
            group[name] = numpy.arange(6).reshape(2, 3).astype(dtype)
        group["boolean"] = numpy.array([[False, True, True], [True, True, False]])
        brain = group.create_dataset("bf16", data=numpy.arange(6).reshape(2, 3).astype(ml_dtypes.bfloat16))
        brain.attrs["dtype"] = "bfloat16"
        group["scalar"] = numpy.float32(7)
        group["empty"] = numpy.zeros((0, 5), "f4")
        group["text"] = "not a tensor"
        packed = dict(chunks=(3, 4), compression="gzip", shuffle=True, fletcher32=True)
        group.create_dataset("packed_f64", data=ramp((7, 5), 0).astype("f8"), **packed)
        group.create_dataset("packed_f16", data=ramp((7, 5), 0).astype("f2"), **packed)
        group.create_dataset("chunked", data=ramp((7, 5), 0), chunks=(3, 4))
        plan = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        plan.set_layout(h5py.h5d.COMPACT)
        compact = h5py.h5d.create(group.id, b"compact", h5py.h5t.IEEE_F32LE, h5py.h5s.create_simple((2, 3)), plan)
        compact.write(h5py.h5s.ALL, h5py.h5s.ALL, ramp((2, 3), 0))


def hostile():
    def layer(name):
        file = h5py.File(OUTPUT / name, "w")
        return file, file.create_group("layers/dense/vars")

    file, group = layer("external_link.h5")
    group["0"] = h5py.ExternalLink("/etc/hostname", "/0")
    file.close()
    file, group = layer("soft_link.h5")
    group["0"] = h5py.SoftLink("/layers")
    file.close()
    file, group = layer("external_storage.h5")
    group.create_dataset("0", (4,), "f4", external=[("/etc/hostname", 0, 16)])
    file.close()
    file, group = layer("virtual.h5")
    layout = h5py.VirtualLayout((4,), "f4")
    layout[:] = h5py.VirtualSource("other.h5", "x", (4,))
    group.create_virtual_dataset("0", layout)
    file.close()
    file, group = layer("huge.h5")
    group.create_dataset("0", (10**15,), "f4")
    file.close()
    file, group = layer("huge_chunks.h5")
    group.create_dataset("0", (10**15,), "f4", chunks=(1024,), compression="gzip")
    file.close()
    file, group = layer("overflowing.h5")
    group.create_dataset("0", (2**40, 2**40), "f4", chunks=(16, 16))
    file.close()
    file, group = layer("missing_chunk.h5")
    group.create_dataset("0", (8,), "f4", chunks=(4,), compression="gzip")[0:4] = 1
    file.close()
    file, group = layer("lzf.h5")
    group.create_dataset("0", data=ramp((8,), 0), compression="lzf")
    file.close()
    file, group = layer("circle.h5")
    group["again"] = file["layers"]
    file.close()
    file, group = layer("zeros.h5")
    group.create_dataset("0", data=numpy.zeros((1 << 18,), "f4"), chunks=(1 << 18,), compression="gzip")
    file.close()
    file, group = layer("bad_chunk.h5")
    offset = group.create_dataset("0", data=ramp((64,), 0), chunks=(64,), compression="gzip").id.get_chunk_info(0)
    file.close()
    with open(OUTPUT / "bad_chunk.h5", "r+b") as raw:
        raw.seek(offset.byte_offset + 8)
        raw.write(b"\xff" * 8)
    # A text that is longer than the heap that it lies in: HDF5 1.10 reads beyond the end of its memory.
    file, group = layer("bad_heap.h5")
    group.attrs["name"] = "dense"
    file.close()
    path = OUTPUT / "bad_heap.h5"
    content = bytearray(path.read_bytes())
    size_of_first_object = content.index(b"GCOL") + 16 + 8
    content[size_of_first_object:size_of_first_object + 8] = (1 << 40).to_bytes(8, "little")
    path.write_bytes(content)


OUTPUT.mkdir(parents=True, exist_ok=True)
keras.utils.set_random_seed(0)
in_every_format(network())
as_published()
every_type()
hostile()
