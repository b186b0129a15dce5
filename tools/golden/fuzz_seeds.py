#!/usr/bin/env python3
"""Writes the seeds of fuzz/corpus that PyTorch makes: small state dicts as zip files without checksums, as legacy files,
and their pickles alone, with storages of 32 bytes each as fuzz/pytorch_pickle.cpp gives them. Needs torch."""
import argparse
import collections
import io
import pathlib
import zipfile

import torch

CORPUS = pathlib.Path(__file__).parents[2] / "fuzz/corpus"


def write(harness, name, data):
    (CORPUS / harness).mkdir(parents=True, exist_ok=True)
    (CORPUS / harness / name).write_bytes(data)


def saved(value, **options):
    buffer = io.BytesIO()
    torch.save(value, buffer, **options)
    return buffer.getvalue()


def pickle_of(value, protocol):
    with zipfile.ZipFile(io.BytesIO(saved(value, pickle_protocol=protocol))) as archive:
        return archive.read("archive/data.pkl")


torch.serialization.set_crc32_options(False)
weight = torch.arange(6.0).reshape(2, 3)
prefix = {"module.a": weight, "module.b": weight.t(), "module.c": weight.half()}
wrapper = {"epoch": 1, "state_dict": {"a": torch.nn.Parameter(weight)}}
write("pytorch_zip", "prefix", saved(prefix))
write("pytorch_zip", "wrapper", saved(wrapper, pickle_protocol=4))
write("pytorch_zip", "unsigned", saved({"a": weight.to(torch.uint16), "b": torch.arange(2) > 0}, pickle_protocol=3))
write("pytorch_legacy", "wrapper", saved(wrapper, _use_new_zipfile_serialization=False))
write("pytorch_legacy", "prefix", saved(prefix, _use_new_zipfile_serialization=False, pickle_protocol=4))

torch.serialization.set_crc32_options(True)
floats = torch.arange(8.0)
module = torch.nn.Sequential(collections.OrderedDict(a=torch.nn.Linear(2, 4, bias=False), b=torch.nn.ReLU()))
checkpoint = {"model": {"a": floats.reshape(2, 4), "b": floats[2:6:2]}, "args": argparse.Namespace(lr=0.1), "s": {1}}
write("pytorch_pickle", "checkpoint2", pickle_of(checkpoint, 2))
write("pytorch_pickle", "checkpoint4", pickle_of(checkpoint, 4))
write("pytorch_pickle", "prefix", pickle_of({"module.a": torch.nn.Parameter(floats), "module.b": floats.t()}, 5))
write("pytorch_pickle", "module", pickle_of(module, 2))
