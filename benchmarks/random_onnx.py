"""Writes a copy of an ONNX file whose weights are random, to learn what transfer is worth.

Usage: python benchmarks/random_onnx.py FILE OUTPUT [SEED]     (needs onnx)

Matrices and kernels (Constant nodes or initializers of two dimensions and more) are drawn as He et al. 2015 have it; what else the
file holds, biases, scales and statistics among it, begins as a new network's: 0 or 1.
"""
import math
import sys

import numpy as np
import onnx
from onnx import numpy_helper


def drawn(tensor, rng, is_norm):
    array = numpy_helper.to_array(tensor)
    if array.dtype != np.float32 or array.size < 8:
        return
    if array.ndim == 1:
        array = np.full_like(array, is_norm)
    else:
        fan = array.shape[0] if array.ndim == 2 else int(np.prod(array.shape[1:]))
        array = rng.normal(0, math.sqrt(2 / fan), array.shape).astype(np.float32)
    tensor.CopyFrom(numpy_helper.from_array(array, tensor.name))


def main():
    model, rng = onnx.load(sys.argv[1]), np.random.default_rng(int(sys.argv[3]) if len(sys.argv) > 3 else 0)
    ones = set()
    for node in model.graph.node:
        if node.op_type == "BatchNormalization":
            ones |= {node.input[1], node.input[4]}
        if node.op_type == "Mul":
            ones |= set(node.input)
    for node in model.graph.node:
        if node.op_type == "Constant" and node.attribute[0].name == "value":
            drawn(node.attribute[0].t, rng, float(node.output[0] in ones))
    for tensor in model.graph.initializer:
        drawn(tensor, rng, float(tensor.name in ones))
    onnx.save(model, sys.argv[2])


if __name__ == "__main__":
    main()
