"""Small TensorFlow.js graph models and what TensorFlow computes with them: tests/golden/tensorflow/NAME/.

Usage: python tools/golden/tensorflow_graphs.py        (needs tensorflow, safetensors)

Each model is made and run by TensorFlow, and written as TensorFlow.js's converter writes graphs: `model.json` with the GraphDef as
JSON, its constants in one shard. Convolutions with what follows are replaced by the fused ones that the converter makes of them. Beside
it, values.safetensors has "input" and the outputs by their names. Weights come from a seed. tests/parity/tensorflow_graphs_test.cpp runs
the same files.
"""
import base64
import json
import pathlib
import shutil

import numpy as np
import tensorflow as tf
from google.protobuf import json_format
from safetensors.numpy import save_file

ROOT = pathlib.Path(__file__).resolve().parents[2] / "tests/golden/tensorflow"
ops = tf.raw_ops
random = np.random.default_rng(19)


def weight(*shape):
    return tf.constant(random.uniform(-0.5, 0.5, shape).astype(np.float32))


def windows(x):
    """Odd and even sizes under each padding, stride and dilation."""
    out = {}
    kernel = weight(3, 3, 4, 5)
    for stride in (1, 2):
        for padding in ("SAME", "VALID"):
            name = f"conv_{padding}_{stride}".lower()
            out[name] = ops.Conv2D(input=x, filter=kernel, strides=[1, stride, stride, 1], padding=padding, name=name)
    out["conv_explicit"] = ops.Conv2D(input=x, filter=kernel, strides=[1, 2, 1, 1], padding="EXPLICIT",
                                      explicit_paddings=[0, 0, 1, 0, 2, 1, 0, 0], name="conv_explicit")
    out["conv_dilated"] = ops.Conv2D(input=x, filter=kernel, strides=[1, 1, 1, 1], padding="SAME", dilations=[1, 2, 2, 1],
                                     name="conv_dilated")
    out["conv_groups"] = ops.Conv2D(input=x, filter=weight(3, 2, 2, 6), strides=[1, 1, 1, 1], padding="SAME", name="conv_groups")
    out["depthwise"] = ops.DepthwiseConv2dNative(input=x, filter=weight(5, 5, 4, 2), strides=[1, 2, 2, 1], padding="SAME",
                                                 name="depthwise")
    padded = ops.Pad(input=x, paddings=[[0, 0], [1, 2], [0, 1], [0, 0]])
    out["padded_conv"] = ops.AddV2(x=ops.Conv2D(input=padded, filter=kernel, strides=[1, 2, 2, 1], padding="VALID"), y=weight(5),
                                   name="padded_conv")
    lowest = ops.PadV2(input=x, paddings=[[0, 0], [1, 1], [1, 1], [0, 0]], constant_values=np.float32(np.finfo(np.float32).min))
    out["padded_max"] = ops.MaxPool(input=lowest, ksize=[1, 3, 3, 1], strides=[1, 2, 2, 1], padding="VALID", name="padded_max")
    zeros = ops.Pad(input=x, paddings=[[0, 0], [1, 1], [1, 1], [0, 0]])
    out["padded_average"] = ops.AvgPool(value=zeros, ksize=[1, 3, 3, 1], strides=[1, 2, 2, 1], padding="VALID", name="padded_average")
    out["average"] = ops.AvgPool(value=x, ksize=[1, 3, 3, 1], strides=[1, 2, 2, 1], padding="SAME", name="average")
    out["largest"] = ops.MaxPool(input=x, ksize=[1, 2, 3, 1], strides=[1, 2, 2, 1], padding="SAME", name="largest")
    out["norm"] = ops.FusedBatchNormV3(x=x, scale=weight(4), offset=weight(4), mean=weight(4), variance=tf.constant(random.uniform(0.5, 1.5, 4).astype(np.float32)),
                                       epsilon=1e-3, is_training=False, name="norm").y
    for name, activation in (("fused_relu6", tf.nn.relu6), ("fused_leaky", lambda v: tf.nn.leaky_relu(v, 0.1))):
        made = ops.BiasAdd(value=ops.Conv2D(input=x, filter=kernel, strides=[1, 2, 2, 1], padding="SAME", name=name + "/conv"),
                           bias=weight(5), name=name + "/bias")
        out[name] = activation(made)
    made = ops.DepthwiseConv2dNative(input=x, filter=weight(3, 3, 4, 1), strides=[1, 1, 1, 1], padding="SAME", name="fused_relu/conv")
    out["fused_relu"] = ops.Relu(features=ops.BiasAdd(value=made, bias=weight(4), name="fused_relu/bias"))
    return out


