#!/usr/bin/env python3
"""Writes tests/golden/weights/gguf: types.gguf, a tensor of each type that is read and a value of each type of metadata,
as the package gguf writes them (llama.cpp's gguf-py), and types.f32, what its `dequantize` makes of the tensors, one
after the other in the order of the file.

Usage: gguf_files.py [OUTPUT]     (needs gguf 0.19, numpy)

Blocks are random bytes, so that every bit of them counts; their float16 scales are finite, some of them subnormal.
"""
import pathlib
import sys

import gguf
import numpy as np
from gguf import GGMLQuantizationType as Type, GGUFValueType as Value

OUTPUT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else
                      pathlib.Path(__file__).parents[2] / "tests/golden/weights/gguf")
# Where float16 scales lie in a block.
SCALES = {Type.Q4_0: [0], Type.Q4_1: [0, 2], Type.Q8_0: [0], Type.Q4_K: [0, 2], Type.Q6_K: [208]}


def blocks(random, kind, rows):
    """Two blocks a row."""
    size = gguf.GGML_QUANT_SIZES[kind][1]
    stored = random.integers(0, 256, (rows * 2, size), dtype=np.uint8)
    for at in SCALES[kind]:
        scale = (random.standard_normal(rows * 2) * 0.02).astype(np.float16)
        scale[0] = np.float16(3e-6)
        stored[:, at:at + 2] = scale.view(np.uint8).reshape(-1, 2)
    return stored.reshape(rows, 2 * size)


def main():
    OUTPUT.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(7)
    writer = gguf.GGUFWriter(OUTPUT / "types.gguf", "types")
    for kind, value in {Value.UINT8: 200, Value.INT8: -100, Value.UINT16: 60000, Value.INT16: -30000,
                        Value.UINT32: 4000000000, Value.INT32: -2000000000, Value.FLOAT32: 0.1, Value.BOOL: True,
                        Value.STRING: "naïve", Value.UINT64: 2**64 - 1, Value.INT64: -2**63, Value.FLOAT64: 0.1}.items():
        writer.add_key_value(f"value.{kind.name.lower()}", value, kind)
    writer.add_array("list.texts", ["a", "", "ç"])
    writer.add_array("list.numbers", [1, -2, 3])
    writer.add_array("list.fractions", [0.5, 0.25])
    writer.add_array("list.flags", [True, False])
    writer.add_array("list.lists", [[1, 2], [3]])
    numbers = [0.1, -0.0, 65504.0, 1e-7, 3.0, -2.5]
    tensors = {
        "f32": (np.array(numbers, np.float32).reshape(2, 3), Type.F32),
        "f16": (np.array(numbers, np.float16).reshape(3, 1, 2), Type.F16),
        "bf16": (gguf.quants.quantize(np.array([numbers], np.float32), Type.BF16), Type.BF16),
        "q4_0": (blocks(random, Type.Q4_0, 3), Type.Q4_0),
        "q4_1": (blocks(random, Type.Q4_1, 3), Type.Q4_1),
        "q8_0": (blocks(random, Type.Q8_0, 3), Type.Q8_0),
        "q4_k": (blocks(random, Type.Q4_K, 1), Type.Q4_K),
        "q6_k": (blocks(random, Type.Q6_K, 1), Type.Q6_K),
    }
    for name, (values, kind) in tensors.items():
        writer.add_tensor(name, values, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    read = gguf.GGUFReader(OUTPUT / "types.gguf")
    with np.errstate(over="ignore"):
        found = [gguf.quants.dequantize(tensor.data, tensor.tensor_type).astype(np.float32) for tensor in read.tensors]
    (OUTPUT / "types.f32").write_bytes(b"".join(values.tobytes() for values in found))


if __name__ == "__main__":
    main()
