"""Writes what reference implementations say of classes of pixels.

tests/golden/heads/pixels.safetensors, by ONNX Runtime: of scores (2, 4, 3, 5), targets (2, 12, 10) with pixels that have no
class (-1) and weights of the classes: loss, of SoftmaxCrossEntropyLoss (ignore_index -1, mean) behind Resize (linear,
half_pixel); weighted_loss, the sum of the same with weights, over the number of pixels that have a class; classes, ArgMax of
the first scores resized to 7 x 13.

tests/golden/metrics/pixels.txt, by numpy: made maps of 6 pictures of several sizes, 5 classes of which one is nowhere and one
is predicted only, 255 for pixels that do not count. Numbers separated by white space: pictures classes; of each picture height
and width, then its truth and its prediction, row by row; then miou, pixel_accuracy, mean_accuracy, mean_dice,
frequency_weighted_iou, and miou_all, the plain mean of the IoU of all classes; then of each
class IoU, Dice, accuracy (-1: not a number). The confusion matrix is that of torchvision's references/segmentation/utils.py,
the means are those of `mean_iou` in Hugging Face's evaluate (numpy.nanmean).
"""
import pathlib

import numpy as np
import onnxruntime
from onnx import TensorProto, helper

from plain_safetensors import save

GOLDEN = pathlib.Path(__file__).resolve().parents[2] / "tests" / "golden"


def run(nodes, inputs, output, dtype):
    types = {np.dtype(np.float32): TensorProto.FLOAT, np.dtype(np.int64): TensorProto.INT64}
    graph = helper.make_graph(
        nodes,
        "golden",
        [helper.make_tensor_value_info(name, types[array.dtype], array.shape) for name, array in inputs.items()],
        [helper.make_tensor_value_info(output, dtype, None)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run([output], inputs)[0]


def resize():
    return helper.make_node(
        "Resize", ["scores", "", "", "size"], ["resized"], mode="linear", axes=[2, 3], coordinate_transformation_mode="half_pixel"
    )


def heads(rng):
    scores = (rng.standard_normal((2, 4, 3, 5)) * 2).astype(np.float32)
    target = rng.integers(0, 4, (2, 12, 10))
    target[rng.random(target.shape) < 0.2] = -1
    weights = np.array([0.5, 1, 3, 0.25], dtype=np.float32)
    size = np.array(target.shape[1:], dtype=np.int64)
    inputs = {"scores": scores, "size": size, "target": target}
    mean = helper.make_node("SoftmaxCrossEntropyLoss", ["resized", "target"], ["loss"], ignore_index=-1, reduction="mean")
    weighted = helper.make_node(
        "SoftmaxCrossEntropyLoss", ["resized", "target", "weights"], ["loss"], ignore_index=-1, reduction="sum"
    )
    loss = run([resize(), mean], inputs, "loss", TensorProto.FLOAT)
    total = run([resize(), weighted], inputs | {"weights": weights}, "loss", TensorProto.FLOAT)
    highest = helper.make_node("ArgMax", ["resized"], ["classes"], axis=1, keepdims=0)
    own = {"scores": scores[:1], "size": np.array([7, 13], dtype=np.int64)}
    classes = run([resize(), highest], own, "classes", TensorProto.INT64)
    save(
        GOLDEN / "heads" / "pixels.safetensors",
        {
            "scores": scores,
            "target": target,
            "weights": weights,
            "loss": np.array([loss], dtype=np.float32),
            "weighted_loss": np.array([total / (target >= 0).sum()], dtype=np.float32),
            "classes": classes[0],
        },
    )


def confusion(truth, found, classes):
    known = (truth >= 0) & (truth < classes)
    return np.bincount(classes * truth[known].astype(np.int64) + found[known], minlength=classes**2).reshape(classes, classes)


def metrics(rng):
    classes, matrix, pictures = 5, 0, []
    for i in range(6):
        height, width = rng.integers(4, 9, 2)
        truth = rng.integers(0, 3, (height, width))
        found = np.where(rng.random(truth.shape) < 0.6, truth, rng.integers(0, 4, truth.shape))
        truth[rng.random(truth.shape) < 0.1] = 255
        pictures.append((truth, found))
        matrix = matrix + confusion(truth, found, classes)
    right, there, found = np.diag(matrix).astype(np.float64), matrix.sum(1).astype(np.float64), matrix.sum(0)
    with np.errstate(invalid="ignore"):
        iou, dice, accuracy = right / (there + found - right), 2 * right / (there + found), right / there
    figures = [np.nanmean(iou), right.sum() / there.sum(), np.nanmean(accuracy), np.nanmean(dice), np.nansum(there / there.sum() * iou)]
    number = lambda value: "-1" if np.isnan(value) else repr(float(value))
    with (GOLDEN / "metrics" / "pixels.txt").open("w") as file:
        print(len(pictures), classes, file=file)
        for truth, said in pictures:
            print(*truth.shape, file=file)
            for numbers in (truth, said):
                for row in numbers:
                    print(*row, file=file)
        print(*map(number, [*figures, iou.mean()]), file=file)
        for row in zip(iou, dice, accuracy):
            print(*map(number, row), file=file)


def main():
    rng = np.random.default_rng(8)
    heads(rng)
    metrics(rng)


if __name__ == "__main__":
    main()