def sizes(x):
    out = {}
    for corners, centres in ((False, False), (True, False), (False, True)):
        for size in ([14, 12], [3, 3], [11, 4]):
            word = f"{'corners' if corners else 'centres' if centres else 'plain'}_{size[0]}_{size[1]}"
            options = {"images": x, "size": size, "align_corners": corners, "half_pixel_centers": centres}
            out["bilinear_" + word] = ops.ResizeBilinear(**options, name="bilinear_" + word)
            out["nearest_" + word] = ops.ResizeNearestNeighbor(**options, name="nearest_" + word)
    return out


def layout(x):
    """Values that are turned, joined, cut and turned back."""
    turned = ops.Transpose(x=x, perm=[0, 3, 1, 2])  # (1, 4, 7, 6)
    across = ops.Transpose(x=x, perm=[0, 2, 1, 3])
    out = {
        "turned_twice": ops.Transpose(x=ops.Transpose(x=turned, perm=[0, 2, 3, 1]), perm=[0, 2, 1, 3]),
        "added": ops.AddV2(x=turned, y=weight(4, 1, 1)),
        "of_two_orders": ops.Mul(x=ops.Relu(features=across), y=ops.Transpose(x=turned, perm=[0, 3, 2, 1])),
        "by_channel": ops.Mul(x=x, y=weight(4)),
        "joined": ops.ConcatV2(values=[turned, ops.Neg(x=turned)], axis=1),
        "rows": ops.Reshape(tensor=turned, shape=[1, 4, -1]),
        "mirrored": ops.MirrorPad(input=x, paddings=[[0, 0], [2, 1], [1, 3], [0, 0]], mode="REFLECT"),
        "around": ops.PadV2(input=x, paddings=[[0, 0], [2, 1], [1, 0], [0, 1]], constant_values=np.float32(0.5)),
        "part": ops.StridedSlice(input=x, begin=[0, 1, 0, 1], end=[0, 0, -1, 0], strides=[1, 2, 1, 1], begin_mask=1, end_mask=3,
                                 shrink_axis_mask=8),
        "slice": ops.Slice(input=turned, begin=[0, 1, 2, 0], size=[1, 2, -1, 3]),
        "wider": ops.ExpandDims(input=ops.Squeeze(input=turned, axis=[0]), axis=-1),
        "packed": ops.Pack(values=[x, ops.Abs(x=x)], axis=1),
        "averages": ops.Mean(input=x, axis=[1, 2], keep_dims=False),
        "averages_kept": ops.Mean(input=x, axis=[1, 2], keep_dims=True),
        "largest_of_rows": ops.Max(input=turned, axis=[-1], keep_dims=False),
        "sums": ops.Sum(input=x, axis=[0, 3], keep_dims=True),
        "softmax": ops.Softmax(logits=x),
        "softmax_turned": ops.Softmax(logits=turned),
    }
    for i, part in enumerate(ops.SplitV(value=turned, size_splits=[1, 3], axis=1, num_split=2)):
        out[f"parts_{i}"] = ops.Sigmoid(x=part)
    for i, part in enumerate(ops.Split(axis=3, value=x, num_split=2)):
        out[f"halves_{i}"] = ops.Tanh(x=part)
    return out


