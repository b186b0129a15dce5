#!/usr/bin/env python3
"""Writes tests/golden/weights: small files of torch.save and safetensors, as PyTorch itself makes them.

Usage: pytorch_files.py [OUTPUT]. Needs torch, safetensors and numpy.
Each number follows from its index, so that the tests know what to expect without a second file.
"""
import collections
import pathlib
import sys

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
    save("unsigned.pt", {"u16": ramp((2, 3), torch.uint16), "u32": ramp((2, 3), torch.uint32),
                         "u64": ramp((2, 3), torch.uint64)})
    save("quantized.pt", {"q": torch.quantize_per_tensor(ramp((2, 3)), 0.5, 0, torch.qint8)})
    torch.jit.save(torch.jit.script(torch.nn.Linear(2, 2)), OUTPUT / "script.pt")
    save_file(every_type(), OUTPUT / "types.safetensors", metadata={"format": "pt"})


main()
