"""Writes tests/golden/pretrained/line_reader.onnx and .json: a small network that reads lines, and what it answers.

Usage: python tools/golden/line_reader.py     (needs onnx, onnxruntime, opencv-python)

The network has what PP-OCR's recogniser has, 16 px high and with random weights: strides in both directions, depthwise
convolutions, a gate of averages (squeeze and excitation), a pooling, attention over the line, layer normalisation, and a head
of nine units whose characters stand in the metadata. Lines are pictures of a formula, brought to the network by OpenCV and NumPy
as rapidocr does it, each alone; answers are ONNX Runtime's.
"""
import json
import pathlib

import cv2
import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "tests/golden/pretrained"
HEIGHT, WIDTH, HEADS, UNITS = 16, 16, 2, 9
CHARACTERS = "abcdeã€"


def made_picture(width, height):
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    return (x // 6 * 7919 % 199 + y * 3 + c * 31 & 255).astype(np.uint8)


class Net:
    def __init__(self, seed):
        self.rng, self.nodes, self.count = np.random.default_rng(seed), [], 0

    def name(self):
        self.count += 1
        return f"v{self.count}"

    def constant(self, array):
        name = self.name()
        self.nodes.append(helper.make_node("Constant", [], [name], name, value=numpy_helper.from_array(array)))
        return name

    def weights(self, *shape, fan=None):
        return self.constant((self.rng.normal(size=shape) * (2 / (fan or np.prod(shape[1:]))) ** 0.5).astype(np.float32))

    def add(self, op, *inputs, **attributes):
        name = self.name()
        self.nodes.append(helper.make_node(op, list(inputs), [name], name, **attributes))
        return name

    def conv(self, x, out, of, kernel, strides, group=1):
        pads = [kernel[0] // 2, kernel[1] // 2] * 2
        return self.add("Conv", x, self.weights(out, of // group, *kernel),
                        self.constant((self.rng.normal(size=out) * 0.3).astype(np.float32)), kernel_shape=kernel, strides=strides,
                        pads=pads, group=group)

    def ints(self, *values):
        return self.constant(np.array(values, np.int64))

    def number(self, value):
        return self.constant(np.array(value, np.float32))


def network():
    net = Net(18)
    x = net.add("Relu", net.conv("x", 8, 3, [3, 3], [2, 2]))
    x = net.add("Relu", net.conv(x, 8, 8, [5, 5], [2, 1], group=8))
    gate = net.add("GlobalAveragePool", x)
    x = net.add("Mul", x, net.add("Sigmoid", net.conv(gate, 8, 8, [1, 1], [1, 1])))
    x = net.add("Relu", net.conv(x, WIDTH, 8, [3, 3], [1, 2]))
    x = net.add("AveragePool", x, kernel_shape=[4, 2], strides=[4, 2])
    x = net.add("Add", x, net.add("Sigmoid", net.conv(x, WIDTH, WIDTH, [1, 3], [1, 1])))
    x = net.add("Transpose", net.add("Squeeze", x, axes=[2]), perm=[0, 2, 1])
    centred = net.add("Sub", x, net.add("ReduceMean", x, axes=[-1]))
    variance = net.add("ReduceMean", net.add("Mul", centred, centred), axes=[-1])
    x = net.add("Div", centred, net.add("Sqrt", net.add("Add", variance, net.number(1e-5))))
    length = net.add("Slice", net.add("Shape", x), net.ints(1), net.ints(2), net.ints(0))
    parts = net.add("MatMul", x, net.weights(WIDTH, 3 * WIDTH, fan=8))
    shape = net.add("Concat", net.ints(0), length, net.ints(3), net.ints(HEADS), net.ints(WIDTH // HEADS), axis=0)
    parts = net.add("Transpose", net.add("Reshape", parts, shape), perm=[2, 0, 3, 1, 4])
    q, k, v = (net.add("Squeeze", net.add("Slice", parts, net.ints(i), net.ints(i + 1), net.ints(0)), axes=[0])
               for i in range(3))
    scores = net.add("MatMul", q, net.add("Transpose", k, perm=[0, 1, 3, 2]))
    mixed = net.add("MatMul", net.add("Softmax", scores, axis=3), v)
    back = net.add("Concat", net.ints(0), length, net.ints(WIDTH), axis=0)
    x = net.add("Add", x, net.add("Reshape", net.add("Transpose", mixed, perm=[0, 2, 1, 3]), back))
    logits = net.add("Add", net.add("MatMul", x, net.weights(WIDTH, UNITS, fan=0.5)), net.weights(UNITS, fan=2))
    answer = net.add("Softmax", logits, axis=2)
    graph = helper.make_graph(
        net.nodes, "lines", [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 3, HEIGHT, "w"])],
        [helper.make_tensor_value_info(answer, TensorProto.FLOAT, ["n", "t", UNITS])])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 12)], ir_version=8)
    helper.set_model_props(model, {"character": "\n".join(CHARACTERS)})
    onnx.checker.check_model(model)
    return model


def prepared(picture, least=320):
    height, width = picture.shape[:2]
    columns = int(HEIGHT * max(width / height, least / HEIGHT))
    line = cv2.resize(picture[:, :, ::-1].copy(), (min(columns, int(np.ceil(HEIGHT * width / height))), HEIGHT))
    out = np.zeros((1, 3, HEIGHT, columns), np.float32)
    out[0, :, :, :line.shape[1]] = (line.astype(np.float32).transpose(2, 0, 1) / 255 - 0.5) / 0.5
    return out


def main():
    model = network()
    onnx.save(model, FOLDER / "line_reader.onnx")
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    cases = []
    for width, height in ((150, 11), (400, 16), (700, 31), (1301, 40), (331, 16), (333, 16), (334, 16), (20, 30)):
        line = prepared(made_picture(width, height))
        (answer,) = session.run(None, {"x": line})
        labels = answer[0].argmax(1)
        begins = [i for i in range(len(labels)) if labels[i] and (i == 0 or labels[i] != labels[i - 1])]
        letters = [""] + list(CHARACTERS) + [" "]
        cases.append({"width": width, "height": height, "columns": line.shape[3], "frames": answer.shape[1],
                      "text": "".join(letters[labels[i]] for i in begins),
                      "score": round(float(np.mean([answer[0, i].max() for i in begins])) if begins else 0, 6)})
    (FOLDER / "line_reader.json").write_text(json.dumps(cases, indent=1, ensure_ascii=False) + "\n")
    print([len(case["text"]) for case in cases], model.ByteSize())


if __name__ == "__main__":
    main()
