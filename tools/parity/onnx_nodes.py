"""Holds the ONNX reader against the node tests of the PyPI package `onnx`, and makes the table in docs/operators.md.

Usage: python tools/parity/onnx_nodes.py BUILD            runs all node tests, rewrites docs/operators.md
       python tools/parity/onnx_nodes.py --golden         writes the small part that tools/test runs
(needs onnx, numpy, safetensors; BUILD is a build directory with tests/test_parity)

A case is a model of one operator, its inputs and the outputs it must give, made by the package's own reference code.
Each goes through the reader, the exporter and the forward engine (tests/parity/onnx_nodes_test.cpp) and must be equal
within the test's own tolerances. Inputs that say how (shapes, axes, pads, sizes) become constants of the model: a
network's shapes follow from its constants here.
"""
import collections
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import warnings

import numpy as np
import onnx
import onnx.backend.test.case.node
import onnx.version_converter
from onnx import numpy_helper
from safetensors.numpy import save_file

ROOT = pathlib.Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "golden" / "onnx" / "nodes.safetensors"
TABLE = ROOT / "docs" / "operators.md"
OLDEST, NEWEST = 7, 22
GOLDEN_BYTES = 1200  # a case of the small part, at most
GOLDEN_EACH = 1  # cases of an operator in the small part

