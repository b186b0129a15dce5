#!/usr/bin/env python3
"""Writes the zip seeds of fuzz/corpus/pytorch_pickle: small state dicts without checksums. Needs torch."""
import pathlib

import torch

OUTPUT = pathlib.Path(__file__).parents[2] / "fuzz/corpus/pytorch_pickle"

torch.serialization.set_crc32_options(False)
weight = torch.arange(6.0).reshape(2, 3)
torch.save({"module.a": weight, "module.b": weight.t(), "module.c": weight.half()}, OUTPUT / "prefix_zip")
torch.save({"epoch": 1, "state_dict": {"a": torch.nn.Parameter(weight)}}, OUTPUT / "wrapper_zip", pickle_protocol=4)
torch.save({"a": weight.to(torch.uint16), "b": torch.arange(2) > 0}, OUTPUT / "unsigned_zip", pickle_protocol=3)