def numbers(x):
    """Arithmetic, places and their indices."""
    flat = ops.Reshape(tensor=x, shape=[1, 168])
    best = ops.TopKV2(input=flat, k=9, sorted=True)
    whole = ops.Cast(x=ops.Mul(x=flat, y=np.float32(20)), DstT=tf.int32)
    shape = ops.SparseToDense(sparse_indices=np.array([[1], [2]], np.int64), output_shape=np.array([3], np.int64),
                              sparse_values=np.array([7, 24], np.int32), default_value=np.int32(1))
    dense = ops.BiasAdd(value=ops.MatMul(a=ops.Mean(input=x, axis=[1, 2], keep_dims=False), b=weight(4, 6), name="dense/product"),
                        bias=weight(6), name="dense/bias")
    fine = {"leaky": ops.LeakyRelu(features=x, alpha=0.3), "elu": ops.Elu(features=x), "selu": ops.Selu(features=x),
            "softplus": ops.Softplus(features=x), "squares": ops.SquaredDifference(x=x, y=weight(4)), "rsqrt": ops.Rsqrt(x=x * x + 1.0),
            "exp": ops.Exp(x=x), "rounded": ops.Round(x=x * 10.0), "smaller": ops.Minimum(x=x, y=np.float32(0.1)),
            "larger": ops.Maximum(x=x, y=weight(4)), "divided": ops.RealDiv(x=x, y=weight(4) + 2.0)}
    return fine | {
        "best": best.values, "best_places": ops.Cast(x=best.indices, DstT=tf.float32),
        "floor_div": ops.Cast(x=ops.FloorDiv(x=whole, y=np.int32(7)), DstT=tf.float32),
        "floor_mod": ops.Cast(x=ops.FloorMod(x=whole, y=np.int32(7)), DstT=tf.float32),
        "floor_div_of_reals": ops.FloorDiv(x=x, y=np.float32(0.3)), "floor_mod_of_reals": ops.FloorMod(x=x, y=np.float32(0.3)),
        "gathered": ops.GatherV2(params=ops.Reshape(tensor=x, shape=[42, 4]), indices=ops.Reshape(tensor=best.indices // 4, shape=[9]),
                                 axis=0),
        "peaks": ops.Mul(x=x, y=ops.Cast(x=ops.Equal(x=x, y=ops.MaxPool(input=x, ksize=[1, 3, 3, 1], strides=[1, 1, 1, 1],
                                                                       padding="SAME")), DstT=tf.float32)),
        "as_told": ops.Reshape(tensor=x, shape=shape), "dense": ops.Relu(features=dense), "product": ops.MatMul(a=flat, b=weight(168, 3)),
        "hard_sigmoid": ops.Mul(x=np.float32(0.1666259765625), y=ops.Relu6(features=ops.AddV2(x=x * 4.0, y=np.float32(3)))),
    }


FUSED = {"Conv2D": "_FusedConv2D", "DepthwiseConv2dNative": "FusedDepthwiseConv2dNative", "MatMul": "_FusedMatMul"}


def fused(nodes, name, activation):
    """NAME/conv (or product), NAME/bias and what follows in one node, as the converter's pass makes it."""
    by_name = {node["name"]: node for node in nodes}
    layer = by_name.get(name + "/conv") or by_name[name + "/product"]
    bias = by_name[name + "/bias"]
    last = next(node for node in nodes if (node.get("input") or [""])[0] == bias["name"])
    word = lambda text: base64.b64encode(text.encode()).decode()
    layer["op"] = FUSED[layer["op"]]
    layer["input"].append(bias["input"][1])
    layer["attr"] |= {"fused_ops": {"list": {"s": [word("BiasAdd"), word(activation)]}}, "num_args": {"i": "1"}}
    if activation == "LeakyRelu":
        layer["attr"]["leakyrelu_alpha"] = last["attr"]["alpha"]
    for node in (bias, last):
        nodes.remove(node)
    for node in nodes:
        node["input"] = [layer["name"] if name == last["name"] else name for name in node.get("input", [])]


def write(name, make, fusions=()):
    folder = ROOT / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    values = random.uniform(-1, 1, (1, 7, 6, 4)).astype(np.float32)
    with tf.Graph().as_default() as graph, tf.compat.v1.Session(graph=graph) as session:
        x = tf.compat.v1.placeholder(tf.float32, values.shape, "input")
        outputs = {key: ops.Identity(input=value, name="out_" + key) for key, value in make(x).items()}
        results = session.run(outputs, {x: values})
        definition = json_format.MessageToDict(graph.as_graph_def(), preserving_proto_field_name=True)
        constants = {op.name: session.run(op.outputs[0]) for op in graph.get_operations() if op.type == "Const"}
    nodes = definition["node"]
    for fusion in fusions:
        fused(nodes, *fusion)
    weights, shard = [], b""
    for node in nodes:
        if node["op"] != "Const":
            continue
        del node["attr"]["value"]
        value = constants[node["name"]]
        if value.dtype == np.int64:
            value = value.astype(np.int32)
        weights.append({"name": node["name"], "shape": list(value.shape), "dtype": {"f": "float32", "i": "int32"}[value.dtype.kind]})
        shard += value.tobytes()
    signature = {"outputs": {f"out_{key}:0": {"name": f"out_{key}:0"} for key in outputs}}
    model = {"format": "graph-model", "generatedBy": tf.version.VERSION, "signature": signature, "modelTopology": {"node": nodes},
             "weightsManifest": [{"paths": ["weights.bin"], "weights": weights}]}
    (folder / "model.json").write_text(json.dumps(model, separators=(",", ":")))
    (folder / "weights.bin").write_bytes(shard)
    save_file({"input": values, **{f"out_{key}": np.asarray(value, np.float32) for key, value in results.items()}},
              folder / "values.safetensors")


if __name__ == "__main__":
    write("windows", windows, [("fused_relu6", "Relu6"), ("fused_leaky", "LeakyRelu"), ("fused_relu", "Relu")])
    write("sizes", sizes)
    write("layout", layout)
    write("numbers", numbers, [("dense", "Relu")])