# Slots that say how an operator works; the rest is data.
SETTINGS = {
    "Reshape": [1], "Expand": [1], "Tile": [1], "ConstantOfShape": [0], "Range": [0, 1, 2], "Slice": [1, 2, 3, 4],
    "Squeeze": [1], "Unsqueeze": [1], "Pad": [1, 2, 3], "Split": [1], "TopK": [1], "Resize": [1, 2, 3], "OneHot": [1],
    "Upsample": [1], "CumSum": [1], "Trilu": [1], "Dropout": [1, 2],
} | {f"Reduce{kind}": [1] for kind in ("L1", "L2", "LogSum", "LogSumExp", "Max", "Mean", "Min", "Prod", "Sum", "SumSquare")}
HELD = {np.dtype(t) for t in ("f8", "f4", "f2", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1", "?")}


def operators():
    """The names in the tables of the reader's sources, each once."""
    names = set()
    for file in (ROOT / "enxerto" / "graph").glob("infer_*.cpp"):
        names |= set(re.findall(r'InferRow\{"(\w+)"', file.read_text()))
    for file in (ROOT / "enxerto" / "onnx").glob("upgrade_*.cpp"):
        names |= set(re.findall(r'UpgradeRow\{"(\w+)"', file.read_text()))
    return sorted(names)


def opset_of(model):
    return max([entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx")] or [0])


def arrays(values):
    """Scalars and protobufs as arrays; what is none of these stays."""
    return [numpy_helper.to_array(v) if isinstance(v, onnx.TensorProto) else np.asarray(v)
            if isinstance(v, (np.generic, np.ndarray)) else v for v in values]


def reason_against(case, names):
    """Why a case does not concern the reader; None where it does."""
    model = case.model
    if any(node.domain not in ("", "ai.onnx") for node in model.graph.node):
        return "another domain"
    if unknown := {node.op_type for node in model.graph.node} - set(names):
        return "operator " + ", ".join(sorted(unknown))
    for values in case.data_sets[0]:
        for value in arrays(values):
            if not isinstance(value, np.ndarray):
                return "a sequence or an optional value"
            if value.dtype not in HELD:
                return f"element type {value.dtype}"
            if value.size == 0:
                return "an empty tensor"
    for info in list(model.graph.input) + list(model.graph.output):
        if info.type.tensor_type.elem_type == onnx.TensorProto.BFLOAT16:
            return "numpy has no bfloat16"
    if any(name in case.name for name in ("training", "_with_mask", "with_argmax", "mask")) and \
            model.graph.node[0].op_type in ("BatchNormalization", "Dropout", "MaxPool"):
        return "training mode"
    if model.graph.node[0].op_type == "LayerNormalization" and len(case.data_sets[0][1]) > 1:
        return "training outputs"
    return None


def lowered(model):
    """The model in an opset that is read; None where the package cannot say it in one."""
    opset = opset_of(model)
    if OLDEST <= opset <= NEWEST:
        return model
    try:
        return onnx.version_converter.convert_version(model, NEWEST if opset > NEWEST else OLDEST)
    except Exception:  # the converter gives whatever its C++ side throws
        return None


def with_settings(model, inputs):
    """Inputs that are settings become initializers."""
    fixed = {node.input[slot] for node in model.graph.node for slot in SETTINGS.get(node.op_type, [])
             if slot < len(node.input)}
    kept = []
    for info, value in zip(list(model.graph.input), inputs):
        if info.name in fixed:
            model.graph.initializer.append(numpy_helper.from_array(value, info.name))
            model.graph.input.remove(info)
        else:
            kept.append(value)
            if len(model.graph.node) == 1 and model.graph.node[0].op_type in ("Shape", "Size"):  # else the answer is known and the input not used
                for i, dim in enumerate(info.type.tensor_type.shape.dim):
                    dim.dim_param = f"d{i}"
    return kept


def collect():
    warnings.filterwarnings("ignore")
    names = operators()
    cases, aside = {}, collections.defaultdict(collections.Counter)
    for case in onnx.backend.test.case.node.collect_testcases(None):
        op = re.sub(r"_expanded.*", "", case.name) if "_expanded" in case.name else None
        head = "(functions written out)" if op else case.model.graph.node[0].op_type
        reason = reason_against(case, names)
        model = lowered(case.model) if reason is None else None
        if reason is None and model is None:
            reason = f"opset {opset_of(case.model)}"
        if reason:
            if head in names or op:
                aside[head][reason] += 1
            continue
        inputs, outputs = map(arrays, case.data_sets[0])
        inputs = with_settings(model, inputs)
        cases[case.name] = (head, model, inputs, outputs, case.rtol, case.atol)
    return names, cases, aside


def write(cases, path):
    tensors = {}
    for name, (_, model, inputs, outputs, rtol, atol) in cases.items():
        tensors[f"{name}/model"] = np.frombuffer(model.SerializeToString(), dtype=np.uint8)
        tensors[f"{name}/tolerance"] = np.array([rtol, atol], dtype=np.float64)
        for kind, values in (("input", inputs), ("output", outputs)):
            for i, value in enumerate(values):
                tensors[f"{name}/{kind}{i}"] = np.ascontiguousarray(value).reshape(value.shape)
    save_file(tensors, path)


def size_of(case):
    return len(case[1].SerializeToString()) + sum(value.nbytes for value in case[2] + case[3])


def write_golden():
    _, cases, _ = collect()
    chosen, count = {}, collections.Counter()
    for name, case in sorted(cases.items(), key=lambda item: size_of(item[1])):
        if "one_input" in name or name == "test_einsum_scalar":  # nothing to compute, which the engine does not run
            continue
        if count[case[0]] < GOLDEN_EACH and size_of(case) <= GOLDEN_BYTES and not case[0].startswith("("):
            chosen[name] = case
            count[case[0]] += 1
    GOLDEN.parent.mkdir(parents=True, exist_ok=True)
    write(dict(sorted(chosen.items())), GOLDEN)
    print(len(chosen), "cases of", len(count), "operators,", GOLDEN.stat().st_size, "bytes")


def run(build, cases):
    """Name -> the failure's text, "" where it passed. A case that ends the program is named, and the rest run again."""
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        data = pathlib.Path(folder) / "nodes.safetensors"
        write(cases, data)
        environment = os.environ | {"ENXERTO_ONNX_NODES": str(data), "ENXERTO_ENGINE_DIR": str(pathlib.Path(build) / "lib")}
        while len(results) < len(cases):
            done = ":".join(f"*/{name}" for name in results)
            text = subprocess.run([pathlib.Path(build) / "tests" / "test_parity", f"--gtest_filter=*OnnxNode*-{done}"],
                                  capture_output=True, text=True, env=environment).stdout
            before = len(results)
            for part in text.split("[ RUN      ] ")[1:]:
                name = part.split("\n")[0].split("/")[-1].split()[0]
                results[name] = "" if "[       OK ]" in part else part.split("\n", 1)[-1].split("[  FAILED  ]")[0]
                if "[       OK ]" not in part and "[  FAILED  ]" not in part:
                    results[name] = "ended the program: " + results[name]
            assert len(results) > before, text[-2000:]
    return results


def table(names, cases, aside, results):
    rows = collections.defaultdict(lambda: [0, [], []])
    for name, (head, *_) in cases.items():
        failure = results[name]
        if failure == "":
            rows[head][0] += 1
        else:
            refused = "with description" in failure and "the engine" not in failure
            rows[head][1 if refused else 2].append(name.removeprefix("test_"))
    lines = []
    for op in names + ["(functions written out)"]:
        passed, refused, failed = rows[op]
        outside = "; ".join(f"{count} {reason}" for reason, count in sorted(aside[op].items()))
        name = op if op.startswith("(") else f"`{op}`"
        lines.append(f"| {name} | {passed} | {', '.join(refused)} | {', '.join(failed)} | {outside} |")
    return lines, [sum(r[0] for r in rows.values())] + [sum(len(r[i]) for r in rows.values()) for i in (1, 2)]


def main(words):
    if words == ["--golden"]:
        return write_golden()
    names, cases, aside = collect()
    results = run(words[0], cases)
    lines, (passed, refused, failed) = table(names, cases, aside, results)
    text = TABLE.read_text()
    begin, end = "<!-- made by tools/parity/onnx_nodes.py -->\n", "<!-- end -->"
    head, tail = text.split(begin)[0], text.split(end)[1]
    summary = (f"Package `onnx` {onnx.__version__}: {passed} cases pass, {refused} are refused by name, {failed} fail in the engine, "
               f"{sum(sum(c.values()) for c in aside.values())} do not concern the reader.\n\n")
    TABLE.write_text(head + begin + summary + "| operator | pass | refused | fail | not applicable |\n"
                     "|---|---|---|---|---|\n" + "\n".join(lines) + "\n" + end + tail)
    for name, failure in results.items():
        if failure:
            print(name, "::", failure[:300].replace("\n", " "))
    print(passed, "pass,", refused, "refused,", failed, "fail")


if __name__ == "__main__":
    main(sys.argv[1:])
