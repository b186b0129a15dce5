#!/usr/bin/env python3
"""Writes tests/golden/weights: small files of torch.save and safetensors, as PyTorch itself makes them.

Usage: pytorch_files.py [OUTPUT]. Needs torch, safetensors and numpy. Run it with `python -W ignore`: PyTorch deprecates some
of what published files contain.
Each number follows from its index, so that the tests know what to expect without a second file.
"""
import argparse
import collections
import datetime
import enum
import fractions
import functools
import pathlib
import random
import sys

import numpy
import torch
from safetensors.torch import save_file

OUTPUT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2] / "tests/golden/weights")


def ramp(shape, dtype=torch.float32):
    count = 1
    for size in shape:
        count *= size
    return torch.arange(count, dtype=torch.float64).reshape(shape).to(dtype)


def every_type():
    types = dict(f64=torch.float64, f32=torch.float32, f16=torch.float16, bf16=torch.bfloat16, i64=torch.int64,
                 i32=torch.int32, i16=torch.int16, i8=torch.int8, u8=torch.uint8, boolean=torch.bool)
    return collections.OrderedDict((name, ramp((2, 3), dtype)) for name, dtype in types.items())


def views():
    base = ramp((4, 6))
    return {
        "base": base,
        "rows": base[1:3],
        "columns": base[:, 2:4],
        "transposed": base.t(),
        "every_second": base[::2, ::3],
        "expanded": ramp((1, 3)).expand(4, 3),
        "scalar": torch.tensor(7.0),
        "empty": torch.zeros(0, 5),
        "permuted": ramp((2, 3, 4), torch.int64).permute(2, 0, 1),
    }


class Network(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(1, 2, 3)
        self.norm = torch.nn.BatchNorm2d(2)
        for name, parameter in self.named_parameters():
            parameter.data = ramp(parameter.shape)
        self.norm.num_batches_tracked.fill_(5)


class Stage(enum.Enum):
    WARM_UP = 1


def training_checkpoint(state):
    """What scripts put beside the weights; more of it are tensors than one would think."""
    network = Network()
    optimizer = torch.optim.Adam(network.parameters(), lr=0.1)
    network.norm(network.conv(ramp((1, 1, 4, 4)))).sum().backward()
    optimizer.step()
    return {
        "args": argparse.Namespace(lr=numpy.float64(0.1), data=pathlib.Path("data"), device=torch.device("cpu")),
        "best": numpy.float32(0.5), "classes": numpy.array(["a", "b"]), "confusion": numpy.arange(4.0).reshape(2, 2),
        "meters": collections.defaultdict(list, loss=[0.5]), "counts": collections.Counter("aab"),
        "started": datetime.datetime(2020, 1, 2), "took": datetime.timedelta(seconds=3), "stage": Stage.WARM_UP,
        "frozen": {"stem", "layer1"}, "tags": frozenset([1]), "momentum": 1 + 2j, "slice": slice(1, 2), "big": 10**30,
        "bytes": b"abc", "buffer": bytearray(b"abc"), "python_rng": random.Random(0).getstate(), "fraction": fractions.Fraction(1, 3),
        "torch_rng": torch.arange(16, dtype=torch.uint8), "size": torch.Size([1, 2]), "dtype": torch.float16,
        "layout": torch.strided, "activation": functools.partial(torch.nn.functional.leaky_relu, negative_slope=0.1),
        "spectrum": torch.ones(2, dtype=torch.complex64), "small": torch.ones(2).to(torch.float8_e4m3fn),
        "sparse": torch.eye(2).to_sparse(), "quantized": torch.quantize_per_tensor(torch.ones(2), 0.5, 0, torch.qint8),
        "optimizer": optimizer.state_dict(), "state_dict": state,
    }


class Ensemble(torch.nn.Module):
    """Modules inside of modules, one of them twice; buffers that are not saved; attributes that are no parameters."""

    def __init__(self):
        super().__init__()
        self.first = torch.nn.Sequential(Network(), torch.nn.ReLU())
        self.again = self.first[0]
        self.scale = torch.nn.Parameter(ramp((3,)))
        self.register_buffer("cache", torch.ones(7), persistent=False)
        self.register_buffer("mean", ramp((2,)))
        self.register_parameter("absent", None)
        self.loose = torch.ones(5)


def save(name, value, **options):
    torch.save(value, OUTPUT / name, **options)


def main():
    OUTPUT.mkdir(parents=True, exist_ok=True)
    for protocol in (2, 3, 4, 5):
        save(f"types_protocol{protocol}.pt", every_type(), pickle_protocol=protocol)
    save("types_legacy.pt", every_type(), _use_new_zipfile_serialization=False)
    save("views.pt", views())
    save("views_legacy.pt", views(), _use_new_zipfile_serialization=False)
    state = Network().state_dict()
    save("network.pt", state)
    save("parameters.pt", dict(Network().named_parameters()))
    save("checkpoint.pt", {"epoch": 3, "arch": "tiny", "state_dict_ema": {k: v + 1 for k, v in state.items()},
                           "state_dict": state, "history": [0.5, 0.25], "best": None, "size": torch.Size([1, 2])})
    save("ema.pt", {"state_dict_ema": state, "epoch": 3})
    save("nested.pt", {"model": {"state_dict": state, "step": 1}})
    save("data_parallel.pt", {"module._orig_mod." + key: value for key, value in state.items()})
    save("module_object.pt", torch.nn.Linear(2, 2))
    training = training_checkpoint(state)
    for protocol in (2, 3, 4, 5):
        save(f"training_protocol{protocol}.pt", training, pickle_protocol=protocol)
    save("training_legacy.pt", training, _use_new_zipfile_serialization=False)
    for protocol in (2, 4):
        save(f"ensemble_protocol{protocol}.pt", Ensemble(), pickle_protocol=protocol)
    # Before 1.6 classes went with their source: here without this machine's paths and PyTorch's own text.
    torch.serialization.get_source_lines_and_file = lambda kind, *_: ([f"class {kind.__name__}: ..."], 0, "network.py")
    save("ensemble_legacy.pt", {"epoch": 1, "model": torch.nn.DataParallel(Ensemble())}, _use_new_zipfile_serialization=False)
    save("ensemble_state.pt", Ensemble().state_dict())
    save("default_dict.pt", collections.defaultdict(None, state))
    save("complex.pt", {"c": torch.ones(2, dtype=torch.complex64)})
    save("complex_legacy.pt", {"c": torch.ones(2, dtype=torch.complex64)}, _use_new_zipfile_serialization=False)
    save("float8.pt", {"small": torch.ones(2).to(torch.float8_e4m3fn)})
    save("sparse.pt", {"s": torch.eye(2).to_sparse()})
    save("numpy_arrays.pt", {name: value.numpy() for name, value in state.items()})
    save("unsigned.pt", {"u16": ramp((2, 3), torch.uint16), "u32": ramp((2, 3), torch.uint32),
                         "u64": ramp((2, 3), torch.uint64)})
    save("quantized.pt", {"q": torch.quantize_per_tensor(ramp((2, 3)), 0.5, 0, torch.qint8)})
    torch.jit.save(torch.jit.script(torch.nn.Linear(2, 2)), OUTPUT / "script.pt")
    save_file(every_type(), OUTPUT / "types.safetensors", metadata={"format": "pt"})


main()
